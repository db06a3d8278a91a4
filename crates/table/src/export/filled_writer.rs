//! Writer of a table whose missing cells are filled.

use pinhole_protocol::table::Dialect;

use super::{
    encode_cells::{encode_cell, escape_formula},
    row_writer::RowWriter,
};

/// A cell that was missing, with what it is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledCell {
    /// Index of its column in the file.
    pub column: usize,
    /// Name of the column.
    pub name: String,
    /// The text to write.
    pub text: String,
}

/// Writer of a filled file: rows that lack nothing keep their bytes, in others the missing cells are replaced. An added
/// column, `filled`, names the columns that were filled in each row.
#[derive(Clone, Debug)]
pub struct FilledWriter {
    rows: RowWriter,
}

impl FilledWriter {
    /// A writer for a file with this dialect and these column names.
    pub fn new(dialect: &Dialect, names: &[String]) -> Self {
        Self { rows: RowWriter::new(dialect, names, vec!["filled".into()]) }
    }

    /// The writer of rows below: header, gaps between rows.
    pub const fn rows(&mut self) -> &mut RowWriter {
        &mut self.rows
    }

    /// Appends a row: its bytes, line end included, and its cells, of which some are filled.
    pub fn row<'a>(
        &mut self,
        bytes: &[u8],
        cells: impl Iterator<Item = &'a str>,
        filled: &[FilledCell],
        out: &mut Vec<u8>,
    ) {
        let names: Vec<&str> = filled.iter().map(|cell| cell.name.as_str()).collect();
        let mark = encode_cell(&escape_formula(&names.join("; ")), self.rows.dialect());
        if filled.is_empty() {
            self.rows.append(bytes, &[mark], out);
            return;
        }
        let mut texts: Vec<&str> = cells.collect();
        texts.resize(texts.len().max(self.rows.width()), "");
        for cell in filled {
            if let Some(text) = texts.get_mut(cell.column) {
                *text = &cell.text;
            }
        }
        let mut encoded: Vec<String> = texts.into_iter().map(|text| encode_cell(text, self.rows.dialect())).collect();
        encoded.push(mark);
        self.rows.replace(bytes, &encoded, out);
    }
}
