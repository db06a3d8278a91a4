//! Writer of a scored file.

use pinhole_protocol::table::Dialect;

use super::{
    encode_cells::{encode_cell, encode_number, escape_formula},
    record_end::CodeUnits,
};
use crate::encoding::CellEncoder;

/// Top columns per row.
pub const TOP_COLUMNS: usize = 3;

/// Cells that are added to a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddedCells<'a> {
    /// Anomaly score; empty if it is not finite.
    pub score: f64,
    /// Share of rows with a lower or equal score in percent, 0 to 100.
    pub percentile: f64,
    /// True if the score is above the threshold: written as 1, else 0.
    pub is_flagged: bool,
    /// Names of the columns with the largest contributions, at most [`TOP_COLUMNS`].
    pub top_columns: &'a [&'a str],
}

/// Writer of a scored file: all bytes of the original in their order, with cells added before the line ends. The added
/// cells have the delimiter, quotes, encoding and decimal mark of the file.
#[derive(Clone, Debug)]
pub struct ScoredWriter {
    dialect: Dialect,
    code_units: CodeUnits,
    encoder: CellEncoder,
    headings: Vec<String>,
    /// Cells of the header. Rows with fewer are padded, so that the added cells are below their headings.
    width: usize,
    text: String,
}

impl ScoredWriter {
    /// A writer for a file with this dialect and these column names, from which the headings of the added columns
    /// differ.
    pub fn new(dialect: &Dialect, names: &[String]) -> Self {
        let mut headings: Vec<String> = ["score", "percentile", "flag"].map(String::from).to_vec();
        headings.extend((1..=TOP_COLUMNS).map(|rank| format!("top_column_{rank}")));
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
        self.width = self.code_units.record_end(bytes).cells;
        let headings: Vec<String> = self.headings.iter().map(|heading| encode_cell(heading, &self.dialect)).collect();
        self.append(bytes, headings.into_iter(), out);
    }

    /// Appends a row to `out`: its bytes, line end included, with the cells added.
    pub fn row(&mut self, bytes: &[u8], added: &AddedCells<'_>, out: &mut Vec<u8>) {
        let dialect = &self.dialect;
        let top = (0..TOP_COLUMNS).map(|rank| added.top_columns.get(rank).copied().unwrap_or_default());
        let cells: Vec<String> = [
            encode_number(added.score, dialect),
            encode_number(added.percentile, dialect),
            u8::from(added.is_flagged).to_string(),
        ]
        .into_iter()
        .chain(top.map(|name| encode_cell(&escape_formula(name), dialect)))
        .collect();
        self.append(bytes, cells.into_iter(), out);
    }

    /// Appends bytes unchanged: a preamble, blank lines, empty rows at the end.
    pub fn copy(&self, bytes: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(bytes);
    }

    fn append(&mut self, bytes: &[u8], cells: impl Iterator<Item = String>, out: &mut Vec<u8>) {
        let end = self.code_units.record_end(bytes);
        self.text.clear();
        // A quote that is never closed would include the added cells.
        if end.has_open_quote {
            self.text.extend(self.dialect.quote.as_deref());
        }
        for _ in end.cells..self.width {
            self.text.push_str(&self.dialect.delimiter);
        }
        for cell in cells {
            self.text.push_str(&self.dialect.delimiter);
            self.text.push_str(&cell);
        }
        out.extend_from_slice(&bytes[..end.content_bytes]);
        self.encoder.append(&self.text, out);
        out.extend_from_slice(&bytes[end.content_bytes..]);
    }
}
