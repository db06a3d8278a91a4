//! `pinhole fit`: a table to a detector file.

use std::{path::Path, rc::Rc, time::Instant};

use pinhole_anomaly::jobs::{FitJob, ScoreJob};
use pinhole_protocol::table::{DetectorPlan, RowChoice, ScoredFile};

use super::{open, progress_bar::run_job};
use crate::{arguments::FitArguments, files, output_file::is_standard_output};

/// Fits a detector, measures it if there are labels, and writes it.
pub async fn run(arguments: &FitArguments) -> anyhow::Result<()> {
    let started = Instant::now();
    let scanned = open::open(&arguments.table, &arguments.reading).await?;
    open::print_warnings(&scanned.summary);
    let plan = DetectorPlan {
        rows: if arguments.unsupervised { RowChoice::Unsupervised } else { RowChoice::Auto },
        held_out_share: arguments.held_out,
        seed: arguments.seed,
        ..open::detector_plan(&scanned.summary, &arguments.labels, &arguments.detector)?
    };
    let fitted = run_job(FitJob::new(&scanned.table, plan)?).await?;
    let summary = fitted.detector.summary();
    eprintln!("{}: {} ({} training rows)", summary.method.label(), summary.description, summary.trained_rows);
    for warning in &summary.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    let scored = run_job(ScoreJob::new(&scanned.table, &Rc::new(fitted.detector), Some(fitted.roles))?).await?;
    files::write(&arguments.out, &scored.calibrated_detector().to_file(!arguments.without_replay)?)?;
    print_scores(&scored.file(), &arguments.out);
    eprintln!("Wrote {} after {:.1} s", arguments.out.display(), started.elapsed().as_secs_f32());
    Ok(())
}

/// Prints the measures and the threshold of a scored table: on standard output, unless the file to write goes there.
pub fn print_scores(file: &ScoredFile, out: &Path) {
    let print = |line: String| if is_standard_output(out) { eprintln!("{line}") } else { println!("{line}") };
    if let Some(measures) = &file.summary.measures {
        print(format!("AUROC {:.4}, average precision {:.4}", measures.auroc, measures.average_precision));
    }
    if let Some(reason) = &file.summary.measures_missing {
        eprintln!("pinhole: note: {reason}");
    }
    let (flagged, rows, threshold) = (file.threshold.flagged, file.summary.rows, file.threshold.value);
    print(format!("{flagged} of {rows} rows flagged (score above {threshold})"));
    for warning in &file.summary.warnings {
        eprintln!("pinhole: note: {warning}");
    }
}
