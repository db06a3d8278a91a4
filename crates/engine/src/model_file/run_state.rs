//! A run beside its model: in the header what can be counted, and tensors under `run.`.
//!
//! | tensor | holds |
//! |---|---|
//! | `run.latest.NAME` | the weight as the last step left it, where the model's is a moving average |
//! | `run.best.NAME` | the weight of the best epoch |
//! | `run.moment.0.NAME`, `run.moment.1.NAME` | what the optimiser remembers of it, flat |

use pinhole_numerics::tensor_file::{TensorFileError, floats};
use pinhole_protocol::TensorPlan;
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};

use crate::{
    network::NetworkWeights,
    training::{BestEpoch, HostMemory, KeeperState, LearnerState, Memory, RunState},
};

const LATEST: &str = "run.latest";
const BEST: &str = "run.best";
const MOMENT: &str = "run.moment";

/// What stands in the header.
#[derive(Deserialize, Serialize)]
pub(super) struct RunHeader {
    #[serde(default)]
    is_averaged: bool,
    best: Option<BestHeader>,
    epochs_without_improvement: usize,
    /// One for each tensor of the plan.
    memories: Vec<Option<MemoryHeader>>,
}

#[derive(Deserialize, Serialize)]
struct BestHeader {
    epoch: usize,
    score: f32,
}

#[derive(Deserialize, Serialize)]
struct MemoryHeader {
    steps: usize,
    moments: usize,
}

impl RunHeader {
    pub fn new(RunState { learner, keeper }: &RunState) -> Self {
        let memory = |memory: &HostMemory| MemoryHeader { steps: memory.steps, moments: memory.moments.len() };
        Self {
            is_averaged: learner.latest.is_some(),
            best: keeper.best.as_ref().map(|best| BestHeader { epoch: best.epoch, score: best.score }),
            epochs_without_improvement: keeper.epochs_without_improvement,
            memories: learner.memories.iter().map(|kept| kept.as_ref().map(memory)).collect(),
        }
    }

    /// Reads the tensors that the header speaks of.
    pub fn read(self, tensors: &SafeTensors, plans: &[TensorPlan]) -> Result<RunState, TensorFileError> {
        if self.memories.len() != plans.len() {
            return Err(TensorFileError::Tensor {
                name: MOMENT.into(),
                problem: format!("tells of {} tensors, and the network has {}", self.memories.len(), plans.len()),
            });
        }
        let weights = |prefix: &str| -> Result<NetworkWeights, TensorFileError> {
            plans.iter().map(|plan| floats(tensors, &named(prefix, plan), &plan.shape)).collect()
        };
        let latest = self.is_averaged.then(|| weights(LATEST)).transpose()?;
        let best = self
            .best
            .map(|BestHeader { epoch, score }| weights(BEST).map(|weights| BestEpoch { epoch, score, weights }));
        let memory = |(header, plan): (Option<MemoryHeader>, &TensorPlan)| {
            let Some(MemoryHeader { steps, moments }) = header else { return Ok(None) };
            let moments = (0..moments).map(|index| floats(tensors, &moment(index, plan), &[plan.len()]));
            Ok(Some(Memory { steps, moments: moments.collect::<Result<_, TensorFileError>>()? }))
        };
        let memories = self.memories.into_iter().zip(plans).map(memory).collect::<Result<_, TensorFileError>>()?;
        Ok(RunState {
            learner: LearnerState { latest, memories },
            keeper: KeeperState {
                best: best.transpose()?,
                epochs_without_improvement: self.epochs_without_improvement,
            },
        })
    }
}

/// Name, shape and values of every tensor of a run.
pub(super) fn tensors<'a>(
    RunState { learner, keeper }: &'a RunState,
    plans: &'a [TensorPlan],
) -> impl Iterator<Item = (String, Vec<usize>, &'a [f32])> {
    let best = keeper.best.as_ref().map(|best| (BEST, &best.weights));
    let weights = learner.latest.as_ref().map(|latest| (LATEST, latest)).into_iter().chain(best);
    let weights = weights.flat_map(|(prefix, weights)| {
        plans.iter().zip(weights).map(move |(plan, values)| (named(prefix, plan), plan.shape.clone(), &values[..]))
    });
    let remembered = plans.iter().zip(&learner.memories).flat_map(|(plan, memory)| {
        let moments = memory.iter().flat_map(|memory| memory.moments.iter().enumerate());
        moments.map(move |(index, values)| (moment(index, plan), vec![plan.len()], &values[..]))
    });
    weights.chain(remembered)
}

fn named(prefix: &str, plan: &TensorPlan) -> String {
    format!("{prefix}.{}", plan.name)
}

fn moment(index: usize, plan: &TensorPlan) -> String {
    named(&format!("{MOMENT}.{index}"), plan)
}
