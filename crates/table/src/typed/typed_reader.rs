//! Parser of records into typed columns.

use std::collections::{HashMap, HashSet};

use pinhole_protocol::table::{ColumnKind, ColumnPlan, Dialect, LabelPlan};

use super::{
    cell_issues::CellIssues,
    dictionary::{Dictionary, MISSING},
    number_column::NumberColumn,
    typed_table::{TypedColumn, TypedTable},
};
use crate::{
    cells::{CellFormat, NumberCell},
    records::{Record, RecordBatch},
};

/// Column to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Name, for warnings.
    pub name: String,
    /// Kind, which determines how cells are parsed. Text, identifiers and constants are read as categories.
    pub kind: ColumnKind,
    /// Index in the records of the file; `None`: the file lacks the column, and every value is missing.
    pub index: Option<usize>,
}

/// Parser of records into a [`TypedTable`], row by row, which keeps no text of cells.
#[derive(Clone, Debug)]
pub struct TypedReader {
    /// Format of each column.
    formats: Vec<CellFormat>,
    columns: Vec<ColumnSpec>,
    label: Option<Label>,
    table: TypedTable,
    /// Issues of each column.
    issues: Vec<CellIssues>,
}

/// Label column of a file.
#[derive(Clone, Debug)]
struct Label {
    index: usize,
    format: CellFormat,
    anomalous_values: HashSet<String>,
}

impl TypedReader {
    /// A reader of the used columns of a plan in a file with these column names. Values of columns that the file lacks
    /// are missing. The label column is never read as a feature, even if the plan uses it.
    pub fn new(dialect: &Dialect, names: &[String], plan: &[ColumnPlan], label: Option<&LabelPlan>) -> Self {
        let indices: HashMap<&str, usize> =
            names.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
        let find = |name: &str| indices.get(name).copied();
        let is_label = |name: &str| label.is_some_and(|label| label.column == name);
        let columns = plan
            .iter()
            .filter(|column| column.used && !is_label(&column.name))
            .map(|column| ColumnSpec { name: column.name.clone(), kind: column.kind, index: find(&column.name) })
            .collect();
        let label = label.and_then(|label| Some((find(&label.column)?, label.anomalous_values.as_slice())));
        Self::with_columns(dialect, columns, label)
    }

    /// A reader of these columns, in this order, and of a label: its index in the file, and its values that mark an
    /// anomaly.
    pub fn with_columns(dialect: &Dialect, columns: Vec<ColumnSpec>, label: Option<(usize, &[String])>) -> Self {
        let typed_columns = columns.iter().map(|column| empty_column(column.kind, columns.len())).collect();
        let label = label.map(|(index, anomalous_values)| Label {
            index,
            format: CellFormat::new(dialect, index),
            anomalous_values: anomalous_values.iter().map(|value| value.trim().to_owned()).collect(),
        });
        Self {
            // A column that the file lacks has no cell to parse.
            formats: columns.iter().map(|spec| CellFormat::new(dialect, spec.index.unwrap_or(usize::MAX))).collect(),
            issues: vec![CellIssues::default(); columns.len()],
            columns,
            label,
            table: TypedTable { columns: typed_columns, ..TypedTable::default() },
        }
    }

    /// Columns that are read.
    pub fn columns(&self) -> &[ColumnSpec] {
        &self.columns
    }

    /// Appends all records.
    pub fn read(&mut self, batch: &RecordBatch) {
        for record in batch.records() {
            self.read_record(&record);
        }
    }

    /// Appends one record.
    pub fn read_record(&mut self, record: &Record<'_>) {
        let columns = self.table.columns.iter_mut().zip(&self.columns).zip(&self.formats).zip(&mut self.issues);
        for (((column, spec), format), issues) in columns {
            let cell = spec.index.map_or("", |index| record.cell(index));
            match column {
                TypedColumn::Numbers(numbers) => numbers.push(read_number(format, cell, record, issues)),
                TypedColumn::Times(times) => times.push(read_time(format, cell, record, issues)),
                TypedColumn::Categories { codes, dictionary } => {
                    let is_missing = format.is_missing(cell);
                    if !is_missing {
                        issues.add_value();
                    }
                    codes.push(if is_missing { MISSING } else { dictionary.code(cell.trim()) });
                }
            }
        }
        if let Some(label) = &self.label {
            let cell = record.cell(label.index).trim();
            let is_anomaly = label.anomalous_values.contains(cell);
            self.table.labels.push((is_anomaly || !label.format.is_missing(cell)).then_some(is_anomaly));
        }
        self.table.row_numbers.push(record.row());
    }

    /// The rows read so far.
    pub fn table(&self) -> &TypedTable {
        &self.table
    }

    /// The rows read so far, mutable.
    pub fn table_mut(&mut self) -> &mut TypedTable {
        &mut self.table
    }

    /// The rows read, without the reader.
    pub fn into_table(self) -> TypedTable {
        self.table
    }

    /// Columns of the file in which no cell has had a value so far.
    pub fn empty_columns(&self) -> impl Iterator<Item = &ColumnSpec> {
        let columns = self.columns.iter().zip(&self.issues);
        columns.filter(|(column, issues)| column.index.is_some() && issues.is_empty()).map(|(column, _)| column)
    }

    /// Warnings about cells that do not fit the kind of their column: text among numbers or dates, and numbers beyond
    /// f32.
    pub fn warnings(&self) -> Vec<String> {
        let columns = self.columns.iter().zip(&self.issues);
        columns.flat_map(|(column, issues)| issues.warnings(&column.name, column.kind)).collect()
    }
}

/// A cell as a number; NaN if it is missing or not a number.
#[inline]
fn read_number(format: &CellFormat, cell: &str, record: &Record<'_>, issues: &mut CellIssues) -> f64 {
    match format.number(cell) {
        NumberCell::Number(value) => {
            issues.add_value();
            return value;
        }
        NumberCell::Missing => {}
        NumberCell::OutOfRange => issues.add_out_of_range(),
        NumberCell::Text => issues.add_mismatch(record.row(), cell),
    }
    f64::NAN
}

/// A cell in seconds (see [`TypedColumn::Times`]); NaN if it is missing or not a date.
fn read_time(format: &CellFormat, cell: &str, record: &Record<'_>, issues: &mut CellIssues) -> f64 {
    if format.is_missing(cell) {
        return f64::NAN;
    }
    if let Some(seconds) = format.time(cell) {
        issues.add_value();
        return seconds;
    }
    issues.add_mismatch(record.row(), cell);
    f64::NAN
}

fn empty_column(kind: ColumnKind, columns: usize) -> TypedColumn {
    match kind {
        ColumnKind::Numeric => TypedColumn::Numbers(NumberColumn::default()),
        ColumnKind::DateTime => TypedColumn::Times(Vec::new()),
        _ => TypedColumn::Categories { codes: Vec::new(), dictionary: Dictionary::new(columns) },
    }
}
