//! `pinhole inspect`: dialect, columns and warnings of a table.

use pinhole_anomaly::jobs::RowsJob;
use pinhole_protocol::table::{TableSummary, TableWarning};
use serde::Serialize;

use super::{
    open::{self, ScannedTable},
    progress_bar::run_job,
};
use crate::arguments::InspectArguments;

/// Output of `--json`.
#[derive(Serialize)]
struct Inspection<'a> {
    encoding: &'static str,
    delimiter: &'a str,
    quote: Option<&'a str>,
    has_header: bool,
    columns: Vec<Column<'a>>,
    warnings: &'a [TableWarning],
    n_rows: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<Vec<String>>>,
}

/// A column in the output of `--json`.
#[derive(Serialize)]
struct Column<'a> {
    name: &'a str,
    kind: &'static str,
}

/// Prints the dialect, columns and warnings of a table, as text or as JSON.
pub async fn run(arguments: &InspectArguments) -> anyhow::Result<()> {
    let ScannedTable { table, preview, summary } = open::open(&arguments.table, &arguments.reading).await?;
    let dialect = &preview.dialect;
    if !arguments.json {
        println!("{} rows, {} columns", summary.rows, summary.columns.len());
        println!(
            "{}, delimiter {:?}, quote {}, {}",
            dialect.encoding.label(),
            dialect.delimiter,
            dialect.quote.as_deref().unwrap_or("none"),
            if dialect.has_header { "with a header" } else { "without a header" },
        );
        print_columns(&summary);
        open::print_warnings(&summary);
        return Ok(());
    }
    let rows = if arguments.rows { Some(run_job(RowsJob::new(&table)?).await?) } else { None };
    let inspection = Inspection {
        encoding: dialect.encoding.label(),
        delimiter: &dialect.delimiter,
        quote: dialect.quote.as_deref(),
        has_header: dialect.has_header,
        columns: summary
            .columns
            .iter()
            .map(|column| Column { name: &column.name, kind: column.kind.label() })
            .collect(),
        warnings: &summary.warnings,
        n_rows: summary.rows,
        rows,
    };
    println!("{}", serde_json::to_string(&inspection)?);
    Ok(())
}

fn print_columns(summary: &TableSummary) {
    for column in &summary.columns {
        let range = match (column.min, column.max) {
            (Some(min), Some(max)) => format!("  {min} to {max}"),
            _ => String::new(),
        };
        let missing = if column.missing > 0 { format!("  {} missing", column.missing) } else { String::new() };
        let excluded = column.exclusion_reason.as_ref().map_or(String::new(), |reason| format!("  excluded: {reason}"));
        println!(
            "  {:<24} {:<12} {} distinct{range}{missing}{excluded}",
            column.name,
            column.kind.label(),
            column.distinct
        );
    }
    if let Some(label) = &summary.label
        && let Some(column) = summary.columns.get(label.column)
    {
        println!("\"{}\" looks like a label; anomalous: {}", column.name, label.anomalous_values.join(", "));
    }
}
