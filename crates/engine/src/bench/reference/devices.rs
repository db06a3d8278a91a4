//! Comparison of one experiment on two devices, with the same weights, samples and random numbers.

use pinhole_protocol::{Agreement, DataSpec, DevicePreference, Experiment, ImageSource, Schedule, TrainingStart};

use super::agreement::{compare_tensor, empty};
use crate::{
    Compute, EngineError, Model, data,
    training::{RunAdvance, Start, StepLosses, TrainingRun},
};

/// Samples per step: few, for WebGPU on a software adapter.
const BATCH_SIZE: usize = 4;
/// The losses of the second step show the weights after the first.
const STEPS: usize = 2;

/// Compares the losses of two steps of `experiment`, term by term, on `compute` with those on the CPU. If `start` needs
/// a current model, it is an untrained one of the default experiment.
///
/// # Errors
/// When the experiment cannot be trained on built-in digits, or the device fails.
pub async fn compare_devices(
    experiment: Experiment,
    start: TrainingStart,
    compute: &Compute,
) -> Result<Agreement, EngineError> {
    let experiment = Experiment {
        data: DataSpec { source: ImageSource::Strokes, limit: Some(BATCH_SIZE * STEPS) },
        schedule: Schedule {
            epochs: 1,
            batch_size: BATCH_SIZE,
            validation_share: 0.0,
            early_stopping: None,
            ..experiment.schedule
        },
        ..experiment
    };
    let cpu = Compute::start(DevicePreference::Cpu).await;
    // Boxed, as a run is too large for the future of every command.
    let found = Box::pin(losses(experiment.clone(), start, compute)).await?;
    let expected = Box::pin(losses(experiment, start, &cpu)).await?;
    let mut agreement = empty("the first two steps");
    compare_tensor(&mut agreement, "loss", &found.total, &expected.total, 0.0);
    for (found, expected) in found.terms.iter().zip(&expected.terms) {
        compare_tensor(&mut agreement, expected.term.label(), &found.values, &expected.values, 0.0);
    }
    Ok(agreement)
}

async fn losses(experiment: Experiment, start: TrainingStart, compute: &Compute) -> Result<StepLosses, EngineError> {
    let current = Model::untrained(String::new(), Experiment::default().check()?, compute);
    let start = Start::new(start, Some(&current))?;
    let samples = data::strokes(experiment.seed, BATCH_SIZE * STEPS);
    let mut run = TrainingRun::new(compute, experiment.check()?, &samples, start)?;
    let mut losses = StepLosses::default();
    loop {
        match run.advance().await? {
            RunAdvance::BatchDone { losses: later } => losses.extend(later),
            RunAdvance::EpochDone(_) | RunAdvance::Warned(_) => {}
            RunAdvance::Ended(_) => return Ok(losses),
        }
    }
}
