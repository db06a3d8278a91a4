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
    /// As the last step left it.
    last: Option<Autoencoder>,
    epochs_without_improvement: usize,
}

impl Keeper {
    pub fn new(start: Autoencoder) -> Self {
        Self { best: None, sound: start.clone(), untried: start, last: None, epochs_without_improvement: 0 }
    }

    /// Notes that of `read` losses the first `sound` were finite, and the network after the last of them.
    pub fn note_losses(&mut self, sound: usize, read: usize, now: impl FnOnce() -> Autoencoder) {
        if sound > 0 {
            let next = if sound == read { now() } else { self.untried.clone() };
            self.sound = std::mem::replace(&mut self.untried, next);
        }
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

    /// Notes the network of the run's end. Answers the best epoch's weights; `None` before an epoch is over.
    pub fn finish(&mut self, last: Autoencoder) -> Option<Autoencoder> {
        self.last = Some(last);
        self.best.as_ref().map(|(_, network)| network.clone())
    }

    /// The network of the run's end.
    pub const fn last(&self) -> Option<&Autoencoder> {
        self.last.as_ref()
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
        keeper.note_losses(2, 2, || network(1));
        assert_same(keeper.sound(), &network(0));
        keeper.note_losses(1, 1, || network(2));
        assert_same(keeper.sound(), &network(1));
        keeper.note_losses(0, 2, || network(3));
        assert_same(keeper.sound(), &network(1));
    }

    #[test]
    fn a_loss_that_fails_later_clears_the_weights_before_it() {
        let mut keeper = Keeper::new(network(0));
        keeper.note_losses(1, 1, || network(1));
        keeper.note_losses(1, 2, || network(2));
        assert_same(keeper.sound(), &network(1));
    }

    #[test]
    fn the_best_epoch_is_kept_and_patience_counted() {
        let mut keeper = Keeper::new(network(0));
        assert!(keeper.finish(network(9)).is_none());
        for (score, seed, stale) in [(0.5, 1, 0), (0.4, 2, 0), (0.4, 3, 1), (0.6, 4, 2), (0.3, 5, 0)] {
            keeper.note_epoch(score, || network(seed));
            assert_eq!(keeper.epochs_without_improvement(), stale);
        }
        assert_same(&keeper.finish(network(6)).expect("epochs passed"), &network(5));
        assert_same(keeper.last().expect("the run is over"), &network(6));
    }
}
