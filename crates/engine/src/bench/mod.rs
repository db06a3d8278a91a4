//! Benchmark tasks T1 to T8, which compare devices, versions and other libraries.

pub mod presets;
pub mod reference;
mod tables;

use std::time::Duration;

use pinhole_protocol::{
    BenchReport, BenchTask, BottleneckSpec, Corruption, DataSpec, Event, Experiment, ImageSource, NetworkSpec, Noise,
    Objective, Schedule,
};
use web_time::Instant;

use crate::{
    Compute, EngineError, Model, data,
    training::{Start, TrainingRun},
};

/// Training samples of the training tasks.
const SAMPLES: usize = 10_000;
/// Samples per step of the training tasks.
const BATCH_SIZE: usize = 128;
/// Duration of a round: long enough for a browser's coarse clock.
const ROUND_TIME: Duration = Duration::from_millis(500);
/// Duration of all rounds, if it is enough for [`MIN_ROUNDS`].
const TIMED: Duration = Duration::from_secs(5);
/// Longest duration of all rounds, even if they are fewer than [`MIN_ROUNDS`].
const MAX_TIMED: Duration = Duration::from_secs(20);
/// Fewest rounds.
const MIN_ROUNDS: usize = 3;
/// Duration of the warm-up.
const WARM_UP: Duration = Duration::from_secs(1);

/// Runs `task`. Emits [`Event::BenchStarted`] before the timed part and [`Event::BenchEnded`] after it. `pause` yields
/// to the event loop between rounds.
///
/// # Errors
/// When the device fails.
pub async fn run(
    task: BenchTask,
    compute: &Compute,
    emit: &impl Fn(Event),
    pause: &impl AsyncFn(),
) -> Result<BenchReport, EngineError> {
    let start = Instant::now();
    let mut workload = Workload::new(task, compute)?;
    let mut losses = workload.steps(1).await?;
    let time_to_first_step_ms = start.elapsed().as_secs_f64() * 1e3;
    let steps_per_round = warm_up(&mut workload, &mut losses, pause).await?;

    let mut rates = Vec::new();
    emit(Event::BenchStarted);
    let timed = Instant::now();
    while timed.elapsed() < MAX_TIMED && (timed.elapsed() < TIMED || rates.len() < MIN_ROUNDS) {
        let round = Instant::now();
        losses.extend(workload.steps(steps_per_round).await?);
        rates.push(steps_per_round as f64 / round.elapsed().as_secs_f64());
        pause().await;
    }
    let steps = steps_per_round * rates.len();
    emit(Event::BenchEnded { steps });

    rates.sort_by(f64::total_cmp);
    let steps_per_s = rates[rates.len() / 2];
    Ok(BenchReport {
        task,
        device: compute.info().clone(),
        steps_per_s,
        steps_per_s_min: rates[0],
        steps_per_s_max: rates[rates.len() - 1],
        time_to_first_step_ms,
        steps,
        losses,
        rows_per_step: workload.rows_per_step(),
        peak_memory_bytes: tables::peak_memory_bytes(),
        median_ms: 1e3 / steps_per_s,
    })
}

/// Runs steps for the duration of the warm-up and appends their losses; returns the number of steps that fill a round.
async fn warm_up(workload: &mut Workload, losses: &mut Vec<f32>, pause: &impl AsyncFn()) -> Result<usize, EngineError> {
    let start = Instant::now();
    let mut steps = 0;
    while start.elapsed() < WARM_UP {
        let next = (steps / 2).max(1);
        losses.extend(workload.steps(next).await?);
        steps += next;
        pause().await;
    }
    let step_time = start.elapsed().as_secs_f64() / steps as f64;
    Ok(((ROUND_TIME.as_secs_f64() / step_time) as usize).max(1))
}

/// Step of a task, which is repeated.
enum Workload {
    Train(Box<TrainingRun>),
    Denoise { model: Box<Model>, noisy: Vec<f32> },
    Score(Box<tables::Scoring>),
    Parse(tables::Parsing),
}

impl Workload {
    fn new(task: BenchTask, compute: &Compute) -> Result<Self, EngineError> {
        match task {
            BenchTask::T1 | BenchTask::T2 | BenchTask::T6 | BenchTask::T7 | BenchTask::T8 => {
                let checked = experiment(task).check()?;
                let samples = data::strokes(0, SAMPLES);
                Ok(Self::Train(Box::new(TrainingRun::new(compute, checked, &samples, Start::Fresh)?)))
            }
            BenchTask::T3 => {
                let checked = experiment(task).check()?;
                let noisy = data::strokes(0, 1).values(0).into_owned();
                Ok(Self::Denoise { model: Box::new(Model::untrained("T3".into(), checked, compute)), noisy })
            }
            BenchTask::T4 => Ok(Self::Score(Box::new(tables::Scoring::new()?))),
            BenchTask::T5 => Ok(Self::Parse(tables::Parsing::new())),
        }
    }

    /// Rows (or pictures) per step.
    fn rows_per_step(&self) -> usize {
        match self {
            Self::Train(run) => run.experiment().spec().schedule.batch_size,
            Self::Denoise { .. } => 1,
            Self::Score(_) | Self::Parse(_) => tables::ROWS,
        }
    }

    /// Runs `count` steps to their end; returns their losses, if the task has any.
    async fn steps(&mut self, count: usize) -> Result<Vec<f32>, EngineError> {
        match self {
            Self::Train(run) => run.train_steps(count).await,
            Self::Denoise { model, noisy } => {
                for _ in 0..count {
                    model.reconstruct(noisy).await?;
                }
                Ok(Vec::new())
            }
            Self::Score(scoring) => {
                (0..count).for_each(|_| scoring.run());
                Ok(Vec::new())
            }
            Self::Parse(parsing) => {
                for _ in 0..count {
                    parsing.run()?;
                }
                Ok(Vec::new())
            }
        }
    }
}

/// Experiment of a training task: T1 the default network on clean digits, T2 (and T3, which only runs it) the
/// convolutional denoiser 1-32-64 at noise 0.2, T6 to T8 the presets of sequences.
fn experiment(task: BenchTask) -> Experiment {
    let experiment = match task {
        BenchTask::T1 | BenchTask::T4 | BenchTask::T5 => Experiment::default(),
        BenchTask::T2 | BenchTask::T3 => Experiment {
            network: NetworkSpec {
                encoder: NetworkSpec::conv_blocks(&[32, 64]),
                bottleneck: BottleneckSpec::Direct,
                ..NetworkSpec::default()
            },
            objective: Objective { corruption: Corruption::new(Noise::Gaussian, 0.2), ..Objective::default() },
            ..Experiment::default()
        },
        BenchTask::T6 => preset("lstm"),
        BenchTask::T7 => preset("gru"),
        BenchTask::T8 => preset("transformer"),
    };
    Experiment {
        data: DataSpec { source: ImageSource::Strokes, limit: Some(SAMPLES) },
        schedule: Schedule {
            epochs: pinhole_protocol::LIMITS.epochs,
            batch_size: BATCH_SIZE,
            validation_share: 0.0,
            ..experiment.schedule
        },
        ..experiment
    }
}

fn preset(name: &str) -> Experiment {
    let preset = pinhole_protocol::presets().into_iter().find(|preset| preset.name == name);
    preset.expect("the tasks name listed presets").experiment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_experiment_of_every_task_is_valid() {
        for task in BenchTask::ALL {
            let checked = experiment(task).check().expect("a task is within all ranges");
            assert_eq!(checked.spec().schedule.batch_size, BATCH_SIZE, "{task:?}");
        }
    }
}
