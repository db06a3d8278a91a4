//! One optimiser: where given gradients lead it, step by step.

use burn::{
    module::{Module, Param},
    optim::GradientsParams,
    tensor::{Device, Tensor},
};
use pinhole_protocol::{Agreement, Schedule};

use super::{
    agreement::{note, unseen},
    fixture, read,
};
use crate::{
    EngineError,
    training::{OptimiserStates, optimiser},
};

/// Those fields of the schedule that are not their defaults.
type Case<'a> = fixture::Case<'a, Schedule>;

/// What learns.
#[derive(Module, Debug)]
struct Weights {
    matrix: Param<Tensor<2>>,
}

/// Compares the weights after every step.
pub(super) async fn compare(case: &Case<'_>, device: &Device) -> Result<Agreement, EngineError> {
    let schedule = case.head;
    let mut weights = Weights { matrix: Param::from_tensor(case.rows("start", device)?) }.train();
    let mut optimiser = optimiser(schedule, &OptimiserStates::default());
    let mut agreement = unseen(case.name);
    let [rows, columns] = weights.matrix.dims();
    // [steps x rows, columns]
    let all_gradients = case.rows("gradients", device)?;
    for (step, expected) in case.values("steps")?.chunks(rows * columns).enumerate() {
        let mut gradients = GradientsParams::new();
        gradients.register(weights.matrix.id, all_gradients.clone().narrow(0, step * rows, rows));
        weights = optimiser.step(f64::from(schedule.learning_rate), weights, gradients);
        let found = read(weights.matrix.val().inner()).await?;
        note(&mut agreement, &format!("step {step}"), &found, expected, 0.0);
    }
    Ok(agreement)
}
