//! Reads records into typed columns.

use std::collections::{HashMap, HashSet};

use pinhole_protocol::table::{ColumnKind, ColumnPlan, Dialect, LabelPlan};

use super::{Dictionary, MISSING, TypedColumn, TypedTable};
use crate::{
    cells::{CellFormat, NumberCell},
    records::{Record, RecordBatch},
};

/// A column to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name, for notes.
    pub name: String,
    /// How its cells are read. Text, identifiers and constants are read as categories.
    pub kind: ColumnKind,
    /// Its place in the file's records; `None`: the file lacks it, and every cell is missing.
    pub index: Option<usize>,
}

/// Turns records into a [`TypedTable`], row by row, without holding text.
#[derive(Clone, Debug)]
pub struct TypedReader {
    format: CellFormat,
    wanted: Vec<Wanted>,
    label: Option<Label>,
    table: TypedTable,
    slips: Vec<Slips>,
}

#[derive(Clone, Debug)]
struct Label {
    index: usize,
    anomalous_values: HashSet<String>,
}

/// What did not fit a column's kind.
#[derive(Clone, Debug, Default)]
struct Slips {
    present: u64,
    unfit: u64,
    out_of_range: u64,
    first_unfit: Option<(u64, String)>,
}

impl TypedReader {
    /// Reads the used columns of a plan from a file with these column names. Columns that the file lacks are missing in
    /// every row. The label's column is never read as a feature, whatever the plan says.
    pub fn new(dialect: &Dialect, names: &[String], plan: &[ColumnPlan], label: Option<&LabelPlan>) -> Self {
        let places: HashMap<&str, usize> =
            names.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        let find = |name: &str| places.get(name).copied();
        let is_label = |name: &str| label.is_some_and(|label| label.column == name);
        let wanted = plan
            .iter()
            .filter(|column| column.used && !is_label(&column.name))
            .map(|column| Wanted { name: column.name.clone(), kind: column.kind, index: find(&column.name) })
            .collect();
        let label = label.and_then(|label| Some((find(&label.column)?, label.anomalous_values.as_slice())));
        Self::of_columns(dialect, wanted, label)
    }

    /// Reads these columns, in this order; and a label at this index, of which these values mean odd.
    pub fn of_columns(dialect: &Dialect, wanted: Vec<Wanted>, label: Option<(usize, &[String])>) -> Self {
        let columns = wanted.iter().map(|column| empty_column(column.kind, wanted.len())).collect();
        let label = label.map(|(index, anomalous_values)| Label {
            index,
            anomalous_values: anomalous_values.iter().map(|value| value.trim().to_owned()).collect(),
        });
        Self {
            format: CellFormat::new(dialect),
            slips: vec![Slips::default(); wanted.len()],
            wanted,
            label,
            table: TypedTable { columns, ..TypedTable::default() },
        }
    }

    /// The columns that are read.
    pub fn wanted(&self) -> &[Wanted] {
        &self.wanted
    }

    /// Appends all records.
    pub fn read(&mut self, batch: &RecordBatch) {
        for record in batch.records() {
            self.read_record(&record);
        }
    }

    /// Appends one record.
    pub fn read_record(&mut self, record: &Record<'_>) {
        let columns = self.table.columns.iter_mut().zip(&self.wanted).zip(&mut self.slips);
        for ((column, wanted), slips) in columns {
            let cell = wanted.index.map_or("", |index| record.cell(index));
            match column {
                TypedColumn::Numbers(numbers) => numbers.push(read_number(&self.format, cell, record, slips)),
                TypedColumn::Times(times) => times.push(read_time(&self.format, cell, record, slips)),
                TypedColumn::Categories { codes, dictionary } => {
                    codes.push(if self.format.is_missing(cell) { MISSING } else { dictionary.code(cell.trim()) });
                }
            }
        }
        if let Some(label) = &self.label {
            let cell = record.cell(label.index).trim();
            let is_odd = label.anomalous_values.contains(cell);
            self.table.labels.push((is_odd || !self.format.is_missing(cell)).then_some(is_odd));
        }
        self.table.row_numbers.push(record.row());
    }

    /// The rows read so far.
    pub fn table(&self) -> &TypedTable {
        &self.table
    }

    /// The rows read so far, to change.
    pub fn table_mut(&mut self) -> &mut TypedTable {
        &mut self.table
    }

    /// Ends reading.
    pub fn into_table(self) -> TypedTable {
        self.table
    }

    /// What did not fit, a sentence a column: text among numbers, other words among dates, numbers without bounds.
    pub fn notes(&self) -> Vec<String> {
        self.wanted.iter().zip(&self.slips).flat_map(|(wanted, slips)| slips.notes(wanted)).collect()
    }
}

impl Slips {
    fn unfit(&mut self, record: &Record<'_>, cell: &str) {
        self.unfit += 1;
        if self.first_unfit.is_none() {
            self.first_unfit = Some((record.row(), cell.chars().take(40).collect()));
        }
    }

    fn notes(&self, Wanted { name, kind, .. }: &Wanted) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some((row, cell)) = &self.first_unfit {
            let what = if *kind == ColumnKind::DateTime { "dates" } else { "numbers" };
            let share = 100.0 * self.unfit as f64 / self.present.max(1) as f64;
            notes.push(format!(
                "\"{name}\" should hold {what}, but {} of its cells ({share:.0} %) are not (first \"{cell}\" in row {row}): \
                 read as missing.",
                self.unfit
            ));
        }
        if self.out_of_range > 0 {
            notes.push(format!(
                "\"{name}\" holds {} infinite or too large numbers: read as missing.",
                self.out_of_range
            ));
        }
        notes
    }
}

#[inline]
fn read_number(format: &CellFormat, cell: &str, record: &Record<'_>, slips: &mut Slips) -> f32 {
    match format.number(cell) {
        NumberCell::Number(value) => {
            slips.present += 1;
            value as f32
        }
        NumberCell::Missing => f32::NAN,
        NumberCell::OutOfRange => {
            slips.present += 1;
            slips.out_of_range += 1;
            f32::NAN
        }
        NumberCell::Text => {
            slips.present += 1;
            slips.unfit(record, cell);
            f32::NAN
        }
    }
}

fn read_time(format: &CellFormat, cell: &str, record: &Record<'_>, slips: &mut Slips) -> f64 {
    if format.is_missing(cell) {
        return f64::NAN;
    }
    slips.present += 1;
    format.time(cell).unwrap_or_else(|| {
        slips.unfit(record, cell);
        f64::NAN
    })
}

fn empty_column(kind: ColumnKind, columns: usize) -> TypedColumn {
    match kind {
        ColumnKind::Numeric => TypedColumn::Numbers(Vec::new()),
        ColumnKind::DateTime => TypedColumn::Times(Vec::new()),
        _ => TypedColumn::Categories { codes: Vec::new(), dictionary: Dictionary::new(columns) },
    }
}
