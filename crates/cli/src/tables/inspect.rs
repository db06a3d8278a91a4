//! `pinhole inspect`: dialect, columns and warnings of a table.

use pinhole_anomaly::jobs::RowsJob;
use pinhole_protocol::table::{ColumnSummary, LabelGuess, TableSummary, TableWarning};
use serde::Serialize;

use super::{
    open::{self, ScannedTable},
    progress_bar::run_job,
};
use crate::arguments::InspectArguments;

/// Output of `--json`.
#[derive(Serialize)]
struct Inspection<'a> {
    format: &'static str,
    parts: Vec<&'a str>,
    encoding: &'static str,
    delimiter: &'a str,
    quote: Option<&'a str>,
    has_header: bool,
    columns: Vec<Column<'a>>,
    label: Option<Label<'a>>,
    entity: Option<&'a str>,
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
    unit: Option<&'a str>,
    missing: u64,
    distinct: u64,
    distinct_is_estimated: bool,
    min: Option<f64>,
    max: Option<f64>,
    excluded: Option<&'a str>,
}

impl<'a> Column<'a> {
    fn new(column: &'a ColumnSummary) -> Self {
        Self {
            name: &column.name,
            kind: column.kind.label(),
            unit: column.unit.as_deref(),
            missing: column.missing,
            distinct: column.distinct,
            distinct_is_estimated: column.is_distinct_estimated,
            min: column.min,
            max: column.max,
            excluded: column.exclusion_reason.as_deref(),
        }
    }
}

/// The likely label in the output of `--json`.
#[derive(Serialize)]
struct Label<'a> {
    column: &'a str,
    anomalous: &'a [String],
}

impl<'a> Label<'a> {
    fn new(guess: &'a LabelGuess, columns: &'a [ColumnSummary]) -> Option<Self> {
        let column = &columns.get(guess.column)?.name;
        Some(Self { column, anomalous: &guess.anomalous_values })
    }
}

/// Prints the dialect, columns and warnings of a table, as text or as JSON.
pub async fn run(arguments: &InspectArguments) -> anyhow::Result<()> {
    let ScannedTable { table, summary } = open::open(&arguments.table, &arguments.reading).await?;
    let dialect = &summary.dialect;
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
    let shared = table.borrow();
    let origin = shared.origin().map(|origin| origin.origin());
    let inspection = Inspection {
        format: origin.map_or("text", |origin| origin.format.label()),
        parts: origin.map_or_else(Vec::new, |origin| origin.parts.iter().map(String::as_str).collect()),
        encoding: dialect.encoding.label(),
        delimiter: &dialect.delimiter,
        quote: dialect.quote.as_deref(),
        has_header: dialect.has_header,
        columns: summary.columns.iter().map(Column::new).collect(),
        label: summary.label.as_ref().and_then(|guess| Label::new(guess, &summary.columns)),
        entity: summary.entity.and_then(|index| summary.columns.get(index)).map(|column| column.name.as_str()),
        warnings: &summary.warnings,
        n_rows: summary.rows,
        rows,
    };
    println!("{}", serde_json::to_string(&inspection)?);
    Ok(())
}

fn print_columns(summary: &TableSummary) {
    for column in &summary.columns {
        let unit = column.unit.as_ref().map_or(String::new(), |unit| format!(" {unit}"));
        let range = match (column.min, column.max) {
            (Some(min), Some(max)) => format!("  {min} to {max}{unit}"),
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
