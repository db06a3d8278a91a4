//! `pinhole fill`: a table with its missing cells filled.

use std::rc::Rc;

use pinhole_anomaly::{
    FittedDetector,
    jobs::{FillJob, ScanJob},
};
use pinhole_protocol::table::{FillErrors, FillReport};

use super::{open, output, parts::write_parts, progress_bar::run_job, score::match_columns};
use crate::{arguments::FillArguments, files, output_file::is_standard_output};

/// Fills a table's missing cells, writes it, and prints what was filled and the errors on hidden cells.
pub async fn run(arguments: &FillArguments) -> anyhow::Result<()> {
    output::refuse_inputs(&arguments.out, &arguments.detector, &arguments.table)?;
    let file = files::read(&arguments.detector)?;
    let detector = Rc::new(FittedDetector::from_file(&file.name, &file.bytes.0)?);
    let (table, preview) = open::open_unscanned(&arguments.table, &arguments.reading).await?;
    output::check_ending(&arguments.out, &arguments.table, preview.origin.as_ref(), None)?;
    if let Some(hint) = match_columns(&arguments.map, &detector, &table)? {
        eprintln!("pinhole: note: {hint}");
    }
    open::print_warnings(&run_job(ScanJob::new(&table)?).await?);
    let mut job = FillJob::new(&table, &detector)?;
    write_parts(&arguments.out, || Ok((job.advance()?, job.progress())))?;
    let print =
        |line: String| if is_standard_output(&arguments.out) { eprintln!("{line}") } else { println!("{line}") };
    if arguments.json {
        print(serde_json::to_string(job.report())?);
    } else {
        print_report(job.report(), print);
    }
    Ok(())
}

fn print_report(report: &FillReport, print: impl Fn(String)) {
    for column in &report.columns {
        let left = if column.left > 0 {
            format!(", {} left: nothing predicts this column", column.left)
        } else {
            String::new()
        };
        print(format!("{:<24} {} filled{left}", column.name, column.filled));
        if let Some(FillErrors { predicted, constant, neighbours }) = column.errors {
            let (what, usual, unit) = if column.is_categorical {
                ("wrong", "most frequent category", " %")
            } else {
                ("root mean square error", "mean", "")
            };
            let [predicted, constant, neighbours] = [predicted, constant, neighbours].map(|error| {
                if column.is_categorical { format!("{:.1}", 100.0 * error) } else { format!("{error:.4}") }
            });
            print(format!(
                "{:<24} {what} on {} hidden cells {predicted}{unit}; {usual} {constant}{unit}, five neighbours {neighbours}{unit}",
                "", column.hidden
            ));
        }
    }
}
