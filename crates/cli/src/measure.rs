//! `pinhole measure`: what the code of a model is good for.

use std::rc::Rc;

use pinhole_engine::{
    Compute, Model,
    data::{SamplePlan, SampleSet, SamplesJob},
    latent::{JobControl, RunSamples, measure_vectors, open_network},
};
use pinhole_protocol::{
    ImageSource,
    latent::{Candidate, LatentMeasure, Question, SampleRange, Verdict},
};
use serde::Serialize;

use crate::{arguments::MeasureArguments, files, samples, tables};

/// Number of generated digits without a limit.
const GENERATED_IMAGES: usize = 10_000;

/// Output of `--json`.
#[derive(Serialize)]
struct Report {
    /// Samples that were measured.
    samples: usize,
    /// An answer per question.
    answers: Vec<Verdict>,
    /// The other measures.
    more: Vec<LatentMeasure>,
}

/// Measures the code of a model.
pub async fn run(arguments: &MeasureArguments) -> anyhow::Result<()> {
    let compute = Compute::start(arguments.device.into()).await;
    files::print_fallback_reason(&compute);
    let model = files::read_model(&arguments.model, &compute)?;
    let set = open_samples(arguments, &model).await?;
    for warning in &set.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    let samples = RunSamples::of_run(Rc::new(set), model.experiment());
    let control = JobControl::default();
    let open = open_network(model, samples, SampleRange::HeldOut, &control).await?;
    for warning in &open.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    let questions = if arguments.question.is_empty() { Question::ALL.to_vec() } else { arguments.question.clone() };
    let mut report = Report { samples: 0, answers: Vec::new(), more: Vec::new() };
    for (index, &question) in questions.iter().enumerate() {
        // They are the same for every question.
        let with_more = arguments.more && index + 1 == questions.len();
        let found = measure_vectors(&open, question, with_more, &control).await?;
        report.samples = found.samples;
        report.answers.push(found.verdict);
        report.more.extend(found.more);
    }
    if arguments.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print(&report);
    }
    Ok(())
}

/// Samples of the arguments: pictures, or rows of a table for a model of rows.
async fn open_samples(arguments: &MeasureArguments, model: &Model) -> anyhow::Result<SampleSet> {
    let experiment = model.experiment();
    let spec = experiment.spec();
    if let Some(source) = arguments.data {
        let count = arguments.limit.or(spec.data.limit).unwrap_or(GENERATED_IMAGES);
        return Ok(samples::built_in(&source.into(), experiment.plan().input, spec.seed, count)?);
    }
    if spec.data.source == ImageSource::TableRows {
        let scanned = tables::open(&arguments.files, &arguments.reading).await?;
        tables::print_warnings(&scanned.summary);
        let plan = SamplePlan::new(&scanned.table.borrow(), arguments.label.as_deref())?;
        let limit = arguments.limit.or(spec.data.limit);
        return tables::run_job(SamplesJob::new(&scanned.table, plan, limit, spec.seed)?).await;
    }
    let mut images = files::open_images(&arguments.files, arguments.as_is)?;
    images.truncate(arguments.limit.unwrap_or(usize::MAX));
    Ok(images)
}

fn print(report: &Report) {
    println!("{} samples", report.samples);
    for answer in &report.answers {
        println!("\n{}: {}", answer.question.name(), answer.sentence);
        if !answer.candidates.is_empty() {
            println!("  {}", answer.measure);
        }
        print_candidates(&answer.candidates);
    }
    for measure in &report.more {
        println!("\n{}: {}", measure.group, measure.name);
        print_candidates(&measure.candidates);
    }
}

fn print_candidates(candidates: &[Candidate]) {
    for Candidate { name, value } in candidates {
        let value = value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
        println!("  {name:<36} {value:>12}");
    }
}
