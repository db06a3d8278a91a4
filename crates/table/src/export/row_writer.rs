//! Writer of a file's rows with cells added to each.

use pinhole_protocol::table::Dialect;

use super::{encode_cells::encode_cell, record_end::CodeUnits};
use crate::encoding::CellEncoder;

/// Writer of all bytes of a file in their order, with cells added before the line ends. The added cells have the
/// delimiter, quotes and encoding of the file.
#[derive(Clone, Debug)]
pub struct RowWriter {
    dialect: Dialect,
    code_units: CodeUnits,
    encoder: CellEncoder,
    headings: Vec<String>,
    /// Cells of the header, or columns if they are more. Rows with fewer are padded, and added cells stand before surplus
    /// ones, so that they are below their headings.
    width: usize,
    text: String,
}

impl RowWriter {
    /// A writer for a file with this dialect and these column names, from which the headings of the added columns are
    /// made to differ.
    pub(super) fn new(dialect: &Dialect, names: &[String], mut headings: Vec<String>) -> Self {
        let is_taken = |heading: &str| names.iter().any(|name| name.trim().eq_ignore_ascii_case(heading));
        for heading in &mut headings {
            let base = heading.clone();
            let mut number = 2;
            while is_taken(heading) {
                *heading = format!("{base} ({number})");
                number += 1;
            }
        }
        Self {
            dialect: dialect.clone(),
            code_units: CodeUnits::new(dialect),
            encoder: CellEncoder::new(dialect.encoding),
            headings,
            width: names.len(),
            text: String::new(),
        }
    }

    /// Dialect of the file.
    pub(super) const fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Cells of the header, or columns of a table without one.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Headings of the added columns.
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Appends the header to `out`: its bytes, line end included, with the headings added.
    pub fn header(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let columns = self.width;
        self.width = self.code_units.record_end(bytes, usize::MAX).cells;
        let headings: Vec<String> = self.headings.iter().map(|heading| encode_cell(heading, &self.dialect)).collect();
        self.append(bytes, &headings, out);
        // A header that lacks names is left as it is: which ones, it does not say.
        self.width = self.width.max(columns);
    }

    /// Appends bytes unchanged: a preamble, blank lines, empty rows at the end.
    pub fn copy(&self, bytes: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(bytes);
    }

    /// Appends a row to `out`: its bytes, line end included, with encoded cells added behind those of its columns.
    pub(super) fn append(&mut self, bytes: &[u8], cells: &[String], out: &mut Vec<u8>) {
        let end = self.code_units.record_end(bytes, self.width);
        self.text.clear();
        // A quote that is never closed would include the added cells, unless it opens behind them.
        if end.has_open_quote && end.cells <= self.width {
            self.text.extend(self.dialect.quote.as_deref());
        }
        for _ in end.cells..self.width {
            self.text.push_str(&self.dialect.delimiter);
        }
        self.push_cells(cells);
        out.extend_from_slice(&bytes[..end.cell_bytes]);
        self.encoder.append(&self.text, out);
        out.extend_from_slice(&bytes[end.cell_bytes..]);
    }

    /// Appends a row of other cells than those that it was read from, encoded, with the line end of its bytes.
    pub(super) fn replace(&mut self, bytes: &[u8], cells: &[String], out: &mut Vec<u8>) {
        let end = self.code_units.record_end(bytes, self.width);
        self.text.clear();
        self.text.extend(cells.first().map(String::as_str));
        self.push_cells(cells.get(1..).unwrap_or_default());
        self.encoder.append(&self.text, out);
        out.extend_from_slice(&bytes[end.content_bytes..]);
    }

    fn push_cells(&mut self, cells: &[String]) {
        for cell in cells {
            self.text.push_str(&self.dialect.delimiter);
            self.text.push_str(cell);
        }
    }
}
