//! The state that resuming a run needs besides its model.

use super::{epoch_losses::EpochLosses, optimiser::HostOptimiserState};
use crate::network::NetworkWeights;

/// Most weights of a network whose run state is stored with it: some 100 MB at most, written every few seconds.
pub(crate) const MAX_WEIGHTS: u64 = 4_000_000;

/// State of a run, on the host.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunState {
    /// Weights and optimiser states.
    pub learner: LearnerState,
    /// Best epoch so far.
    pub best_weights: BestWeightsState,
    /// Steps done in the epoch that is not over.
    pub epoch_losses: EpochLosses,
}

/// State of the learner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LearnerState {
    /// The weights after the last step, where the model holds their moving average instead.
    pub latest: Option<NetworkWeights>,
    /// Optimiser state of each tensor of the plan, in Burn's layout; `None` for tensors that never took a step.
    pub optimiser_states: Vec<Option<HostOptimiserState>>,
}

/// State of the search for the best epoch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BestWeightsState {
    /// The best epoch so far.
    pub best: Option<BestEpoch>,
    /// Epochs since the best one.
    pub epochs_without_improvement: usize,
}

/// The weights of an epoch and its score.
#[derive(Clone, Debug, PartialEq)]
pub struct BestEpoch {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// [`EpochRecord::selection_loss`](pinhole_protocol::EpochRecord::selection_loss); lower is better.
    pub score: f32,
    pub weights: NetworkWeights,
}

impl RunState {
    /// True if every value is finite; a file holds no others.
    pub fn is_finite(&self) -> bool {
        let best = self.best_weights.best.iter().flat_map(|best| &best.weights);
        let moments = self.learner.optimiser_states.iter().flatten().flat_map(|memory| &memory.moments);
        let tensors = best.chain(self.learner.latest.iter().flatten()).chain(moments);
        tensors.flatten().all(|value| value.is_finite())
    }
}
