//! One experiment on two devices: the same weights, samples and draws.

use pinhole_protocol::{Agreement, DataSpec, DevicePreference, Experiment, ImageSource, Schedule, TrainingStart};

use super::agreement::{note, unseen};
use crate::{
    Compute, EngineError, Model, data,
    training::{Advance, Start, StepLosses, TrainingRun},
};

/// As few as software WebGPU can take.
const BATCH: usize = 4;
/// The losses of the second show what the first has made of the weights.
const STEPS: usize = 2;

/// Compares what two steps of `experiment` minimise, term by term, on `compute` and on the CPU. A model in hand, where
/// `start` needs one, is an untrained one of the default experiment.
///
/// # Errors
/// When the experiment cannot be trained on built-in digits, or the device fails.
pub async fn compare_devices(
    experiment: Experiment,
    start: TrainingStart,
    compute: &Compute,
) -> Result<Agreement, EngineError> {
    let experiment = Experiment {
        data: DataSpec { source: ImageSource::Strokes, limit: Some(BATCH * STEPS) },
        schedule: Schedule {
            epochs: 1,
            batch_size: BATCH,
            validation_share: 0.0,
            early_stopping: None,
            ..experiment.schedule
        },
        ..experiment
    };
    let cpu = Compute::start(DevicePreference::Cpu).await;
    // A run is large, too large for the future of every command.
    let found = Box::pin(losses(experiment.clone(), start, compute)).await?;
    let expected = Box::pin(losses(experiment, start, &cpu)).await?;
    let mut agreement = unseen("the first two steps");
    note(&mut agreement, "loss", &found.total, &expected.total, 0.0);
    for (found, expected) in found.terms.iter().zip(&expected.terms) {
        note(&mut agreement, expected.term.label(), &found.values, &expected.values, 0.0);
    }
    Ok(agreement)
}

async fn losses(experiment: Experiment, start: TrainingStart, compute: &Compute) -> Result<StepLosses, EngineError> {
    let in_hand = Model::untrained(String::new(), Experiment::default().check()?, compute);
    let start = Start::new(start, Some(&in_hand))?;
    let samples = data::strokes(experiment.seed, BATCH * STEPS);
    let mut run = TrainingRun::new(compute, experiment.check()?, &samples, start)?;
    let mut losses = StepLosses::default();
    loop {
        match run.advance().await? {
            Advance::BatchDone { losses: later } => losses.extend(later),
            Advance::EpochDone(_) | Advance::Warned(_) => {}
            Advance::Ended(_) => return Ok(losses),
        }
    }
}
