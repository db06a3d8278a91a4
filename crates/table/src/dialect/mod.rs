//! Sniffing of the dialect of a file from its first quarter of a megabyte, as Python's `csv.Sniffer` and CleverCSV do.

mod cell_type;
mod comment;
mod detect_encoding;
mod has_header;
mod header_rows;
mod preamble;
mod sniff_syntax;

use pinhole_protocol::table::Dialect;

use crate::{
    TableError,
    records::{CsvSyntax, FirstRecords},
    source::Content,
};

/// Bytes from which the dialect is sniffed.
const SNIFFED_BYTES: usize = 1 << 18;

/// Sniffs the dialect of a file, except what depends on the columns (decimal mark, thousands separator, order of day
/// and month), which stays as in [`Dialect::default`]; see [`crate::columns::infer_formats`].
///
/// # Errors
/// [`TableError::Empty`] if the file has no character, or an error of [`Content::read_at`].
pub fn sniff(content: &mut Content) -> Result<Dialect, TableError> {
    let mut bytes = vec![0; SNIFFED_BYTES];
    let count = content.read_at(0, &mut bytes)?;
    bytes.truncate(count);
    let is_whole = count < SNIFFED_BYTES;
    let encoding = detect_encoding::detect_encoding(content, &bytes)?;
    let text = detect_encoding::decode(encoding, &bytes, is_whole);
    if text.trim().is_empty() {
        return Err(TableError::Empty { name: content.name().to_owned() });
    }
    let mut dialect = Dialect { encoding, ..Dialect::default() };
    let syntax = sniff_syntax::sniff_syntax(&text, is_whole);
    dialect.delimiter = (syntax.delimiter as char).to_string();
    dialect.quote = syntax.quote.map(|quote| (quote as char).to_string());
    dialect.escape = syntax.escape.map(|escape| (escape as char).to_string());
    dialect.skips_spaces = syntax.skips_spaces;
    let mut first = FirstRecords::lex(&text, syntax, is_whole);
    if let Some(comment) = comment::comment(&first.records) {
        dialect.comment = Some((comment as char).to_string());
        first = FirstRecords::lex(&text, CsvSyntax { comment: Some(comment), ..syntax }, is_whole);
    }
    dialect.preamble_rows = preamble::preamble_rows(&first.records);
    dialect.has_header = has_header::has_header(&first.records, dialect.preamble_rows);
    if dialect.has_header {
        let header = header_rows::header_rows(&first.records, dialect.preamble_rows);
        (dialect.header_rows, dialect.units_rows) = (header.names, header.units);
    }
    Ok(dialect)
}

/// Validates a dialect that a person changed.
///
/// # Errors
/// [`TableError::BadDialect`] with the reason.
pub fn check(dialect: &Dialect) -> Result<(), TableError> {
    CsvSyntax::new(dialect).map(|_| ())
}
