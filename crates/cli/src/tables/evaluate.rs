//! `pinhole evaluate`: measures of a detector on a labelled table, over several seeds.

use std::{cell::RefCell, rc::Rc};

use anyhow::bail;
use pinhole_anomaly::{
    Ranking,
    jobs::{CompareJob, FitJob, ScoreJob},
};
use pinhole_protocol::table::{DetectorPlan, Interval, Measures, MethodResult, Repeats, RowChoice};
use serde::Serialize;

use super::{
    fit::in_brackets,
    open::{self, ScannedTable},
    progress_bar::run_job,
};
use crate::arguments::{EvaluateArguments, Protocol};

/// Output of `--json`: means over the seeds, and each seed's measures.
#[derive(Serialize)]
struct Evaluation {
    auroc: f64,
    /// Lower and upper bound of 95 %, each the mean over the seeds.
    auroc_interval: [f64; 2],
    average_precision: f64,
    average_precision_interval: [f64; 2],
    /// One sentence about the rows that were measured, of the first seed.
    counted_rows: Option<String>,
    seeds: Vec<SeedMeasures>,
    /// The detector and the baselines, on the same rows; absent without `--baselines`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    methods: Vec<MethodResult>,
}

/// Measures of a fit with one seed.
#[derive(Serialize)]
struct SeedMeasures {
    seed: u64,
    auroc: f64,
    auroc_interval: [f64; 2],
    average_precision: f64,
    average_precision_interval: [f64; 2],
    elapsed_s: f64,
}

impl SeedMeasures {
    fn new(seed: u64, measures: &Measures, elapsed_s: f64) -> Self {
        let bounds = |Interval { low, high }| [low, high];
        Self {
            seed,
            auroc: measures.auroc,
            auroc_interval: bounds(measures.auroc_interval),
            average_precision: measures.average_precision,
            average_precision_interval: bounds(measures.average_precision_interval),
            elapsed_s,
        }
    }

    /// The measures as a line.
    fn line(&self) -> String {
        let interval = |[low, high]: [f64; 2]| in_brackets(Some(Interval { low, high }));
        format!(
            "AUROC {:.4}{}, average precision {:.4}{}",
            self.auroc,
            interval(self.auroc_interval),
            self.average_precision,
            interval(self.average_precision_interval)
        )
    }
}

impl Evaluation {
    fn of_seeds(seeds: Vec<SeedMeasures>, counted_rows: Option<String>, methods: Vec<MethodResult>) -> Self {
        let mean = |measure: fn(&SeedMeasures) -> f64| seeds.iter().map(measure).sum::<f64>() / seeds.len() as f64;
        Self {
            auroc: mean(|seed| seed.auroc),
            auroc_interval: [mean(|seed| seed.auroc_interval[0]), mean(|seed| seed.auroc_interval[1])],
            average_precision: mean(|seed| seed.average_precision),
            average_precision_interval: [
                mean(|seed| seed.average_precision_interval[0]),
                mean(|seed| seed.average_precision_interval[1]),
            ],
            counted_rows,
            seeds,
            methods,
        }
    }
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
    open::check_label(&scanned.table, &DetectorPlan { rows, ..plan.clone() }).await?;
    let (mut seeds, mut counted_rows, mut methods) = (Vec::new(), None, Vec::new());
    for seed in 0..arguments.seeds {
        let started = std::time::Instant::now();
        let plan = DetectorPlan { rows, seed, ..plan.clone() };
        let ranking = rank(&scanned, plan).await?;
        let (measures, counted) = measures_of(&ranking)?;
        let own = SeedMeasures::new(seed, &measures, started.elapsed().as_secs_f64());
        eprintln!("seed {seed}: {}, {:.1} s", own.line(), own.elapsed_s);
        seeds.push(own);
        counted_rows = counted_rows.or(counted);
        if arguments.baselines && methods.is_empty() {
            methods = run_job(CompareJob::new(&Rc::new(RefCell::new(ranking)))?).await?.methods;
        }
    }
    let evaluation = Evaluation::of_seeds(seeds, counted_rows, methods);
    if arguments.json {
        println!("{}", serde_json::to_string(&evaluation)?);
    } else {
        let Evaluation { auroc, average_precision, seeds, counted_rows, methods, .. } = evaluation;
        println!("AUROC {auroc:.4}, average precision {average_precision:.4}, means of {} seeds", seeds.len());
        if let Some(counted_rows) = counted_rows {
            println!("{counted_rows}");
        }
        methods.iter().for_each(print_method);
    }
    Ok(())
}

/// Prints a method of the comparison: means over its repeats, with the least and the greatest.
fn print_method(method: &MethodResult) {
    let figure = |repeats: Option<Repeats>| {
        repeats.map_or_else(|| "-".into(), |Repeats { mean, min, max }| format!("{mean:.4} ({min:.4} to {max:.4})"))
    };
    let (auroc, average_precision) = (figure(method.auroc), figure(method.average_precision));
    println!("{:<18} AUROC {auroc}, average precision {average_precision}, {:.1} s", method.name, method.elapsed_s);
}

/// Fits a detector and scores its own table.
async fn rank(scanned: &ScannedTable, plan: DetectorPlan) -> anyhow::Result<Ranking> {
    let fitted = run_job(FitJob::new(&scanned.table, plan)?).await?;
    run_job(ScoreJob::new(&scanned.table, &Rc::new(fitted.detector), Some(fitted.roles))?).await
}

/// The measures, and a sentence about the rows that they count.
fn measures_of(ranking: &Ranking) -> anyhow::Result<(Measures, Option<String>)> {
    let summary = ranking.file().summary;
    match summary.measures {
        Some(measures) => Ok((measures, summary.counted_rows)),
        None => bail!(summary.measures_missing.unwrap_or_else(|| "the rows could not be measured".into())),
    }
}
