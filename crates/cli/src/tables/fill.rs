//! `pinhole fill`: a table with its missing cells filled.

use std::rc::Rc;

use pinhole_anomaly::{
    FittedDetector,
    jobs::{ExportAdvance, FillJob, ScanJob},
};
use pinhole_protocol::table::{FillErrors, FillReport};

use super::{
    open,
    progress_bar::{run_job, show},
};
use crate::{arguments::FillArguments, files};

/// Fills a table's missing cells, writes it, and prints what was filled and the errors on hidden cells.
pub async fn run(arguments: &FillArguments) -> anyhow::Result<()> {
    let file = files::read(&arguments.detector)?;
    let detector = Rc::new(FittedDetector::from_file(&file.name, &file.bytes.0)?);
    let (table, _) = open::open_unscanned(&arguments.table, &arguments.reading).await?;
    open::print_warnings(&run_job(ScanJob::new(&table)?).await?);
    let mut job = FillJob::new(&table, &detector)?;
    let mut written = Vec::new();
    let bar = super::progress_bar::bar()?;
    while let ExportAdvance::Part(part) = job.advance()? {
        written.extend(part);
        show(&bar, &job.progress());
    }
    bar.finish_and_clear();
    files::write(&arguments.out, &written)?;
    if arguments.json {
        println!("{}", serde_json::to_string(job.report())?);
    } else {
        print_report(job.report());
    }
    Ok(())
}

fn print_report(report: &FillReport) {
    for column in &report.columns {
        let left = if column.left > 0 {
            format!(", {} left: nothing predicts this column", column.left)
        } else {
            String::new()
        };
        println!("{:<24} {} filled{left}", column.name, column.filled);
        if let Some(FillErrors { predicted, constant, neighbours }) = column.errors {
            let (what, usual, unit) = if column.is_categorical {
                ("wrong", "most frequent category", " %")
            } else {
                ("root mean square error", "mean", "")
            };
            let [predicted, constant, neighbours] = [predicted, constant, neighbours].map(|error| {
                if column.is_categorical { format!("{:.1}", 100.0 * error) } else { format!("{error:.4}") }
            });
            println!(
                "{:<24} {what} on {} hidden cells {predicted}{unit}; {usual} {constant}{unit}, five neighbours {neighbours}{unit}",
                "", column.hidden
            );
        }
    }
}
