//! Presets trained with their own settings on their own data, and their aims.

use std::time::Duration;

use pinhole_protocol::{Aim, Experiment, GridShape, ImageSource, Measurement, Preset};
use web_time::Instant;

use crate::{
    Compute, EngineError, Model,
    data::{self, SampleSet},
    measure::measure,
    training::{RunAdvance, Start, TrainingRun},
};

/// Number of generated digits without a limit.
const GENERATED: usize = 10_000;

/// A trained preset.
pub struct TrainedPreset {
    /// The model.
    pub model: Model,
    /// The preset's measures on held-out samples.
    pub measurements: Vec<Measurement>,
    /// Number of training steps.
    pub steps: usize,
    /// Duration of training, without drawing of the samples.
    pub duration: Duration,
}

impl TrainedPreset {
    /// Each aim of the preset with the figure that was reached, and true if that is enough.
    pub fn aims(&self, preset: &Preset) -> Vec<(Aim, f64, bool)> {
        let reached = |aim: &Aim| {
            self.measurements
                .iter()
                .find_map(|measurement| Some((*aim, aim.figure_of(measurement)?, aim.is_reached(measurement)?)))
                .unwrap_or((*aim, f64::NAN, false))
        };
        preset.aim.iter().map(reached).collect()
    }
}

/// Trains a preset. One that starts from another model starts from `current`; in place of opened pictures stand the
/// built-in real digits.
///
/// # Errors
/// When the preset needs a current model and there is none, or the device fails.
pub async fn train(preset: &Preset, current: Option<&Model>, compute: &Compute) -> Result<TrainedPreset, EngineError> {
    let experiment = preset.experiment.clone().check()?;
    let samples = samples(experiment.spec());
    let mut run = TrainingRun::new(compute, experiment, &samples, Start::new(preset.start, current)?)?;
    let start = Instant::now();
    while !matches!(run.advance().await?, RunAdvance::Ended(_)) {}
    let (duration, steps, held_out) = (start.elapsed(), run.step(), run.held_out().clone());
    let model = run.into_model(preset.name.into());
    let measurements = measure(&model, &held_out, preset.measures, current, &async || ()).await?;
    Ok(TrainedPreset { model, measurements, steps, duration })
}

fn samples(experiment: &Experiment) -> SampleSet {
    match experiment.data.source {
        ImageSource::Strokes => data::strokes(experiment.seed, experiment.data.limit.unwrap_or(GENERATED)),
        ImageSource::Digits8x8 | ImageSource::Opened | ImageSource::TableRows => data::digits8x8(GridShape::MNIST),
    }
}
