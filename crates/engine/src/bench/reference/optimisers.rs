//! Comparison of an optimiser with its reference: the weights after each of several given gradients.

use burn::{
    module::{Module, Param},
    optim::GradientsParams,
    tensor::{Device, Tensor},
};
use pinhole_protocol::{Agreement, Schedule};

use super::{
    agreement::{compare_tensor, empty},
    fixture,
};
use crate::{
    EngineError,
    read_back::read,
    training::{OptimiserStates, optimiser},
};

/// The parameters are the schedule's fields that differ from their defaults.
type Case<'a> = fixture::Case<'a, Schedule>;

/// The module that is trained.
#[derive(Module, Debug)]
struct Weights {
    matrix: Param<Tensor<2>>,
}

/// Compares the weights after every step.
pub(super) async fn compare(case: &Case<'_>, device: &Device) -> Result<Agreement, EngineError> {
    let schedule = case.spec;
    let mut weights = Weights { matrix: Param::from_tensor(case.rows("start", device)?) }.train();
    let mut optimiser = optimiser(schedule, &OptimiserStates::default());
    let mut agreement = empty(case.name);
    let [rows, columns] = weights.matrix.dims();
    // [steps x rows, columns]
    let all_gradients = case.rows("gradients", device)?;
    for (step, expected) in case.values("steps")?.chunks(rows * columns).enumerate() {
        let mut gradients = GradientsParams::new();
        gradients.register(weights.matrix.id, all_gradients.clone().narrow(0, step * rows, rows));
        weights = optimiser.step(f64::from(schedule.learning_rate), weights, gradients);
        let found = read(weights.matrix.val().inner()).await?;
        compare_tensor(&mut agreement, &format!("step {step}"), &found, expected, 0.0);
    }
    Ok(agreement)
}
