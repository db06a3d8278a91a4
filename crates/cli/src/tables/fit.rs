//! `pinhole fit`

use std::{rc::Rc, time::Instant};

use pinhole_anomaly::jobs::{FitJob, ScoreJob};
use pinhole_protocol::table::{DetectorPlan, RowChoice, ScoredFile};

use super::{follow::follow, open};
use crate::{arguments::FitArguments, files};

/// Trains a detector, measures it where there are labels, and writes it.
pub async fn run(arguments: &FitArguments) -> anyhow::Result<()> {
    let begun = Instant::now();
    let scanned = open::open(&arguments.table, &arguments.reading).await?;
    open::explain_warnings(&scanned.summary);
    let plan = DetectorPlan {
        rows: if arguments.robust { RowChoice::Unsupervised } else { RowChoice::Auto },
        held_out_share: arguments.held_out,
        seed: arguments.seed,
        ..open::plan(&scanned.summary, &arguments.labels, &arguments.detector)?
    };
    let fitted = follow(FitJob::new(&scanned.table, plan)?).await?;
    let summary = fitted.detector.summary();
    eprintln!("{}: {} ({} rows trained it)", summary.method.label(), summary.description, summary.trained_rows);
    for warning in &summary.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    let scored = follow(ScoreJob::new(&scanned.table, &Rc::new(fitted.detector), Some(fitted.roles))?).await?;
    describe(&scored.file());
    files::write(&arguments.out, &scored.calibrated_detector().to_file(!arguments.without_replay)?)?;
    eprintln!("Wrote {} after {:.1} s", arguments.out.display(), begun.elapsed().as_secs_f32());
    Ok(())
}

/// Says what came of scoring.
pub fn describe(file: &ScoredFile) {
    if let Some(measures) = &file.summary.measures {
        println!("AUROC {:.4}, average precision {:.4}", measures.auroc, measures.average_precision);
    }
    if let Some(reason) = &file.summary.measures_missing {
        eprintln!("pinhole: note: {reason}");
    }
    println!(
        "{} of {} rows flagged, those with a score above {}",
        file.threshold.flagged, file.summary.rows, file.threshold.value
    );
    for warning in &file.summary.warnings {
        eprintln!("pinhole: note: {warning}");
    }
}
