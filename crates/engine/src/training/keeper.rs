//! Weights worth keeping: the best so far, and the last that were surely sound.

use burn::tensor::Device;
use pinhole_protocol::{EpochRecord, NetworkPlan};

use super::{BestEpoch, KeeperState};
use crate::{EngineError, network::Autoencoder};

/// Keeps snapshots. They share the network's buffers until the next step replaces those.
#[derive(Debug)]
pub(super) struct Keeper {
    best: Option<Best>,
    /// Gave a finite loss.
    sound: Autoencoder,
    /// Came out of finite losses, but gave none yet: a step can end in weights that are no numbers.
    untried: Autoencoder,
    epochs_without_improvement: usize,
}

/// The best epoch so far.
#[derive(Debug)]
pub(super) struct Best {
    /// Counted from 1.
    pub epoch: usize,
    score: f32,
    pub network: Autoencoder,
}

impl Keeper {
    pub fn new(start: Autoencoder) -> Self {
        Self { best: None, sound: start.clone(), untried: start, epochs_without_improvement: 0 }
    }

    /// Goes on with what another keeper knew.
    pub fn resume(&mut self, state: &KeeperState, plan: &NetworkPlan, device: &Device) {
        self.best = state.best.as_ref().map(|BestEpoch { epoch, score, weights }| Best {
            epoch: *epoch,
            score: *score,
            network: Autoencoder::from_weights(plan, weights.clone(), device),
        });
        self.epochs_without_improvement = state.epochs_without_improvement;
    }

    /// What it knows.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn state(&self, plan: &NetworkPlan) -> Result<KeeperState, EngineError> {
        let best = match &self.best {
            Some(Best { epoch, score, network }) => {
                Some(BestEpoch { epoch: *epoch, score: *score, weights: network.read_weights(plan).await? })
            }
            None => None,
        };
        Ok(KeeperState { best, epochs_without_improvement: self.epochs_without_improvement })
    }

    /// Notes that of `read` losses the first `sound` were finite, and the network after the last of them.
    pub fn note_losses(&mut self, sound: usize, read: usize, now: impl FnOnce() -> Autoencoder) {
        if sound > 0 {
            let next = if sound == read { now() } else { self.untried.clone() };
            self.sound = std::mem::replace(&mut self.untried, next);
        }
    }

    /// Notes an epoch.
    pub fn note_epoch(&mut self, record: EpochRecord, now: impl FnOnce() -> Autoencoder) {
        let (epoch, score) = (record.epoch, record.selection_loss());
        if self.best.as_ref().is_none_or(|best| score < best.score) {
            self.best = Some(Best { epoch, score, network: now() });
            self.epochs_without_improvement = 0;
        } else {
            self.epochs_without_improvement += 1;
        }
    }

    /// Epochs since the best one.
    pub const fn epochs_without_improvement(&self) -> usize {
        self.epochs_without_improvement
    }

    /// The best epoch; `None` before one is over.
    pub const fn best(&self) -> Option<&Best> {
        self.best.as_ref()
    }

    /// The last weights that gave a finite loss.
    pub const fn sound(&self) -> &Autoencoder {
        &self.sound
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Tensor;
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

    fn note(keeper: &mut Keeper, epoch: usize, score: f32) {
        let record = EpochRecord { epoch, train_loss: 9.0, validation_loss: Some(score) };
        keeper.note_epoch(record, || network(epoch as u64));
    }

    fn best(keeper: &Keeper) -> &Best {
        keeper.best().expect("an epoch is over")
    }

    #[test]
    fn the_best_epoch_is_kept_and_patience_counted() {
        let mut keeper = Keeper::new(network(0));
        assert!(keeper.best().is_none());
        for (epoch, score, stale) in [(1, 0.5, 0), (2, 0.4, 0), (3, 0.4, 1), (4, 0.6, 2), (5, 0.3, 0)] {
            note(&mut keeper, epoch, score);
            assert_eq!(keeper.epochs_without_improvement(), stale);
        }
        assert_eq!(best(&keeper).epoch, 5);
        assert_same(&best(&keeper).network, &network(5));
    }

    #[test]
    fn another_keeper_goes_on_with_what_this_one_knows() {
        let plan = NetworkSpec::default().plan().expect("valid");
        let mut keeper = Keeper::new(network(0));
        note(&mut keeper, 1, 0.4);
        note(&mut keeper, 2, 0.5);
        let state = pollster::block_on(keeper.state(&plan)).expect("the CPU does not fail");
        let mut next = Keeper::new(network(7));
        next.resume(&state, &plan, &Device::flex());
        note(&mut next, 3, 0.45);
        assert_eq!((best(&next).epoch, next.epochs_without_improvement()), (1, 2));
        assert_same(&best(&next).network, &network(1));
        note(&mut next, 4, 0.3);
        assert_eq!((best(&next).epoch, next.epochs_without_improvement()), (4, 0));
    }
}
