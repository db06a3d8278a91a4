//! Opening of a table, and the plan of a detector for it, as the arguments say.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use pinhole_anomaly::{
    SharedTable,
    jobs::{LabelCheckJob, OpenJob, ScanJob},
};
use pinhole_formats::AllFormats;
use pinhole_protocol::table::{
    ColumnKind, ColumnPlan, DecimalMark, DetectorPlan, Dialect, LabelPlan, TablePreview, TableSummary, TableWarning,
};
use pinhole_table::source::{FileSource, MemorySource, SharedSource};

use super::progress_bar::run_job;
use crate::arguments::{DetectorArguments, LabelArguments, ReadArguments};

/// A table that was read to its end once.
pub struct ScannedTable {
    pub table: SharedTable,
    pub summary: TableSummary,
}

/// Value of `--entity` and `--time` for no column.
const NO_COLUMN: &str = "none";
/// Path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Opens one file as a table, or several with the same columns, and reads it to its end. Its dialect is inferred, except
/// for the arguments' settings.
pub async fn open(paths: &[PathBuf], reading: &ReadArguments) -> anyhow::Result<ScannedTable> {
    let (table, _) = open_unscanned(paths, reading).await?;
    let summary = run_job(ScanJob::new(&table)?).await?;
    Ok(ScannedTable { table, summary })
}

/// Opens a table and reads its first rows only.
pub async fn open_unscanned(paths: &[PathBuf], reading: &ReadArguments) -> anyhow::Result<(SharedTable, TablePreview)> {
    let files: Vec<SharedSource> = paths.iter().map(|path| source(path)).collect::<anyhow::Result<_>>()?;
    let (table, preview) = open_part(files, reading.sheet.as_deref()).await?;
    let dialect = with_arguments(preview.dialect.clone(), reading);
    if dialect == preview.dialect {
        return Ok((table, preview));
    }
    let reread = table.borrow().reread(dialect)?;
    Ok(reread)
}

/// Opens files: the sheet, or other part of them, with this name; or the most likely one.
async fn open_part(files: Vec<SharedSource>, name: Option<&str>) -> anyhow::Result<(SharedTable, TablePreview)> {
    let opened = run_job(OpenJob::new(files.clone(), None, &AllFormats)?).await?;
    let Some(name) = name else { return Ok(opened) };
    let parts = opened.1.origin.as_ref().map_or_else(Vec::new, |origin| origin.parts.clone());
    let Some(part) = parts.iter().position(|part| part == name) else {
        let names: Vec<&str> = parts.iter().map(String::as_str).collect();
        bail!(
            "there is no sheet \"{name}\": {}",
            if names.is_empty() { "the file is text".into() } else { join_names(&names) }
        );
    };
    run_job(OpenJob::new(files, Some(part), &AllFormats)?).await
}

