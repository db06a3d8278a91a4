//! Columns that have one value in all rows of the training table, and are not read: another file may bring others.

use pinhole_protocol::table::{ColumnPlan, ColumnSummary, DetectorPlan};
use pinhole_table::{
    cells::{CellFormat, NumberCell},
    preparation::position_of_name,
    records::RecordBatch,
};
use serde::{Deserialize, Serialize};

use crate::table::Table;

/// Characters of a value that a sentence quotes.
const QUOTED_CHARS: usize = 40;

/// Relative difference up to which two numbers are one: sums of decimals differ in their last digits.
const SAME_NUMBER: f64 = 1e-9;

/// A column with one value in all rows, and that value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConstantColumn {
    /// Name of the column.
    pub name: String,
    /// The value, as text of the file; `None` if all cells were missing.
    pub value: Option<String>,
    /// The value, if it is a number.
    pub number: Option<f64>,
}

impl ConstantColumn {
    /// The columns of a table that have one value, and that a plan does not use; the label is none of them.
    pub fn all(plan: &DetectorPlan, columns: &[ColumnSummary]) -> Vec<Self> {
        let is_unused = |plan: &&ColumnPlan| !plan.used;
        let is_label = |name: &str| plan.label.as_ref().is_some_and(|label| label.column == name);
        let unused = plan.columns.iter().filter(is_unused).filter(|column| !is_label(&column.name));
        let summary = |column: &ColumnPlan| columns.iter().find(|summary| summary.name == column.name);
        let constant = |column: &ColumnSummary| {
            let value = column.examples.first().cloned();
            let is_constant = column.distinct == u64::from(value.is_some());
            is_constant.then(|| Self { name: column.name.clone(), value, number: column.min })
        };
        unused.filter_map(summary).filter_map(constant).collect()
    }

    /// True if a cell of another file holds its value.
    fn is_value(&self, cell: &str, format: &CellFormat) -> bool {
        if self.value.as_ref().is_some_and(|value| value.trim() == cell.trim()) {
            return true;
        }
        match (self.number, format.number(cell)) {
            (Some(own), NumberCell::Number(number)) => {
                (own - number).abs() <= SAME_NUMBER * own.abs().max(number.abs())
            }
            _ => false,
        }
    }
}

/// Check of the columns of another file that were constant in training.
pub struct ConstantCheck {
    columns: Vec<CheckedColumn>,
    rows: u64,
}

struct CheckedColumn {
    constant: ConstantColumn,
    /// Index in the file.
    index: usize,
    format: CellFormat,
    /// Cells with another value.
    changed: u64,
    /// Row, from 1, and text of the first of them.
    first: Option<(u64, String)>,
}

impl ConstantCheck {
    /// A check of those of the columns that the file has.
    pub fn new(constants: &[ConstantColumn], table: &Table) -> Self {
        let names = table.column_names();
        let columns = constants.iter().filter_map(|constant| {
            let index = position_of_name(&names, &constant.name)?;
            let format = CellFormat::new(table.dialect(), index);
            Some(CheckedColumn { constant: constant.clone(), index, format, changed: 0, first: None })
        });
        Self { columns: columns.collect(), rows: 0 }
    }

    /// Reads rows. A missing cell has no other value.
    pub fn read(&mut self, batch: &RecordBatch) {
        self.rows += batch.len() as u64;
        for column in &mut self.columns {
            for record in batch.records() {
                let cell = record.cell(column.index);
                if column.constant.is_value(cell, &column.format) || column.format.is_missing(cell) {
                    continue;
                }
                column.changed += 1;
                column.first.get_or_insert_with(|| (record.row(), shortened(cell.trim())));
            }
        }
    }

    /// A sentence on each column that has another value now.
    pub fn notes(&self) -> Vec<String> {
        let note = |column: &CheckedColumn| {
            let (row, first) = column.first.as_ref()?;
            let CheckedColumn { constant: ConstantColumn { name, value, .. }, changed, .. } = column;
            let rows = self.rows;
            Some(value.as_ref().map_or_else(
                || format!("\"{name}\" was empty in training, and has a value in {changed} of {rows} rows now (first \"{first}\" in row {row}); no score counts it."),
                |value| format!("\"{name}\" was always \"{}\" in training, and has another value in {changed} of {rows} rows now (first \"{first}\" in row {row}); no score counts it.", shortened(value)),
            ))
        };
        self.columns.iter().filter_map(note).collect()
    }
}

/// A value as a sentence quotes it.
fn shortened(value: &str) -> String {
    let mut characters = value.chars();
    let start: String = characters.by_ref().take(QUOTED_CHARS).collect();
    if characters.next().is_some() { format!("{start}…") } else { start }
}
