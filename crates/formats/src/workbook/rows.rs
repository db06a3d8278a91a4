//! Rows of a sheet, one after the other.

use calamine::{Data, Dimensions, Range, XlsxCellReader};
use pinhole_table::TableError;

use super::{
    cell_value::CellValue,
    open::{Reader, refuse},
};

/// Blank rows between two rows with values that are read; of more, the rest is skipped.
const MAX_BLANK_ROWS: u32 = 100;

/// Rows below the first with a value in which merged cells are names of columns.
const HEADER_ROWS: u32 = 4;

/// A row of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    /// Index of the row on the sheet, from 0.
    pub(super) index: u32,
    /// Cells from column A on, up to the last one with a value.
    pub(super) cells: Vec<CellValue>,
}

impl Row {
    pub(super) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_blank()).count()
    }

    pub(super) fn first_filled(&self) -> Option<usize> {
        self.cells.iter().position(|cell| !cell.is_blank())
    }

    pub(super) fn last_filled(&self) -> Option<usize> {
        self.cells.iter().rposition(|cell| !cell.is_blank())
    }

    fn set(&mut self, column: u32, value: CellValue) {
        let column = column as usize;
        if value != CellValue::Empty {
            self.cells.resize(self.cells.len().max(column + 1), CellValue::Empty);
            self.cells[column] = value;
        }
    }
}

/// Cells of a sheet in the order of the file.
pub(super) enum Cells<'a> {
    /// Read as they are asked for.
    Streamed(Box<XlsxCellReader<'a, Reader>>),
    /// All cells were read.
    Ended,
    /// Read before; with the next row of the range.
    Loaded { range: Range<Data>, next: usize },
}

/// Rows of a sheet, without longer runs of blank ones.
pub(super) struct SheetRows<'a> {
    pub(super) name: String,
    pub(super) cells: Cells<'a>,
    /// Merged cells.
    pub(super) merged: Vec<Dimensions>,
    /// Cells with a formula and no value.
    pub(super) uncomputed_cells: u64,
    /// A row that was read ahead.
    ahead: Option<Row>,
    /// First cell of that which follows `ahead`.
    pending: Option<(u32, u32, CellValue)>,
    /// Index of the row that was returned last.
    last: Option<u32>,
    /// Index of the first row with a value.
    first_row: Option<u32>,
}

impl<'a> SheetRows<'a> {
    /// Rows of the workbook `name`.
    pub(super) fn new(name: &str, cells: Cells<'a>, merged: Vec<Dimensions>) -> Self {
        let name = name.to_owned();
        Self { name, cells, merged, uncomputed_cells: 0, ahead: None, pending: None, last: None, first_row: None }
    }

    /// Number of rows that the sheet announces; 0 if none.
    pub(super) fn expected_rows(&self) -> u32 {
        match &self.cells {
            Cells::Streamed(reader) => reader.dimensions().end.0,
            Cells::Loaded { range, .. } => range.end().map_or(0, |(row, _)| row),
            Cells::Ended => 0,
        }
    }

    /// The next row, blank or not.
    ///
    /// # Errors
    /// When the workbook is damaged.
    pub(super) fn next_row(&mut self) -> Result<Option<Row>, TableError> {
        if self.ahead.is_none() {
            self.ahead = self.next_filled()?;
        }
        let Some(ahead) = &self.ahead else { return Ok(None) };
        let blank = match self.last {
            Some(last) if ahead.index > last + 1 => Some((last + 1).max(ahead.index.saturating_sub(MAX_BLANK_ROWS))),
            _ => None,
        };
        let row = match blank {
            Some(index) => Row { index, cells: Vec::new() },
            None => self.ahead.take().unwrap_or_default(),
        };
        self.last = Some(row.index);
        Ok(Some(row))
    }

    /// The next row with a value.
    fn next_filled(&mut self) -> Result<Option<Row>, TableError> {
        let row = match &mut self.cells {
            Cells::Loaded { range, next } => {
                let (start_row, start_column) = range.start().unwrap_or_default();
                let found = range
                    .rows()
                    .enumerate()
                    .skip(*next)
                    .find(|(_, cells)| cells.iter().any(|cell| *cell != Data::Empty));
                found.map(|(index, cells)| {
                    *next = index + 1;
                    let mut row = Row { index: start_row + index as u32, cells: Vec::new() };
                    for (column, cell) in (start_column..).zip(cells) {
                        row.set(column, cell.clone().into());
                    }
                    row
                })
            }
            Cells::Streamed(_) | Cells::Ended => self.next_streamed()?,
        };
        Ok(row.map(|row| self.with_merged_names(row)))
    }

    /// The next row of streamed cells.
    fn next_streamed(&mut self) -> Result<Option<Row>, TableError> {
        let mut row: Option<Row> = None;
        if let Some((index, column, value)) = self.pending.take() {
            let mut started = Row { index, cells: Vec::new() };
            started.set(column, value);
            row = Some(started);
        }
        let Cells::Streamed(reader) = &mut self.cells else { return Ok(row) };
        loop {
            let record = reader.next_cell_with_formula_metadata().map_err(|error| refuse(&self.name, &error))?;
            let Some(record) = record else {
                self.cells = Cells::Ended;
                break;
            };
            let value = CellValue::from(record.value);
            if value == CellValue::Empty {
                self.uncomputed_cells += u64::from(record.formula.is_some());
                continue;
            }
            let (index, column) = record.pos;
            match &mut row {
                Some(row) if row.index == index => row.set(column, value),
                Some(_) => {
                    self.pending = Some((index, column, value));
                    break;
                }
                None => {
                    let mut started = Row { index, cells: Vec::new() };
                    started.set(column, value);
                    row = Some(started);
                }
            }
        }
        Ok(row)
    }

    /// The row with the text of merged cells in each of their columns, if it can be part of the header.
    fn with_merged_names(&mut self, mut row: Row) -> Row {
        let first = *self.first_row.get_or_insert(row.index);
        if row.index >= first + HEADER_ROWS {
            return row;
        }
        for merged in &self.merged {
            let (start, end) = (merged.start.1, merged.end.1);
            let is_title = row.filled() == 1;
            if merged.start.0 != row.index || start == end || is_title {
                continue;
            }
            let value = row.cells.get(start as usize).cloned().unwrap_or_default();
            for column in start + 1..=end {
                row.set(column, value.clone());
            }
        }
        row
    }
}
