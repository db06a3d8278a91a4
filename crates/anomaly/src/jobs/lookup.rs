//! Reading a whole table to search it for a text, or to sort it by a column.

use std::cmp::Ordering;

use pinhole_protocol::table::{ColumnKind, TableActivity, TableProgress};
use pinhole_table::cells::{CellFormat, NumberCell};

use super::job::{Job, ProgressMeter};
use crate::{
    AnomalyError,
    ranking::{ColumnOrder, Lookup, LookupResult, SearchResult},
    table::SharedTable,
    table_reader::TableReader,
};

/// Bytes of a text that it is sorted by.
const KEY_BYTES: usize = 24;

/// Searches or sorts all rows of a table.
pub struct LookupJob {
    table: SharedTable,
    reader: TableReader,
    work: Work,
    meter: ProgressMeter,
}

enum Work {
    Sort { column: usize, format: CellFormat, kind: ColumnKind, keys: Vec<Key> },
    Search { text: String, lower: String, rows: Vec<bool> },
}

/// Sort key of a cell: missing cells first, then numbers and dates, then texts.
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
    /// A job at the table's first row.
    ///
    /// # Errors
    /// When the file cannot be read, or has no such column.
    pub fn new(table: &SharedTable, lookup: Lookup) -> Result<Self, AnomalyError> {
        let work = match lookup {
            Lookup::Column(column) => {
                let table = table.borrow();
                let summary = table.columns().get(column).ok_or_else(|| {
                    AnomalyError::setting("sort", "There is no such column to sort by: choose one of the table's.")
                })?;
                let format = CellFormat::new(table.dialect(), column);
                Work::Sort { column, format, kind: summary.kind, keys: Vec::new() }
            }
            Lookup::Text(text) => Work::Search { lower: text.to_lowercase(), text, rows: Vec::new() },
        };
        let reader = TableReader::new(&table.borrow())?;
        Ok(Self { table: table.clone(), reader, work, meter: ProgressMeter::start(TableActivity::Searching) })
    }

    fn finish(&mut self) -> LookupResult {
        match &mut self.work {
            Work::Sort { column, keys, .. } => {
                let mut rows: Vec<u32> = (0..keys.len() as u32).collect();
                rows.sort_by(|&one, &other| keys[one as usize].compare(&keys[other as usize]));
                LookupResult::Order(ColumnOrder { column: *column, rows })
            }
            Work::Search { text, rows, .. } => {
                LookupResult::Found(SearchResult { text: std::mem::take(text), rows: std::mem::take(rows) })
            }
        }
    }
}

impl Job for LookupJob {
    type Output = LookupResult;

    async fn advance(&mut self) -> Result<Option<LookupResult>, AnomalyError> {
        let table = self.table.borrow();
        let Some(batch) = self.reader.next_batch(&table)? else {
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
        self.meter.set(table.share_read(), self.reader.rows_read());
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}

/// True if `lower` (in lower case) occurs in `cell`, in upper or lower case. Does not allocate.
fn contains_ascii(cell: &str, lower: &str) -> bool {
    cell.as_bytes().windows(lower.len().max(1)).any(|window| window.eq_ignore_ascii_case(lower.as_bytes()))
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::Dialect;

    use super::*;

    #[test]
    fn missing_cells_come_before_numbers_and_those_before_texts() {
        let format = CellFormat::new(&Dialect::default(), 0);
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
