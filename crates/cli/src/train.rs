//! `pinhole train`: an experiment to a model file.

use std::{path::Path, time::Instant};

use indicatif::{ProgressBar, ProgressStyle};
use pinhole_engine::{
    Compute,
    training::{RunAdvance, Start, StepLosses, TrainingRun},
};
use pinhole_protocol::{EpochRecord, TrainingEnd, TrainingPhase, TrainingStart};

use crate::{
    arguments::{StartArguments, TrainArguments},
    experiment, files, measures, samples,
};

/// Trains the experiment of the arguments and writes the model.
pub async fn run(arguments: &TrainArguments) -> anyhow::Result<()> {
    let experiment_arguments = &arguments.experiment;
    let (start, file) = training_start(&arguments.start, experiment::preset_start(experiment_arguments)?)?;
    let (experiment, samples) = samples::prepare(experiment_arguments).await?;
    let compute = Compute::start(experiment_arguments.device.into()).await;
    files::print_fallback_reason(&compute);
    let model = file.map(|path| files::read_model(path, &compute)).transpose()?;
    let mut run = TrainingRun::new(&compute, experiment, &samples, Start::new(start, model.as_ref())?)?;
    let [train, validation] = run.sample_counts();
    eprintln!("{train} training samples, {validation} validation samples, device: {}", compute.info().name);
    let started = Instant::now();
    let end = train_to_end(&mut run).await?;
    if let Some(path) = &arguments.last {
        files::write(path, &run.last_model(file_stem(path)).await?.to_checkpoint().await?)?;
    }
    let held_out = run.held_out().clone();
    let trained = run.into_model(file_stem(&arguments.out));
    files::write(&arguments.out, &trained.to_file().await?)?;
    match end {
        TrainingEnd::Diverged(advice) => eprintln!("{advice}"),
        TrainingEnd::EarlyStopped => {
            eprintln!("The validation loss stopped improving: the best epoch's weights are kept.");
        }
        TrainingEnd::Finished | TrainingEnd::Stopped => {}
    }
    let teacher = model.as_ref().filter(|_| start == TrainingStart::Distil);
    measures::print(&measures::measure_usual(&trained, &held_out, teacher).await?);
    eprintln!("Wrote {} after {:.1} s", arguments.out.display(), started.elapsed().as_secs_f32());
    Ok(())
}

/// Returns the training start, and the model file that it needs.
fn training_start(given: &StartArguments, preset: TrainingStart) -> anyhow::Result<(TrainingStart, Option<&Path>)> {
    if let Some(path) = &given.resume {
        return Ok((TrainingStart::Continue, Some(path)));
    }
    if let Some(path) = &given.transfer {
        let chosen = given.reuse.map(|reuse| TrainingStart::Transfer { reuse: reuse.into() });
        let start = match preset {
            TrainingStart::Transfer { .. } => preset,
            _ => TrainingStart::Transfer { reuse: pinhole_protocol::Reuse::default() },
        };
        return Ok((chosen.unwrap_or(start), Some(path)));
    }
    if let Some(path) = &given.teacher {
        return Ok((TrainingStart::Distil, Some(path)));
    }
    match preset {
        TrainingStart::Transfer { .. } => {
            anyhow::bail!("this preset reuses another model: name its file with --transfer")
        }
        TrainingStart::Distil => anyhow::bail!("this preset learns from another model: name its file with --teacher"),
        TrainingStart::Fresh | TrainingStart::Continue => Ok((TrainingStart::Fresh, None)),
    }
}

fn file_stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Trains to the end of the run, with a progress bar on standard error.
pub async fn train_to_end(run: &mut TrainingRun) -> anyhow::Result<TrainingEnd> {
    let steps = run.progress(TrainingPhase::Running, StepLosses::default()).steps as u64;
    let style = ProgressStyle::with_template("{bar:30} step {pos}/{len} · {msg} · {eta} left")?;
    let bar = ProgressBar::new(steps).with_style(style);
    loop {
        match run.advance().await? {
            RunAdvance::BatchDone { losses } => {
                if let Some(loss) = losses.total.last() {
                    let progress = run.progress(TrainingPhase::Running, StepLosses::default());
                    bar.set_position(progress.step as u64);
                    bar.set_message(format!("loss {loss:.5} · {:.0} images/s", progress.images_per_s));
                }
            }
            RunAdvance::EpochDone(record) => bar.suspend(|| eprintln!("{}", format_epoch(record))),
            RunAdvance::Warned(warning) => bar.suspend(|| eprintln!("pinhole: warning: {warning}")),
            RunAdvance::Ended(end) => {
                bar.finish_and_clear();
                return Ok(end);
            }
        }
    }
}

fn format_epoch(record: EpochRecord) -> String {
    let validation = record.validation_loss.map_or(String::new(), |loss| format!("  validation {loss:.5}"));
    format!("epoch {:>3}  train {:.5}{validation}", record.epoch, record.train_loss)
}
