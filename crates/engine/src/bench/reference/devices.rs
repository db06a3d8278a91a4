//! Comparison of one experiment on two devices, with the same weights, samples and random numbers.

use pinhole_protocol::{
    Agreement, DataSpec, DevicePreference, Experiment, ImageSource, Optimiser, Schedule, TrainingStart,
};

use super::agreement::{compare_tensor, empty};
use crate::{
    Compute, EngineError, Model, data,
    training::{RunAdvance, Start, StepLosses, TrainingRun},
};

/// Samples per step: few, for WebGPU on a software adapter.
const BATCH_SIZE: usize = 4;
/// The losses of the second step show the weights after the first.
const STEPS: usize = 2;
/// Learning rate of the step of gradient descent whose weights are compared, so large that the step is about as long as
/// the weights: gradients are about 1e-4, weights 0.03. Adam would not do: its first step is the learning rate times the
/// sign of the gradient, and where the gradient is 0 but for rounding the sign is random on either device.
const DESCENT_RATE: f32 = 100.0;

/// Compares two steps of `experiment` on `compute` with those on the CPU, term by term of the loss; and the weights
/// after one step of gradient descent, tensor by tensor. If `start` needs a current model, it is an untrained one of the
/// default experiment.
///
/// # Errors
/// When the experiment cannot be trained on built-in digits, or the device fails.
pub async fn compare_devices(
    experiment: Experiment,
    start: TrainingStart,
    compute: &Compute,
) -> Result<Agreement, EngineError> {
    let cpu = Compute::start(DevicePreference::Cpu).await;
    let mut agreement = empty("the first two steps");

    let optimised = short_run(&experiment, STEPS, &experiment.schedule);
    // Boxed, as a run is too large for the future of every command.
    let (_, found) = Box::pin(trained(optimised.clone(), start, compute)).await?;
    let (_, expected) = Box::pin(trained(optimised, start, &cpu)).await?;
    compare_tensor(&mut agreement, "loss", &found.total, &expected.total, 0.0);
    for (found, expected) in found.terms.iter().zip(&expected.terms) {
        compare_tensor(&mut agreement, expected.term.label(), &found.values, &expected.values, 0.0);
    }

    let descent = Schedule {
        optimiser: Optimiser::Sgd { momentum: 0.0 },
        learning_rate: DESCENT_RATE,
        ..experiment.schedule.clone()
    };
    let descended = short_run(&experiment, 1, &descent);
    let (found, _) = Box::pin(trained(descended.clone(), start, compute)).await?;
    let (expected, _) = Box::pin(trained(descended, start, &cpu)).await?;
    let plan = expected.experiment().plan();
    let found = found.network().read_weights(plan).await?;
    let expected = expected.network().read_weights(plan).await?;
    for ((tensor, found), expected) in plan.tensors().iter().zip(&found).zip(&expected) {
        compare_tensor(&mut agreement, &tensor.name, found, expected, 0.0);
    }
    Ok(agreement)
}

/// The experiment with so many steps of built-in digits.
fn short_run(experiment: &Experiment, steps: usize, schedule: &Schedule) -> Experiment {
    Experiment {
        data: DataSpec { source: ImageSource::Strokes, limit: Some(BATCH_SIZE * steps) },
        schedule: Schedule {
            epochs: 1,
            batch_size: BATCH_SIZE,
            validation_share: 0.0,
            early_stopping: None,
            ..schedule.clone()
        },
        ..experiment.clone()
    }
}

/// Model after the run, and the losses of its steps.
async fn trained(
    experiment: Experiment,
    start: TrainingStart,
    compute: &Compute,
) -> Result<(Model, StepLosses), EngineError> {
    let current = Model::untrained(String::new(), Experiment::default().check()?, compute);
    let start = Start::new(start, Some(&current))?;
    let samples = data::strokes(experiment.seed, experiment.data.limit.unwrap_or_default());
    let mut run = TrainingRun::new(compute, experiment.check()?, &samples, start)?;
    let mut losses = StepLosses::default();
    loop {
        match run.advance().await? {
            RunAdvance::BatchDone { losses: later } => losses.extend(later),
            RunAdvance::EpochDone(_) | RunAdvance::Warned(_) => {}
            RunAdvance::Ended(_) => return Ok((run.into_model(String::new()), losses)),
        }
    }
}
