//! Writer of a scored file.

use pinhole_protocol::table::Dialect;

use super::{
    encode_cells::{encode_cell, encode_number, escape_formula},
    row_writer::RowWriter,
};

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

/// Writer of a scored file: all bytes of the original in their order, with score, percentile, flag and top columns added
/// to each row. The numbers have the decimal mark of the file.
#[derive(Clone, Debug)]
pub struct ScoredWriter {
    rows: RowWriter,
}

impl ScoredWriter {
    /// A writer for a file with this dialect and these column names.
    pub fn new(dialect: &Dialect, names: &[String]) -> Self {
        let mut headings: Vec<String> = ["score", "percentile", "flag"].map(String::from).to_vec();
        headings.extend((1..=TOP_COLUMNS).map(|rank| format!("top_column_{rank}")));
        Self { rows: RowWriter::new(dialect, names, headings) }
    }

    /// The writer of rows below: header, gaps between rows, headings.
    pub const fn rows(&mut self) -> &mut RowWriter {
        &mut self.rows
    }

    /// Appends a row to `out`: its bytes, line end included, with the cells added.
    pub fn row(&mut self, bytes: &[u8], added: &AddedCells<'_>, out: &mut Vec<u8>) {
        let dialect = self.rows.dialect();
        let top = (0..TOP_COLUMNS).map(|rank| added.top_columns.get(rank).copied().unwrap_or_default());
        let cells: Vec<String> = [
            encode_number(added.score, dialect),
            encode_number(added.percentile, dialect),
            u8::from(added.is_flagged).to_string(),
        ]
        .into_iter()
        .chain(top.map(|name| encode_cell(&escape_formula(name), dialect)))
        .collect();
        self.rows.append(bytes, &cells, out);
    }
}
