//! Adds scores to the rows of a file, which keep every byte they had.

use pinhole_protocol::table::Dialect;

use super::{
    encode::{append, cell, guarded, number},
    lexer::Signs,
};

/// Columns to blame that a row names.
pub const TOP_COLUMNS: usize = 3;

/// What is added to a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Addition<'a> {
    /// Its score; a NaN leaves the cell empty.
    pub score: f64,
    /// Share of rows with a lower or equal score, 0 to 1.
    pub percentile: f64,
    /// Whether it is flagged: written 1 or 0.
    pub is_flagged: bool,
    /// The columns most to blame, at most [`TOP_COLUMNS`].
    pub top_columns: &'a [&'a str],
}

/// Writes a scored file: the bytes of the original in their order, with cells added before the line ends. What is added
/// is in the file's delimiter, quotes, encoding and decimal style.
#[derive(Clone, Debug)]
pub struct ScoredWriter {
    dialect: Dialect,
    signs: Signs,
    headings: Vec<String>,
    /// Cells of the header; rows with fewer are filled up, so that scores stand under their headings.
    width: usize,
    text: String,
}

impl ScoredWriter {
    /// For a file that is read like this and has these columns. New headings are made unlike its names.
    pub fn new(dialect: &Dialect, names: &[String]) -> Self {
        let mut headings: Vec<String> = ["score", "percentile", "flag"].map(String::from).to_vec();
        headings.extend((1..=TOP_COLUMNS).map(|place| format!("top_column_{place}")));
        let is_taken = |heading: &str| names.iter().any(|name| name.trim().eq_ignore_ascii_case(heading));
        for heading in &mut headings {
            let wanted = heading.clone();
            let mut number = 2;
            while is_taken(heading) {
                *heading = format!("{wanted} ({number})");
                number += 1;
            }
        }
        Self { dialect: dialect.clone(), signs: Signs::new(dialect), headings, width: names.len(), text: String::new() }
    }

    /// Names of the columns that are added.
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Appends the header's bytes (line end included) with the new names.
    pub fn header(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.width = self.signs.shape(bytes).cells;
        let headings: Vec<String> = self.headings.iter().map(|heading| cell(heading, &self.dialect)).collect();
        self.append(bytes, headings.into_iter(), out);
    }

    /// Appends a row's bytes (line end included) with what was found.
    pub fn row(&mut self, bytes: &[u8], addition: &Addition<'_>, out: &mut Vec<u8>) {
        let dialect = &self.dialect;
        let top = (0..TOP_COLUMNS).map(|place| addition.top_columns.get(place).copied().unwrap_or_default());
        let cells: Vec<String> = [
            number(addition.score, dialect),
            number(addition.percentile, dialect),
            u8::from(addition.is_flagged).to_string(),
        ]
        .into_iter()
        .chain(top.map(|name| cell(&guarded(name), dialect)))
        .collect();
        self.append(bytes, cells.into_iter(), out);
    }

    /// Appends bytes as they are: a preamble, blank lines, what no row was read from.
    pub fn untouched(&self, bytes: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(bytes);
    }

    fn append(&mut self, bytes: &[u8], cells: impl Iterator<Item = String>, out: &mut Vec<u8>) {
        let shape = self.signs.shape(bytes);
        self.text.clear();
        // A quote that was never closed would swallow the score.
        if shape.is_open {
            self.text.extend(self.dialect.quote.as_deref());
        }
        for _ in shape.cells..self.width {
            self.text.push_str(&self.dialect.delimiter);
        }
        for cell in cells {
            self.text.push_str(&self.dialect.delimiter);
            self.text.push_str(&cell);
        }
        out.extend_from_slice(&bytes[..shape.content_bytes]);
        append(&self.text, self.dialect.encoding, out);
        out.extend_from_slice(&bytes[shape.content_bytes..]);
    }
}
