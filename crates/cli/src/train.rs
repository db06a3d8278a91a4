//! `pinhole train`

use std::{path::Path, time::Instant};

use indicatif::{ProgressBar, ProgressStyle};
use pinhole_engine::{
    Compute, Model,
    training::{Advance, Start, StepLosses, TrainingRun},
};
use pinhole_protocol::{EpochRecord, TrainingEnd, TrainingPhase, TrainingStart};

use crate::{
    arguments::{StartArguments, TrainArguments},
    experiment, files, measures, samples,
};

/// Trains what the arguments describe and writes the model.
pub async fn run(arguments: &TrainArguments) -> anyhow::Result<()> {
    let described = &arguments.experiment;
    let (start, file) = start(&arguments.start, experiment::preset_start(described)?)?;
    let (experiment, samples) = samples::prepare(described).await?;
    let compute = Compute::start(described.device.into()).await;
    files::explain_device(&compute);
    let model = file.map(|path| files::read_model(path, &compute)).transpose()?;
    let mut run = TrainingRun::new(&compute, experiment, &samples, Start::new(start, model.as_ref())?)?;
    let [train, validation] = run.sample_counts();
    eprintln!("{train} samples to train on, {validation} to validate on, computed on {}", compute.info().name);
    let begun = Instant::now();
    let end = follow(&mut run).await?;
    if let Some(path) = &arguments.last {
        files::write(path, &run.last_model(name(path)).await?.to_checkpoint().await?)?;
    }
    let held_out = run.held_out().clone();
    let trained = run.into_model(name(&arguments.out));
    write(&arguments.out, &trained).await?;
    match end {
        TrainingEnd::Diverged(advice) => eprintln!("{advice}"),
        TrainingEnd::EarlyStopped => {
            eprintln!("The validation loss stopped improving: the best epoch's weights are kept.");
        }
        TrainingEnd::Finished | TrainingEnd::Stopped => {}
    }
    let teacher = model.as_ref().filter(|_| start == TrainingStart::Distil);
    measures::print(&measures::usual(&trained, &held_out, teacher).await?);
    eprintln!("Wrote {} after {:.1} s", arguments.out.display(), begun.elapsed().as_secs_f32());
    Ok(())
}

/// What training starts from, and the model file that it needs.
fn start(given: &StartArguments, preset: TrainingStart) -> anyhow::Result<(TrainingStart, Option<&Path>)> {
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

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

async fn write(path: &Path, model: &Model) -> anyhow::Result<()> {
    files::write(path, &model.to_file().await?)
}

/// Advances the run to its end, behind a progress bar on standard error.
pub async fn follow(run: &mut TrainingRun) -> anyhow::Result<TrainingEnd> {
    let steps = run.progress(TrainingPhase::Running, StepLosses::default()).steps as u64;
    let style = ProgressStyle::with_template("{bar:30} step {pos}/{len} · {msg} · {eta} left")?;
    let bar = ProgressBar::new(steps).with_style(style);
    loop {
        match run.advance().await? {
            Advance::BatchDone { losses } => {
                if let Some(loss) = losses.total.last() {
                    let progress = run.progress(TrainingPhase::Running, StepLosses::default());
                    bar.set_position(progress.step as u64);
                    bar.set_message(format!("loss {loss:.5} · {:.0} images/s", progress.images_per_s));
                }
            }
            Advance::EpochDone(record) => bar.suspend(|| eprintln!("{}", describe(record))),
            Advance::Warned(warning) => bar.suspend(|| eprintln!("pinhole: warning: {warning}")),
            Advance::Ended(end) => {
                bar.finish_and_clear();
                return Ok(end);
            }
        }
    }
}

fn describe(record: EpochRecord) -> String {
    let validation = record.validation_loss.map_or(String::new(), |loss| format!("  validation {loss:.5}"));
    format!("epoch {:>3}  train {:.5}{validation}", record.epoch, record.train_loss)
}
