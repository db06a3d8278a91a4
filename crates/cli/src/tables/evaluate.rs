//! `pinhole evaluate`: measures of a detector on a labelled table, over several seeds.

use std::rc::Rc;

use anyhow::bail;
use pinhole_anomaly::jobs::{FitJob, ScoreJob};
use pinhole_protocol::table::{DetectorPlan, Measures, RowChoice};
use serde::Serialize;

use super::{
    open::{self, ScannedTable},
    progress_bar::run_job,
};
use crate::arguments::{EvaluateArguments, Protocol};

/// Output of `--json`: means over the seeds, and each seed's measures.
#[derive(Serialize)]
struct Evaluation {
    auroc: f64,
    average_precision: f64,
    seeds: Vec<SeedMeasures>,
}

/// Measures of a fit with one seed.
#[derive(Serialize)]
struct SeedMeasures {
    seed: u64,
    auroc: f64,
    average_precision: f64,
    elapsed_s: f64,
}

/// Fits and measures a detector once per seed.
pub async fn run(arguments: &EvaluateArguments) -> anyhow::Result<()> {
    let scanned = open::open(&arguments.table, &arguments.reading).await?;
    open::print_warnings(&scanned.summary);
    let plan = open::detector_plan(&scanned.summary, &arguments.labels, &arguments.detector)?;
    if plan.label.is_none() {
        bail!("there is no label to measure by: name its column with --label");
    }
    let rows = match arguments.protocol {
        Protocol::P => RowChoice::Auto,
        Protocol::U => RowChoice::Unsupervised,
    };
    let mut seeds = Vec::new();
    for seed in 0..arguments.seeds {
        let started = std::time::Instant::now();
        let plan = DetectorPlan { rows, seed, ..plan.clone() };
        let Measures { auroc, average_precision, .. } = measure(&scanned, plan).await?;
        let elapsed_s = started.elapsed().as_secs_f64();
        eprintln!("seed {seed}: AUROC {auroc:.4}, average precision {average_precision:.4}, {elapsed_s:.1} s");
        seeds.push(SeedMeasures { seed, auroc, average_precision, elapsed_s });
    }
    let mean = |measure: fn(&SeedMeasures) -> f64| seeds.iter().map(measure).sum::<f64>() / seeds.len() as f64;
    let (auroc, average_precision) = (mean(|seed| seed.auroc), mean(|seed| seed.average_precision));
    if arguments.json {
        println!("{}", serde_json::to_string(&Evaluation { auroc, average_precision, seeds })?);
    } else {
        println!("AUROC {auroc:.4}, average precision {average_precision:.4}, means of {} seeds", seeds.len());
    }
    Ok(())
}

async fn measure(scanned: &ScannedTable, plan: DetectorPlan) -> anyhow::Result<Measures> {
    let fitted = run_job(FitJob::new(&scanned.table, plan)?).await?;
    let scored = run_job(ScoreJob::new(&scanned.table, &Rc::new(fitted.detector), Some(fitted.roles))?).await?;
    let summary = scored.file().summary;
    match summary.measures {
        Some(measures) => Ok(measures),
        None => bail!(summary.measures_missing.unwrap_or_else(|| "the rows could not be measured".into())),
    }
}
