//! Samples of an experiment.

use pinhole_engine::{
    EngineError,
    data::{self, SamplePlan, SampleSet, SamplesJob, StrokeGenerator},
};
use pinhole_protocol::{Activation, CheckedExperiment, Experiment, GridShape, ImageSource};

use crate::{arguments::ExperimentArguments, experiment, files, tables};

/// Number of generated images without a limit, as in the page.
const GENERATED_IMAGES: usize = 10_000;

/// Returns the experiment of the arguments and its samples. Prints warnings about them on standard error.
pub async fn prepare(arguments: &ExperimentArguments) -> anyhow::Result<(CheckedExperiment, SampleSet)> {
    let mut experiment = experiment::from_arguments(arguments)?;
    let samples = if experiment.data.source == ImageSource::TableRows {
        let rows = read_table(arguments, &experiment).await?;
        if arguments.experiment.is_none() {
            adapt_to_rows(&mut experiment, &rows);
        }
        rows
    } else {
        read_images(arguments, &experiment)?
    };
    for warning in &samples.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    Ok((experiment.check()?, samples))
}

/// Adapts a preset, which is made for pictures, to table rows: input of the rows' width, linear output.
fn adapt_to_rows(experiment: &mut Experiment, rows: &SampleSet) {
    experiment.network.input = rows.shape();
    experiment.network.output_activation = Activation::Linear;
}

fn read_images(arguments: &ExperimentArguments, experiment: &Experiment) -> anyhow::Result<SampleSet> {
    let Experiment { data: spec, network, seed, .. } = experiment;
    if spec.source == ImageSource::Opened {
        anyhow::ensure!(
            !arguments.images.is_empty(),
            "this experiment trains on opened images: name them with --images, or choose --data strokes"
        );
        return files::open_images(&arguments.images, arguments.as_is);
    }
    Ok(built_in(&spec.source, network.input, *seed, spec.limit.unwrap_or(GENERATED_IMAGES))?)
}

/// Built-in pictures of that shape: `generated` digits of the seed, or all real ones.
///
/// # Errors
/// When no picture has that shape.
pub fn built_in(source: &ImageSource, shape: GridShape, seed: u64, generated: usize) -> Result<SampleSet, EngineError> {
    data::check_picture_input(shape)?;
    if *source == ImageSource::Digits8x8 {
        return Ok(data::digits8x8(shape));
    }
    let mut generator = StrokeGenerator::new(seed, shape);
    let mut digits = generator.empty_set();
    (0..generated).for_each(|_| generator.draw_into(&mut digits));
    Ok(digits)
}

async fn read_table(arguments: &ExperimentArguments, experiment: &Experiment) -> anyhow::Result<SampleSet> {
    let Some(path) = &arguments.table else {
        anyhow::bail!("this experiment trains on a table's rows: name the file with --table")
    };
    let scanned = tables::open(std::slice::from_ref(path), &arguments.reading).await?;
    tables::print_warnings(&scanned.summary);
    let attributes = experiment.attributes().into_iter().map(str::to_owned).collect();
    let plan = SamplePlan::new(&scanned.table.borrow(), arguments.label.as_deref())?.with_attributes(attributes)?;
    if let Some(label) = &plan.label {
        eprintln!("pinhole: note: \"{label}\" is used as the label, not as a feature");
    }
    tables::run_job(SamplesJob::new(&scanned.table, plan, experiment.data.limit, experiment.seed)?).await
}
