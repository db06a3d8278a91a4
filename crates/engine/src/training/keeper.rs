//! Weights worth keeping: the best so far, and the last that were surely sound.

use crate::network::Autoencoder;

/// Keeps snapshots. They share the network's buffers until the next step replaces those.
#[derive(Debug)]
pub(super) struct Keeper {
    best: Option<(f32, Autoencoder)>,
    /// Gave a finite loss.
    sound: Autoencoder,
    /// Came out of finite losses, but gave none yet: a step can end in weights that are no numbers.
    untried: Autoencoder,
    epochs_without_improvement: usize,
}

impl Keeper {
    pub fn new(start: Autoencoder) -> Self {
        Self { best: None, sound: start.clone(), untried: start, epochs_without_improvement: 0 }
    }

    /// Notes losses that were read, and the network after the last of them. Answers whether all were finite.
    pub fn note_losses(&mut self, losses: &[f32], now: impl FnOnce() -> Autoencoder) -> bool {
        let all_finite = losses.iter().all(|loss| loss.is_finite());
        if losses.first().is_some_and(|loss| loss.is_finite()) {
            let next = if all_finite { now() } else { self.untried.clone() };
            self.sound = std::mem::replace(&mut self.untried, next);
        }
        all_finite
    }

    /// Notes an epoch's score, the lower the better.
    pub fn note_epoch(&mut self, score: f32, now: impl FnOnce() -> Autoencoder) {
        if self.best.as_ref().is_none_or(|(best, _)| score < *best) {
            self.best = Some((score, now()));
            self.epochs_without_improvement = 0;
        } else {
            self.epochs_without_improvement += 1;
        }
    }

    /// Epochs since the best one.
    pub const fn epochs_without_improvement(&self) -> usize {
        self.epochs_without_improvement
    }

    /// The best epoch's weights; `None` before an epoch is over.
    pub fn best(&self) -> Option<&Autoencoder> {
        self.best.as_ref().map(|(_, network)| network)
    }

    /// The last weights that gave a finite loss.
    pub const fn sound(&self) -> &Autoencoder {
        &self.sound
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor};
    use pinhole_protocol::NetworkSpec;

    use super::*;

    /// A network that can be told from others by its seed, and the output that tells it.
    fn network(seed: u64) -> Autoencoder {
        Autoencoder::new(&NetworkSpec::default().plan().expect("valid"), seed, &Device::flex())
    }

    fn fingerprint(network: &Autoencoder) -> f32 {
        network.forward(Tensor::zeros([1, 784], &Device::flex())).mean().into_scalar()
    }

    fn assert_same(one: &Autoencoder, other: &Autoencoder) {
        assert_eq!(fingerprint(one).to_bits(), fingerprint(other).to_bits());
    }

    #[test]
    fn weights_count_as_sound_once_they_gave_a_finite_loss() {
        let mut keeper = Keeper::new(network(0));
        assert!(keeper.note_losses(&[1.0, 0.9], || network(1)));
        assert_same(keeper.sound(), &network(0));
        assert!(keeper.note_losses(&[0.8], || network(2)));
        assert_same(keeper.sound(), &network(1));
        assert!(!keeper.note_losses(&[f32::NAN, f32::NAN], || network(3)));
        assert_same(keeper.sound(), &network(1));
    }

    #[test]
    fn a_loss_that_fails_later_clears_the_weights_before_it() {
        let mut keeper = Keeper::new(network(0));
        assert!(keeper.note_losses(&[1.0], || network(1)));
        assert!(!keeper.note_losses(&[0.9, f32::INFINITY], || network(2)));
        assert_same(keeper.sound(), &network(1));
    }

    #[test]
    fn the_best_epoch_is_kept_and_patience_counted() {
        let mut keeper = Keeper::new(network(0));
        assert!(keeper.best().is_none());
        for (score, seed, stale) in [(0.5, 1, 0), (0.4, 2, 0), (0.4, 3, 1), (0.6, 4, 2), (0.3, 5, 0)] {
            keeper.note_epoch(score, || network(seed));
            assert_eq!(keeper.epochs_without_improvement(), stale);
        }
        assert_same(keeper.best().expect("epochs passed"), &network(5));
    }
}
