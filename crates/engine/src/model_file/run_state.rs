//! State of a run in a model file: counts in the header, and tensors under `run.`.
//!
//! | tensor | holds |
//! |---|---|
//! | `run.latest.NAME` | weight after the last step, if the model's is a moving average |
//! | `run.best.NAME` | weight of the best epoch |
//! | `run.moment.0.NAME`, `run.moment.1.NAME` | moments of the optimiser, flattened |

use pinhole_numerics::tensor_file::{TensorFileError, floats};
use pinhole_protocol::TensorPlan;
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};

use crate::{
    network::NetworkWeights,
    training::{BestEpoch, BestWeightsState, EpochLosses, HostOptimiserState, LearnerState, OptimiserState, RunState},
};

const LATEST: &str = "run.latest";
const BEST: &str = "run.best";
const MOMENT: &str = "run.moment";

/// Header of a run's state.
#[derive(Deserialize, Serialize)]
pub(super) struct RunHeader {
    #[serde(default)]
    is_averaged: bool,
    best: Option<BestHeader>,
    epochs_without_improvement: usize,
    /// Steps done in the epoch that is not over; 0 in files that were written before it was kept.
    #[serde(default)]
    epoch_losses: EpochLosses,
    /// Optimiser state of each tensor of the plan.
    #[serde(rename = "memories")]
    optimiser_states: Vec<Option<OptimiserStateHeader>>,
}

#[derive(Deserialize, Serialize)]
struct BestHeader {
    epoch: usize,
    score: f32,
}

#[derive(Deserialize, Serialize)]
struct OptimiserStateHeader {
    steps: usize,
    moments: usize,
}

impl RunHeader {
    pub fn new(RunState { learner, best_weights, epoch_losses }: &RunState) -> Self {
        let header =
            |state: &HostOptimiserState| OptimiserStateHeader { steps: state.steps, moments: state.moments.len() };
        Self {
            is_averaged: learner.latest.is_some(),
            best: best_weights.best.as_ref().map(|best| BestHeader { epoch: best.epoch, score: best.score }),
            epochs_without_improvement: best_weights.epochs_without_improvement,
            epoch_losses: epoch_losses.clone(),
            optimiser_states: learner.optimiser_states.iter().map(|state| state.as_ref().map(header)).collect(),
        }
    }

    /// Reads the tensors that the header describes.
    pub fn read(self, tensors: &SafeTensors, plans: &[TensorPlan]) -> Result<RunState, TensorFileError> {
        if self.optimiser_states.len() != plans.len() {
            return Err(TensorFileError::Tensor {
                name: MOMENT.into(),
                problem: format!(
                    "describes {} tensors, and the network has {}",
                    self.optimiser_states.len(),
                    plans.len()
                ),
            });
        }
        let weights = |prefix: &str| -> Result<NetworkWeights, TensorFileError> {
            plans.iter().map(|plan| floats(tensors, &named(prefix, plan), &plan.shape)).collect()
        };
        let latest = self.is_averaged.then(|| weights(LATEST)).transpose()?;
        let best = self
            .best
            .map(|BestHeader { epoch, score }| weights(BEST).map(|weights| BestEpoch { epoch, score, weights }));
        let state = |(header, plan): (Option<OptimiserStateHeader>, &TensorPlan)| {
            let Some(OptimiserStateHeader { steps, moments }) = header else { return Ok(None) };
            let moments = (0..moments).map(|index| floats(tensors, &moment(index, plan), &[plan.len()]));
            Ok(Some(OptimiserState { steps, moments: moments.collect::<Result<_, TensorFileError>>()? }))
        };
        let optimiser_states =
            self.optimiser_states.into_iter().zip(plans).map(state).collect::<Result<_, TensorFileError>>()?;
        Ok(RunState {
            learner: LearnerState { latest, optimiser_states },
            best_weights: BestWeightsState {
                best: best.transpose()?,
                epochs_without_improvement: self.epochs_without_improvement,
            },
            epoch_losses: self.epoch_losses,
        })
    }
}

/// Name, shape and values of every tensor of a run's state.
pub(super) fn tensors<'a>(
    RunState { learner, best_weights, .. }: &'a RunState,
    plans: &'a [TensorPlan],
) -> impl Iterator<Item = (String, Vec<usize>, &'a [f32])> {
    let best = best_weights.best.as_ref().map(|best| (BEST, &best.weights));
    let weights = learner.latest.as_ref().map(|latest| (LATEST, latest)).into_iter().chain(best);
    let weights = weights.flat_map(|(prefix, weights)| {
        plans.iter().zip(weights).map(move |(plan, values)| (named(prefix, plan), plan.shape.clone(), &values[..]))
    });
    let moments = plans.iter().zip(&learner.optimiser_states).flat_map(|(plan, state)| {
        let moments = state.iter().flat_map(|state| state.moments.iter().enumerate());
        moments.map(move |(index, values)| (moment(index, plan), vec![plan.len()], &values[..]))
    });
    weights.chain(moments)
}

fn named(prefix: &str, plan: &TensorPlan) -> String {
    format!("{prefix}.{}", plan.name)
}

fn moment(index: usize, plan: &TensorPlan) -> String {
    named(&format!("{MOMENT}.{index}"), plan)
}
