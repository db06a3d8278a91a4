//! All columns' counts while a file streams by, and what follows from them.

use std::collections::BTreeMap;

use pinhole_protocol::table::{ColumnKind, ColumnSummary, Dialect, LabelGuess, TableWarning};

use super::{
    kind::summary_of,
    label::LabelWatch,
    tally::{Extreme, Tally},
};
use crate::{
    cells::CellFormat,
    records::{Record, RecordBatch},
};

/// Columns that must share an extreme value before it is suggested as a missing marker.
const MIN_MARKED: usize = 2;

/// Learns what the columns of a table are from its records, in one pass. Memory is bounded: at
/// most 10,000 hashes and 64 short texts of a column, fewer in wide tables, and 2 million hashes in all.
#[derive(Clone, Debug)]
pub struct Profiler {
    names: Vec<String>,
    has_names: Vec<bool>,
    format: CellFormat,
    tallies: Vec<Tally>,
    label: LabelWatch,
}

/// What was learnt.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The columns. Nameless ones without any value at the end of the table are left out.
    pub columns: Vec<ColumnSummary>,
    /// The column that seems to be the label.
    pub label: Option<LabelGuess>,
    /// What was noticed, a sentence each.
    pub warnings: Vec<TableWarning>,
}

impl Profiler {
    /// For the columns of this header as it stands in the file, and these names made of it by
    /// [`super::clean_names`].
    pub fn new(header: &[String], names: &[String], dialect: &Dialect) -> Self {
        Self {
            names: names.to_vec(),
            has_names: header.iter().map(|name| dialect.has_header && !name.trim().is_empty()).collect(),
            format: CellFormat::new(dialect),
            tallies: vec![Tally::new(names.len()); names.len()],
            label: if dialect.has_header { LabelWatch::new(names) } else { LabelWatch::default() },
        }
    }

    /// Takes more records, in the file's order.
    pub fn add(&mut self, batch: &RecordBatch) {
        for record in batch.records() {
            self.add_record(&record);
        }
    }

    /// Takes one record.
    pub fn add_record(&mut self, record: &Record<'_>) {
        let row = record.row();
        for (column, tally) in self.tallies.iter_mut().enumerate() {
            tally.add(row, record.cell(column), &self.format);
        }
        self.label.add(|column| record.cell(column));
    }

    /// What was learnt so far.
    pub fn profile(&self) -> Profile {
        let kept = self.kept_columns();
        let mut columns: Vec<ColumnSummary> =
            self.names.iter().zip(&self.tallies).take(kept).map(|(name, tally)| summary_of(name, tally)).collect();
        let label = self.label.guess(&self.tallies).filter(|label| label.column < kept);
        if let Some(label) = &label {
            self.label.set_aside(label.column, &mut columns);
        }
        let mut warnings = Vec::new();
        if kept < self.names.len() {
            warnings.push(whole_file(dropped_sentence(kept + 1, self.names.len())));
        }
        for (column, tally) in columns.iter().zip(&self.tallies) {
            warnings.extend(cell_warnings(column, tally));
        }
        warnings.extend(self.marker_suggestions(&columns));
        Profile { columns, label, warnings }
    }

    /// How many columns there are without the empty, nameless ones at the end.
    fn kept_columns(&self) -> usize {
        let is_kept = |column: &usize| self.has_names[*column] || self.tallies[*column].present() > 0;
        (0..self.names.len()).rev().find(is_kept).map_or(0, |column| column + 1)
    }

    /// A value that lies far outside the rest in several columns is probably a marker for "no value".
    fn marker_suggestions(&self, columns: &[ColumnSummary]) -> Vec<TableWarning> {
        let mut found: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
        for (column, tally) in columns.iter().zip(&self.tallies) {
            if column.kind == ColumnKind::Numeric {
                let markers = [(tally.least, tally.greatest, 1.0), (tally.greatest, tally.least, -1.0)];
                for (extreme, opposite, sign) in markers {
                    if is_marker_like(&extreme, &opposite) {
                        found.entry((sign * extreme.value) as i64).or_default().push(&column.name);
                    }
                }
            }
        }
        found.retain(|_, names| names.len() >= MIN_MARKED);
        found.into_iter().map(|(value, names)| whole_file(marker_sentence(value, &names))).collect()
    }
}

/// Whether an extreme is a round number that repeats and lies further from the next value than half of all others'
/// range. `opposite` is the other end, negated.
fn is_marker_like(extreme: &Extreme, opposite: &Extreme) -> bool {
    let gap = extreme.next - extreme.value;
    let rest = -opposite.value - extreme.next;
    let is_round = extreme.value.fract() == 0.0 && (9.0..1e15).contains(&extreme.value.abs());
    is_round && extreme.count >= 2 && gap.is_finite() && rest > 0.0 && gap > rest / 2.0
}

fn marker_sentence(value: i64, names: &[&str]) -> String {
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

fn dropped_sentence(first: usize, last: usize) -> String {
    if first == last {
        format!("Column {first}, the last, has neither a name nor a value: it is left out.")
    } else {
        format!("Columns {first} to {last}, the last ones, have neither names nor values: they are left out.")
    }
}

fn cell_warnings(column: &ColumnSummary, tally: &Tally) -> Vec<TableWarning> {
    let name = &column.name;
    let mut warnings = Vec::new();
    let mut warn = |row, message| warnings.push(TableWarning { row, message });
    let stray = match column.kind {
        ColumnKind::Numeric => tally.first_text.as_ref().map(|first| (first, tally.strays(), "numbers")),
        ColumnKind::DateTime => {
            let strays = tally.present() - tally.dates;
            tally.first_no_date.as_ref().map(|first| (first, strays, "dates"))
        }
        _ => None,
    };
    if let Some(((row, text), count, what)) = stray.filter(|(_, count, _)| *count > 0) {
        let cells = if count == 1 { "1 cell is".to_owned() } else { format!("{count} cells are") };
        warn(
            Some(*row),
            format!("\"{name}\" holds {what}, but {cells} not (first \"{text}\" in row {row}): read as missing."),
        );
    }
    if let Some(row) = tally.first_out_of_range {
        let count = tally.out_of_range;
        let cells = if count == 1 { "1 number is".to_owned() } else { format!("{count} numbers are") };
        warn(Some(row), format!("\"{name}\": {cells} infinite or too large (first in row {row}): read as missing."));
    }
    warnings
}

fn whole_file(message: String) -> TableWarning {
    TableWarning { row: None, message }
}
