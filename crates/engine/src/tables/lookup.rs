//! Looking through a whole table: for a text, or for the values of a column to sort by.

use std::cmp::Ordering;

use pinhole_protocol::table::{ColumnKind, TableActivity, TableProgress};
use pinhole_table::cells::{CellFormat, NumberCell};

use super::{
    job::{Job, Meter},
    pass::Pass,
    scored::{ColumnOrder, Found, Lookup},
    table::SharedTable,
};
use crate::EngineError;

/// Bytes of a text that decide its place in an order.
const KEY_BYTES: usize = 24;

/// What was looked up.
#[derive(Clone, Debug)]
pub enum LookedUp {
    /// An order of all rows.
    Order(ColumnOrder),
    /// The rows with a text.
    Found(Found),
}

/// Looks something up.
pub struct LookupJob {
    table: SharedTable,
    pass: Pass,
    work: Work,
    meter: Meter,
}

enum Work {
    Sort { column: usize, format: CellFormat, kind: ColumnKind, keys: Vec<Key> },
    Search { text: String, lower: String, rows: Vec<bool> },
}

/// A cell by which rows are sorted: missing ones first, then numbers and dates, then texts.
#[derive(Clone, Debug, PartialEq)]
enum Key {
    Missing,
    Number(f64),
    Text(Box<[u8]>),
}

impl Key {
    fn of(cell: &str, format: &CellFormat, kind: ColumnKind) -> Self {
        if format.is_missing(cell) {
            return Self::Missing;
        }
        let number = match kind {
            ColumnKind::DateTime => format.time(cell),
            _ => match format.number(cell) {
                NumberCell::Number(number) => Some(number),
                _ => None,
            },
        };
        number.map_or_else(|| Self::Text(cell.trim().to_lowercase().bytes().take(KEY_BYTES).collect()), Self::Number)
    }

    fn compare(&self, other: &Self) -> Ordering {
        let rank = |key: &Self| match key {
            Self::Missing => 0,
            Self::Number(_) => 1,
            Self::Text(_) => 2,
        };
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one.total_cmp(other),
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

impl LookupJob {
    /// Begins.
    ///
    /// # Errors
    /// When the file cannot be read, or has no such column.
    pub fn new(table: &SharedTable, lookup: Lookup) -> Result<Self, EngineError> {
        let work = match lookup {
            Lookup::Column(column) => {
                let table = table.borrow();
                let summary = table.columns().get(column).ok_or_else(|| {
                    EngineError::setting("sort", "There is no such column to sort by: choose one of the table's.")
                })?;
                let format = CellFormat::new(table.dialect());
                Work::Sort { column, format, kind: summary.kind, keys: Vec::new() }
            }
            Lookup::Text(text) => Work::Search { lower: text.to_lowercase(), text, rows: Vec::new() },
        };
        let pass = Pass::start(&table.borrow())?;
        Ok(Self { table: table.clone(), pass, work, meter: Meter::start(TableActivity::Searching) })
    }

    fn finish(&mut self) -> LookedUp {
        match &mut self.work {
            Work::Sort { column, keys, .. } => {
                let mut rows: Vec<u32> = (0..keys.len() as u32).collect();
                rows.sort_by(|&one, &other| keys[one as usize].compare(&keys[other as usize]));
                LookedUp::Order(ColumnOrder { column: *column, rows })
            }
            Work::Search { text, rows, .. } => {
                LookedUp::Found(Found { text: std::mem::take(text), rows: std::mem::take(rows) })
            }
        }
    }
}

impl Job for LookupJob {
    type Output = LookedUp;

    async fn advance(&mut self) -> Result<Option<LookedUp>, EngineError> {
        let table = self.table.borrow();
        let Some(batch) = self.pass.next(&table)? else {
            drop(table);
            return Ok(Some(self.finish()));
        };
        match &mut self.work {
            Work::Sort { column, format, kind, keys } => {
                keys.extend(batch.records().map(|record| Key::of(record.cell(*column), format, *kind)));
            }
            Work::Search { lower, rows, .. } => {
                let has_text = |cell: &str| {
                    if cell.is_ascii() && lower.is_ascii() {
                        contains_ascii(cell, lower)
                    } else {
                        cell.to_lowercase().contains(&**lower)
                    }
                };
                rows.extend(batch.records().map(|record| record.cells().any(has_text)));
            }
        }
        self.meter.note(table.share_read(), self.pass.rows());
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}

/// Whether `lower` (in lower case) occurs in `cell`, upper or lower case, without an allocation for each cell.
fn contains_ascii(cell: &str, lower: &str) -> bool {
    cell.as_bytes().windows(lower.len().max(1)).any(|window| window.eq_ignore_ascii_case(lower.as_bytes()))
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::Dialect;

    use super::*;

    #[test]
    fn missing_cells_come_before_numbers_and_those_before_texts() {
        let format = CellFormat::new(&Dialect::default());
        let mut cells = ["pear", "10", "", "9", "Apple", "-3.5"];
        let key = |cell: &str| Key::of(cell, &format, ColumnKind::Numeric);
        cells.sort_by(|one, other| key(one).compare(&key(other)));
        assert_eq!(cells, ["", "-3.5", "9", "10", "Apple", "pear"]);
    }

    #[test]
    fn a_text_is_found_whatever_its_case() {
        assert!(contains_ascii("Main Street", "n st"));
        assert!(!contains_ascii("Main", "main street"));
    }
}