/// The file at a path, or standard input, which is held in memory.
fn source(path: &Path) -> anyhow::Result<SharedSource> {
    if path != Path::new(STANDARD_INPUT) {
        return Ok(SharedSource::new(Box::new(FileSource::open(path)?)));
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
    Ok(SharedSource::new(Box::new(MemorySource::new("standard input", bytes))))
}

fn with_arguments(mut dialect: Dialect, reading: &ReadArguments) -> Dialect {
    if let Some(delimiter) = &reading.delimiter {
        dialect.delimiter.clone_from(delimiter);
    }
    if let Some(encoding) = reading.encoding {
        dialect.encoding = encoding;
    }
    dialect.has_header &= !reading.no_header;
    if reading.decimal_comma {
        dialect.decimal = DecimalMark::Comma;
    }
    dialect.missing_markers.extend(reading.missing.iter().cloned());
    dialect
}

/// Prints the warnings on standard error.
pub fn print_warnings(summary: &TableSummary) {
    for TableWarning { row, message } in &summary.warnings {
        match row {
            Some(row) => eprintln!("pinhole: note: row {row}: {message}"),
            None => eprintln!("pinhole: note: {message}"),
        }
    }
    if summary.more_warnings > 0 {
        eprintln!("pinhole: note: {} more like these", summary.more_warnings);
    }
}

/// Prints what is wrong with the label of a plan, if it has one: before training, as that may take long.
pub async fn check_label(table: &SharedTable, plan: &DetectorPlan) -> anyhow::Result<()> {
    if plan.label.is_some() {
        for warning in run_job(LabelCheckJob::new(table, plan)?).await? {
            eprintln!("pinhole: note: {warning}");
        }
    }
    Ok(())
}

/// Returns the plan of a detector for the table.
pub fn detector_plan(
    summary: &TableSummary,
    labels: &LabelArguments,
    detector: &DetectorArguments,
) -> anyhow::Result<DetectorPlan> {
    let names: Vec<&str> = summary.columns.iter().map(|column| column.name.as_str()).collect();
    for name in detector.ignore.iter().chain(&labels.label) {
        if !names.contains(&name.as_str()) {
            bail!("the table has no column \"{name}\": it has {}", join_names(&names));
        }
    }
    let guess = summary.label.as_ref();
    let label = label_plan(summary, labels)?;
    let entity = entity(summary, label.as_ref(), detector)?;
    let guessed = guess.and_then(|guess| names.get(guess.column)).copied();
    let is_feature = |name: &str| {
        let is_label = label.as_ref().map_or(guessed, |label| Some(label.column.as_str())) == Some(name);
        !is_label && !detector.ignore.iter().any(|ignored| ignored == name)
    };
    let columns = summary.columns.iter().map(|column| ColumnPlan {
        name: column.name.clone(),
        kind: column.kind,
        used: column.exclusion_reason.is_none() && column.kind.is_usable() && is_feature(&column.name),
    });
    Ok(DetectorPlan {
        columns: columns.collect(),
        label,
        entity,
        time: time(summary, detector)?,
        method: detector.method.into(),
        scaling: detector.scaling.into(),
        contamination: detector.contamination,
        ..DetectorPlan::default()
    })
}

/// The column that says to which entity a row belongs; `None`: rows are compared with all.
fn entity(
    summary: &TableSummary,
    label: Option<&LabelPlan>,
    detector: &DetectorArguments,
) -> anyhow::Result<Option<String>> {
    let name = |index: usize| summary.columns.get(index).map(|column| column.name.clone());
    let is_ignored = |name: &String| detector.ignore.contains(name);
    let entity = match detector.entity.as_deref() {
        Some(NO_COLUMN) => None,
        Some(chosen) => Some(chosen.to_owned()),
        None => summary.entity.and_then(name).filter(|name| !is_ignored(name)),
    };
    let Some(entity) = entity else { return Ok(None) };
    if !summary.columns.iter().any(|column| column.name == entity) {
        let names: Vec<&str> = summary.columns.iter().map(|column| column.name.as_str()).collect();
        bail!("the table has no column \"{entity}\": it has {}", join_names(&names));
    }
    if label.is_some_and(|label| label.column == entity) {
        bail!("\"{entity}\" is the label, and cannot be the entity too");
    }
    if detector.entity.is_none() {
        eprintln!("pinhole: note: rows are compared within \"{entity}\"; --entity none compares them with all");
    }
    Ok(Some(entity))
}

/// The column with the time of each row; `None`: no row is compared with those before it.
fn time(summary: &TableSummary, detector: &DetectorArguments) -> anyhow::Result<Option<String>> {
    let Some(chosen) = detector.time.as_deref().filter(|chosen| *chosen != NO_COLUMN) else { return Ok(None) };
    if summary.columns.iter().any(|column| column.name == chosen && column.kind == ColumnKind::DateTime) {
        return Ok(Some(chosen.to_owned()));
    }
    let dates = summary.columns.iter().filter(|column| column.kind == ColumnKind::DateTime);
    let names: Vec<&str> = dates.map(|column| column.name.as_str()).collect();
    let found = if names.is_empty() { "none has dates".into() } else { format!("dates are in {}", join_names(&names)) };
    bail!("the table has no column \"{chosen}\" of dates: {found}");
}

fn label_plan(summary: &TableSummary, labels: &LabelArguments) -> anyhow::Result<Option<LabelPlan>> {
    if labels.unlabelled {
        return Ok(None);
    }
    let guess = summary.label.as_ref();
    let guessed_name = guess.and_then(|guess| summary.columns.get(guess.column)).map(|column| &column.name);
    let Some(column) = labels.label.as_ref().or(guessed_name).cloned() else { return Ok(None) };
    let anomalous_values = if !labels.anomalous.is_empty() {
        labels.anomalous.clone()
    } else if let Some(guess) = guess.filter(|_| guessed_name == Some(&column)) {
        guess.anomalous_values.clone()
    } else {
        let own = summary.columns.iter().find(|own| own.name == column);
        if let Some([only]) = own.map(|own| &own.values[..]) {
            bail!("\"{column}\" has one value only, \"{}\", so that it tells no anomaly from a normal row", only.value);
        }
        bail!("name the values of \"{column}\" that mark an anomaly, with --anomalous");
    };
    if labels.label.is_none() {
        eprintln!(
            "pinhole: note: \"{column}\" is used as the label; anomalous: {}. A detector learns from the rows that it calls \
             normal; --unsupervised only measures by it, --unlabelled ignores it",
            anomalous_values.join(", ")
        );
    }
    Ok(Some(LabelPlan { column, anomalous_values }))
}

/// Joins the first 20 names.
fn join_names(names: &[&str]) -> String {
    const SHOWN: usize = 20;
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    format!("{}{more}", names[..names.len().min(SHOWN)].join(", "))
}
