//! `pinhole train`

use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use pinhole_engine::{
    Compute,
    data::{self, ImageSet},
    training::{Advance, TrainingRun},
};
use pinhole_protocol::{CheckedExperiment, EpochRecord, ImageSource, TrainingEnd, TrainingPhase};

use crate::{arguments::TrainArguments, experiment, files};

/// Images that the generator makes when no limit says otherwise, as in the page.
const GENERATED_IMAGES: usize = 10_000;

/// Trains what the arguments describe and writes the model.
pub async fn run(arguments: &TrainArguments) -> anyhow::Result<()> {
    let experiment = experiment::from_arguments(arguments)?.check()?;
    let images = load(arguments, &experiment)?;
    for warning in &images.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    let compute = Compute::start(arguments.device.into()).await;
    files::explain_device(&compute);
    let mut run = TrainingRun::new(&compute, experiment, &images, None)?;
    let [train, validation] = run.image_counts();
    eprintln!("{train} images to train on, {validation} to validate on, computed on {}", compute.info().name);
    let begun = Instant::now();
    let end = follow(&mut run).await?;
    let name = arguments.out.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    files::write(&arguments.out, &run.into_model(name).to_file().await?)?;
    match end {
        TrainingEnd::Diverged(advice) => eprintln!("{advice}"),
        TrainingEnd::EarlyStopped => {
            eprintln!("The validation loss stopped improving: the best epoch's weights are kept.");
        }
        TrainingEnd::Finished | TrainingEnd::Stopped => {}
    }
    eprintln!("Wrote {} after {:.1} s", arguments.out.display(), begun.elapsed().as_secs_f32());
    Ok(())
}

fn load(arguments: &TrainArguments, experiment: &CheckedExperiment) -> anyhow::Result<ImageSet> {
    let spec = experiment.spec();
    Ok(match spec.data.source {
        ImageSource::Strokes => data::strokes(spec.seed, spec.data.limit.unwrap_or(GENERATED_IMAGES)),
        ImageSource::Digits8x8 => data::digits8x8(),
        ImageSource::TableRows => {
            anyhow::bail!("this experiment learns from a table's rows, not from images: use `pinhole fit`")
        }
        ImageSource::Opened if arguments.images.is_empty() => {
            anyhow::bail!(
                "this experiment learns from opened images: name them with --images, or choose --data strokes"
            )
        }
        ImageSource::Opened => data::open_images(&files::read_all(&arguments.images)?)?,
    })
}

/// Advances the run to its end, behind a progress bar on standard error.
async fn follow(run: &mut TrainingRun) -> anyhow::Result<TrainingEnd> {
    let steps = run.progress(TrainingPhase::Running, Vec::new()).steps as u64;
    let style = ProgressStyle::with_template("{bar:30} step {pos}/{len} · {msg} · {eta} left")?;
    let bar = ProgressBar::new(steps).with_style(style);
    loop {
        match run.advance().await? {
            Advance::Worked { losses } => {
                if let Some(loss) = losses.last() {
                    let progress = run.progress(TrainingPhase::Running, Vec::new());
                    bar.set_position(progress.step as u64);
                    bar.set_message(format!("loss {loss:.5} · {:.0} images/s", progress.images_per_s));
                }
            }
            Advance::EpochDone(record) => bar.suspend(|| eprintln!("{}", describe(record))),
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
