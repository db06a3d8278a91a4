//! The best weights of a run, and the last weights that gave a finite loss.

use burn::tensor::Device;
use pinhole_protocol::{EpochRecord, NetworkPlan};

use super::run_state::{BestEpoch, BestWeightsState};
use crate::{EngineError, network::Autoencoder};

/// Snapshots of the network, which share its buffers until the next step replaces them.
#[derive(Debug)]
pub(super) struct BestWeights {
    best: Option<BestSnapshot>,
    /// Weights that gave a finite loss.
    last_finite: Autoencoder,
    /// Weights whose own loss is not known yet: a step with a finite loss can end in non-finite weights.
    unverified: Autoencoder,
    epochs_without_improvement: usize,
}

/// Weights of the best epoch so far.
#[derive(Debug)]
pub(super) struct BestSnapshot {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    score: f32,
    pub network: Autoencoder,
}

impl BestWeights {
    pub fn new(start: Autoencoder) -> Self {
        Self { best: None, last_finite: start.clone(), unverified: start, epochs_without_improvement: 0 }
    }

    /// Restores the state of another run.
    pub fn restore(&mut self, state: &BestWeightsState, plan: &NetworkPlan, device: &Device) {
        self.best = state.best.as_ref().map(|BestEpoch { epoch, score, weights }| BestSnapshot {
            epoch: *epoch,
            score: *score,
            network: Autoencoder::from_weights(plan, weights.clone(), device),
        });
        self.epochs_without_improvement = state.epochs_without_improvement;
    }

    /// State for a checkpoint.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn state(&self, plan: &NetworkPlan) -> Result<BestWeightsState, EngineError> {
        let best = match &self.best {
            Some(BestSnapshot { epoch, score, network }) => {
                Some(BestEpoch { epoch: *epoch, score: *score, weights: network.read_weights(plan).await? })
            }
            None => None,
        };
        Ok(BestWeightsState { best, epochs_without_improvement: self.epochs_without_improvement })
    }

    /// Records that of `read` losses the first `finite` were finite; `current` returns the network after the last of
    /// them.
    pub fn record_losses(&mut self, finite: usize, read: usize, current: impl FnOnce() -> Autoencoder) {
        if finite > 0 {
            let next = if finite == read { current() } else { self.unverified.clone() };
            self.last_finite = std::mem::replace(&mut self.unverified, next);
        }
    }

    /// Records a finished epoch; `current` returns its network.
    pub fn record_epoch(&mut self, record: EpochRecord, current: impl FnOnce() -> Autoencoder) {
        let (epoch, score) = (record.epoch, record.selection_loss());
        if self.best.as_ref().is_none_or(|best| score < best.score) {
            self.best = Some(BestSnapshot { epoch, score, network: current() });
            self.epochs_without_improvement = 0;
        } else {
            self.epochs_without_improvement += 1;
        }
    }

    /// Epochs since the best one.
    pub const fn epochs_without_improvement(&self) -> usize {
        self.epochs_without_improvement
    }

    /// Weights of the best epoch; `None` before the first is over.
    pub const fn best(&self) -> Option<&BestSnapshot> {
        self.best.as_ref()
    }

    /// The last weights that gave a finite loss.
    pub const fn last_finite(&self) -> &Autoencoder {
        &self.last_finite
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Tensor;
    use pinhole_protocol::NetworkSpec;

    use super::*;

    /// A network with weights of its own for each seed.
    fn network(seed: u64) -> Autoencoder {
        Autoencoder::new(&NetworkSpec::default().plan().expect("valid"), seed, &Device::flex())
    }

    fn mean_output(network: &Autoencoder) -> f32 {
        network.forward(Tensor::zeros([1, 784], &Device::flex())).mean().into_scalar()
    }

    fn assert_same(one: &Autoencoder, other: &Autoencoder) {
        assert_eq!(mean_output(one).to_bits(), mean_output(other).to_bits());
    }

    #[test]
    fn weights_are_last_finite_once_they_gave_a_finite_loss() {
        let mut best_weights = BestWeights::new(network(0));
        best_weights.record_losses(2, 2, || network(1));
        assert_same(best_weights.last_finite(), &network(0));
        best_weights.record_losses(1, 1, || network(2));
        assert_same(best_weights.last_finite(), &network(1));
        best_weights.record_losses(0, 2, || network(3));
        assert_same(best_weights.last_finite(), &network(1));
    }

    #[test]
    fn a_later_non_finite_loss_verifies_the_weights_before_it() {
        let mut best_weights = BestWeights::new(network(0));
        best_weights.record_losses(1, 1, || network(1));
        best_weights.record_losses(1, 2, || network(2));
        assert_same(best_weights.last_finite(), &network(1));
    }

    fn record(best_weights: &mut BestWeights, epoch: usize, score: f32) {
        let epoch_record = EpochRecord { epoch, train_loss: 9.0, validation_loss: Some(score) };
        best_weights.record_epoch(epoch_record, || network(epoch as u64));
    }

    fn best(best_weights: &BestWeights) -> &BestSnapshot {
        best_weights.best().expect("an epoch is over")
    }

    #[test]
    fn the_best_epoch_is_kept_and_patience_counted() {
        let mut best_weights = BestWeights::new(network(0));
        assert!(best_weights.best().is_none());
        for (epoch, score, epochs_since) in [(1, 0.5, 0), (2, 0.4, 0), (3, 0.4, 1), (4, 0.6, 2), (5, 0.3, 0)] {
            record(&mut best_weights, epoch, score);
            assert_eq!(best_weights.epochs_without_improvement(), epochs_since);
        }
        assert_eq!(best(&best_weights).epoch, 5);
        assert_same(&best(&best_weights).network, &network(5));
    }

    #[test]
    fn a_restored_state_continues_the_search() {
        let plan = NetworkSpec::default().plan().expect("valid");
        let mut best_weights = BestWeights::new(network(0));
        record(&mut best_weights, 1, 0.4);
        record(&mut best_weights, 2, 0.5);
        let state = pollster::block_on(best_weights.state(&plan)).expect("the CPU does not fail");
        let mut next = BestWeights::new(network(7));
        next.restore(&state, &plan, &Device::flex());
        record(&mut next, 3, 0.45);
        assert_eq!((best(&next).epoch, next.epochs_without_improvement()), (1, 2));
        assert_same(&best(&next).network, &network(1));
        record(&mut next, 4, 0.3);
        assert_eq!((best(&next).epoch, next.epochs_without_improvement()), (4, 0));
    }
}
