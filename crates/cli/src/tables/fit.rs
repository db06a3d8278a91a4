//! `pinhole fit`: a table to a detector file.

use std::{path::Path, rc::Rc, time::Instant};

use pinhole_anomaly::jobs::{FitJob, ScoreJob};
use pinhole_protocol::table::{DetectorPlan, Interval, Measures, RowChoice, ScoredFile, ThresholdReport};

use super::{open, progress_bar::run_job};
use crate::{
    arguments::FitArguments,
    files,
    output_file::{is_standard_output, refuse_input},
};

/// Fits a detector, measures it if there are labels, and writes it.
pub async fn run(arguments: &FitArguments) -> anyhow::Result<()> {
    let started = Instant::now();
    let tables: Vec<_> = arguments.table.iter().map(|table| ("a table to read", table)).collect();
    refuse_input(&arguments.out, &tables)?;
    let scanned = open::open(&arguments.table, &arguments.reading).await?;
    open::print_warnings(&scanned.summary);
    let plan = DetectorPlan {
        rows: if arguments.unsupervised { RowChoice::Unsupervised } else { RowChoice::Auto },
        held_out_share: arguments.held_out,
        seed: arguments.seed,
        ..open::detector_plan(&scanned.summary, &arguments.labels, &arguments.detector)?
    };
    open::check_label(&scanned.table, &plan).await?;
    let fitted = run_job(FitJob::new(&scanned.table, plan)?).await?;
    let summary = fitted.detector.summary();
    eprintln!("{}: {} ({} training rows)", summary.method.label(), summary.description, summary.trained_rows);
    for warning in &summary.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    let mut scored = run_job(ScoreJob::new(&scanned.table, &Rc::new(fitted.detector), Some(fitted.roles))?).await?;
    if let Some(rule) = arguments.threshold.rule() {
        scored.set_threshold(rule)?;
    }
    if arguments.without_replay && summary.replay_rows > 0 {
        eprintln!(
            "pinhole: note: neighbours are left out of the file's scores; its threshold flags the same share of these rows"
        );
    }
    files::write(&arguments.out, &scored.calibrated_detector().to_file(!arguments.without_replay)?)?;
    print_scores(&scored.file(), &arguments.out);
    eprintln!("Wrote {} after {:.1} s", arguments.out.display(), started.elapsed().as_secs_f32());
    Ok(())
}

/// Prints the measures and the threshold of a scored table: on standard output, unless the file to write goes there.
pub fn print_scores(file: &ScoredFile, out: &Path) {
    let print = |line: String| if is_standard_output(out) { eprintln!("{line}") } else { println!("{line}") };
    if let Some(measures) = &file.summary.measures {
        let Measures { auroc, auroc_interval, average_precision, average_precision_interval, .. } = measures;
        print(format!(
            "AUROC {auroc:.4}{}, average precision {average_precision:.4}{}",
            in_brackets(Some(*auroc_interval)),
            in_brackets(Some(*average_precision_interval))
        ));
    }
    let ThresholdReport { precision, recall, f1, precision_interval, recall_interval, .. } = &file.threshold;
    if let (Some(precision), Some(recall), Some(f1)) = (precision, recall, f1) {
        print(format!(
            "precision {precision:.4}{}, recall {recall:.4}{}, F1 {f1:.4}",
            in_brackets(*precision_interval),
            in_brackets(*recall_interval)
        ));
    }
    if let Some(counted_rows) = &file.summary.counted_rows {
        print(counted_rows.clone());
    }
    if let Some(reason) = &file.summary.measures_missing {
        eprintln!("pinhole: note: {reason}");
    }
    let (flagged, rows, threshold) = (file.threshold.flagged, file.summary.rows, file.threshold.value);
    print(format!("{flagged} of {rows} rows flagged (score above {threshold})"));
    print(file.threshold.alerts.clone());
    for warning in &file.summary.warnings {
        eprintln!("pinhole: note: {warning}");
    }
}

/// The interval of a measure, to be printed behind it; empty without one.
pub fn in_brackets(interval: Option<Interval>) -> String {
    interval.map_or_else(String::new, |Interval { low, high }| format!(" ({low:.4} to {high:.4})"))
}
