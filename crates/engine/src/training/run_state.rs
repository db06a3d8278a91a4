//! What a run needs besides its model to be taken up as if it had never stopped.

use super::optimiser::HostMemory;
use crate::network::NetworkWeights;

/// Most weights of a network whose run is kept with it: what is kept is then some 100 MB at most, every few seconds.
pub(crate) const MOST_WEIGHTS: u64 = 4_000_000;

/// Everything, on the host.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunState {
    /// What learns.
    pub learner: LearnerState,
    /// What is worth keeping of it.
    pub keeper: KeeperState,
}

/// Where learning stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LearnerState {
    /// The weights as the last step left them, where the model's are their moving average.
    pub latest: Option<NetworkWeights>,
    /// What the optimisers remember of each tensor of the plan, laid out as Burn has it; `None` of those that never took
    /// a step.
    pub memories: Vec<Option<HostMemory>>,
}

/// Where the search for the best epoch stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeeperState {
    /// The best epoch so far.
    pub best: Option<BestEpoch>,
    /// Epochs since then.
    pub epochs_without_improvement: usize,
}

/// An epoch, and what it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct BestEpoch {
    /// Counted from 1.
    pub epoch: usize,
    /// The lower the better.
    pub score: f32,
    pub weights: NetworkWeights,
}

impl RunState {
    /// Whether every number is one: a file holds no others.
    pub fn is_finite(&self) -> bool {
        let best = self.keeper.best.iter().flat_map(|best| &best.weights);
        let moments = self.learner.memories.iter().flatten().flat_map(|memory| &memory.moments);
        let tensors = best.chain(self.learner.latest.iter().flatten()).chain(moments);
        tensors.flatten().all(|value| value.is_finite())
    }
}
