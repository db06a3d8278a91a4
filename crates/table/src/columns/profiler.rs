//! Profile of a table: the columns, the label and warnings, from one pass over the records.

use std::collections::BTreeMap;

use pinhole_protocol::table::{ColumnKind, ColumnSummary, Dialect, LabelGuess, TableWarning};

use super::{
    column_profiler::{ColumnProfiler, Extreme},
    infer_kind::summarise,
    label_candidates::LabelCandidates,
};
use crate::{
    cells::CellFormat,
    records::{Record, RecordBatch},
};

/// Columns that must share an extreme value for it to be suggested as a missing marker.
const MIN_MARKER_COLUMNS: usize = 2;

/// Profiler of a table, in one pass over its records and bounded memory: at most 10,000 hashes and 64 short texts per
/// column, fewer in wide tables, and 2 million hashes in all.
#[derive(Clone, Debug)]
pub struct Profiler {
    names: Vec<String>,
    has_names: Vec<bool>,
    format: CellFormat,
    columns: Vec<ColumnProfiler>,
    label_candidates: LabelCandidates,
}

/// Profile of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The columns, except those without a name and a value at the end of the table.
    pub columns: Vec<ColumnSummary>,
    /// The likely label; `None` if no column looks like one.
    pub label: Option<LabelGuess>,
    /// Warnings about columns and cells.
    pub warnings: Vec<TableWarning>,
}

impl Profiler {
    /// A profiler of columns with this header, and with these names that [`super::clean_names`] made of it.
    pub fn new(header: &[String], names: &[String], dialect: &Dialect) -> Self {
        Self {
            names: names.to_vec(),
            has_names: header.iter().map(|name| dialect.has_header && !name.trim().is_empty()).collect(),
            format: CellFormat::new(dialect),
            columns: vec![ColumnProfiler::new(names.len()); names.len()],
            label_candidates: if dialect.has_header { LabelCandidates::new(names) } else { LabelCandidates::default() },
        }
    }

    /// Adds records, in the file's order.
    pub fn add(&mut self, batch: &RecordBatch) {
        for record in batch.records() {
            self.add_record(&record);
        }
    }

    /// Adds one record.
    pub fn add_record(&mut self, record: &Record<'_>) {
        let row = record.row();
        for (column, profiler) in self.columns.iter_mut().enumerate() {
            profiler.add(row, record.cell(column), &self.format);
        }
        self.label_candidates.add(|column| record.cell(column));
    }

    /// Profile of the records so far.
    pub fn profile(&self) -> Profile {
        let kept = self.kept_columns();
        let mut columns: Vec<ColumnSummary> =
            self.names.iter().zip(&self.columns).take(kept).map(|(name, profiler)| summarise(name, profiler)).collect();
        let label = self.label_candidates.guess(&self.columns).filter(|label| label.column < kept);
        if let Some(label) = &label {
            self.label_candidates.exclude_leaks(label.column, &mut columns);
        }
        let mut warnings = Vec::new();
        if kept < self.names.len() {
            warnings.push(whole_file(excluded_columns_warning(kept + 1, self.names.len())));
        }
        for (column, profiler) in columns.iter().zip(&self.columns) {
            warnings.extend(cell_warnings(column, profiler));
        }
        warnings.extend(self.marker_suggestions(&columns));
        Profile { columns, label, warnings }
    }

    /// Number of columns without those at the end that have neither a name nor a value.
    fn kept_columns(&self) -> usize {
        let is_kept = |column: &usize| self.has_names[*column] || self.columns[*column].present() > 0;
        (0..self.names.len()).rev().find(is_kept).map_or(0, |column| column + 1)
    }

    /// A warning for each value that lies far from all others in several columns, and so is probably a missing marker.
    fn marker_suggestions(&self, columns: &[ColumnSummary]) -> Vec<TableWarning> {
        let mut found: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
        for (column, profiler) in columns.iter().zip(&self.columns) {
            if column.kind == ColumnKind::Numeric {
                let markers = [(profiler.least, profiler.greatest, 1.0), (profiler.greatest, profiler.least, -1.0)];
                for (extreme, opposite, sign) in markers {
                    if can_be_marker(&extreme, &opposite) {
                        found.entry((sign * extreme.value) as i64).or_default().push(&column.name);
                    }
                }
            }
        }
        found.retain(|_, names| names.len() >= MIN_MARKER_COLUMNS);
        found.into_iter().map(|(value, names)| whole_file(marker_suggestion(value, &names))).collect()
    }
}

/// True if an extreme is an integer that occurs repeatedly, at a distance from the next value of more than half of the
/// range of all others. `opposite` is the other extreme, negated.
fn can_be_marker(extreme: &Extreme, opposite: &Extreme) -> bool {
    let gap = extreme.next - extreme.value;
    let rest = -opposite.value - extreme.next;
    let is_integer = extreme.value.fract() == 0.0 && (9.0..1e15).contains(&extreme.value.abs());
    is_integer && extreme.count >= 2 && gap.is_finite() && rest > 0.0 && gap > rest / 2.0
}

fn marker_suggestion(value: i64, names: &[&str]) -> String {
    const NAMED: usize = 3;
    let mut listed: Vec<String> = names.iter().take(NAMED).map(|name| format!("\"{name}\"")).collect();
    if names.len() > NAMED {
        listed.push(format!("{} more columns", names.len() - NAMED));
    }
    let last = listed.pop().unwrap_or_default();
    format!(
        "{value} lies far from all other values in {} and {last}. If it means \"no value\", add it to the missing markers.",
        listed.join(", ")
    )
}

fn excluded_columns_warning(first: usize, last: usize) -> String {
    if first == last {
        format!("Column {first}, the last, has neither a name nor a value: it is left out.")
    } else {
        format!("Columns {first} to {last}, the last ones, have neither names nor values: they are left out.")
    }
}

fn cell_warnings(column: &ColumnSummary, profiler: &ColumnProfiler) -> Vec<TableWarning> {
    let name = &column.name;
    let mut warnings = Vec::new();
    let mut warn = |row, message| warnings.push(TableWarning { row, message });
    let mismatches = match column.kind {
        ColumnKind::Numeric => {
            profiler.first_non_number.as_ref().map(|first| (first, profiler.non_numbers(), "numbers"))
        }
        ColumnKind::DateTime => {
            let non_dates = profiler.present() - profiler.dates;
            profiler.first_non_date.as_ref().map(|first| (first, non_dates, "dates"))
        }
        _ => None,
    };
    if let Some(((row, text), count, what)) = mismatches.filter(|(_, count, _)| *count > 0) {
        let cells = if count == 1 { "1 cell is".to_owned() } else { format!("{count} cells are") };
        warn(
            Some(*row),
            format!("\"{name}\" holds {what}, but {cells} not (first \"{text}\" in row {row}): read as missing."),
        );
    }
    if let Some(row) = profiler.first_out_of_range {
        let count = profiler.out_of_range;
        let cells = if count == 1 { "1 number is".to_owned() } else { format!("{count} numbers are") };
        warn(Some(row), format!("\"{name}\": {cells} infinite or too large (first in row {row}): read as missing."));
    }
    warnings
}

fn whole_file(message: String) -> TableWarning {
    TableWarning { row: None, message }
}
