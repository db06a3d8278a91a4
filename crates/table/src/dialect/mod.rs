//! Sniffing of the dialect of a file from its first quarter of a megabyte, as Python's `csv.Sniffer` and CleverCSV do.

mod body;
mod cell_type;
mod comment;
mod detect_encoding;
mod has_header;
mod header_rows;
mod preamble;
mod sniff_syntax;

pub(crate) use cell_type::is_value;
use detect_encoding::EncodingEvidence;
pub use detect_encoding::needs_encoding_guess;
use pinhole_protocol::table::{Dialect, TextEncoding};

use crate::{
    TableError,
    conversion::ConvertedText,
    encoding::decode_text,
    records::{CsvSyntax, FirstRecords, RecordBatch, RecordReader},
    sections::{Sections, end_of_table, first_large},
    source::Content,
};

/// Bytes from which the dialect is sniffed.
const SNIFFED_BYTES: usize = 1 << 18;

/// Sniffs the dialect of a file, except what depends on the columns (decimal mark, thousands separator, order of day
/// and month), which stays as in [`Dialect::default`]; see [`crate::columns::infer_formats`].
///
/// `guess` is the encoding to read a file in that is not Unicode, from [`encoding_sample`]; without it, Windows-1252.
///
/// # Errors
/// [`TableError::Empty`] if the file has no character, or an error of [`Content::read_at`].
pub fn sniff(content: &mut Content, guess: Option<TextEncoding>) -> Result<Dialect, TableError> {
    let encoding = match detect_encoding::encoding_evidence(content)? {
        EncodingEvidence::Unicode(encoding) => encoding,
        EncodingEvidence::Sample(_) => guess.unwrap_or(TextEncoding::Windows1252),
    };
    let (text, is_whole) = first_text(content, encoding)?;
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
    set_structure(content, &first.records, &mut dialect)?;
    Ok(dialect)
}

/// Dialect of a text table that a conversion wrote: no more than its way of writing leaves open is sniffed; `guess` as for
/// [`sniff`].
///
/// # Errors
/// [`TableError::Empty`], or an error of [`Content::read_at`].
pub fn sniff_converted(
    content: &mut Content,
    text: ConvertedText,
    guess: Option<TextEncoding>,
) -> Result<Dialect, TableError> {
    let mut dialect = Dialect::default();
    match text {
        ConvertedText::AsFile => return sniff(content, guess),
        ConvertedText::NamedRecords => return Ok(dialect),
        ConvertedText::Records => {}
    }
    let (text, is_whole) = first_text(content, dialect.encoding)?;
    let records = FirstRecords::lex(&text, CsvSyntax::with_delimiter(b','), is_whole).records;
    set_structure(content, &records, &mut dialect)?;
    Ok(dialect)
}

/// The first characters of a file, and true if these are all.
fn first_text(content: &mut Content, encoding: TextEncoding) -> Result<(String, bool), TableError> {
    let mut bytes = vec![0; SNIFFED_BYTES];
    let count = content.read_at(0, &mut bytes)?;
    bytes.truncate(count);
    let is_whole = count < SNIFFED_BYTES;
    let text = decode_text(encoding, &bytes, is_whole);
    if text.trim().is_empty() {
        return Err(TableError::Empty { name: content.name().to_owned() });
    }
    Ok((text, is_whole))
}

/// Sets where the table is among the first records: after which preamble, with which header, and before which other table.
fn set_structure(content: &mut Content, records: &RecordBatch, dialect: &mut Dialect) -> Result<(), TableError> {
    let mut sections = Sections::default();
    records.records().enumerate().for_each(|(index, record)| sections.add(&record, index as u64, false));
    let tables = sections.tables();
    let filled = records.records().filter(|record| !record.is_blank()).count();
    match first_large(&tables, filled) {
        Some(table) => {
            let start = if table == 0 { 0 } else { tables[table].start as usize };
            let end = tables.get(table + 1).map_or(records.len(), |next| next.start as usize);
            sniff_rows(&records.records_from(start, end), dialect);
            dialect.preamble_rows += start;
            dialect.end = end_of_first_table(content, dialect)?;
        }
        None => sniff_rows(records, dialect),
    }
    Ok(())
}

/// Sniffs preamble, header and units among the first records of a table.
fn sniff_rows(records: &RecordBatch, dialect: &mut Dialect) {
    let body = body::Body::new(records);
    let above_names = body.as_ref().and_then(|body| body.preamble_rows(records)).unwrap_or(0);
    dialect.preamble_rows = preamble::preamble_rows(records).max(above_names);
    dialect.has_header = has_header::has_header(records, dialect.preamble_rows, body.as_ref());
    if dialect.has_header {
        let header = header_rows::header_rows(records, dialect.preamble_rows, body.as_ref());
        (dialect.header_rows, dialect.units_rows) = (header.names, header.units);
    }
}

/// Offset at which the table of a dialect ends, as another one begins in the first megabyte.
fn end_of_first_table(content: &mut Content, dialect: &Dialect) -> Result<Option<u64>, TableError> {
    let start = RecordReader::new(content, dialect)?.preamble_span().end;
    end_of_table(content, dialect, start)
}

/// The lines of a file from which its encoding must be guessed, as it is not Unicode: those with characters other than
/// ASCII, among its first megabytes. `None`: [`sniff`] needs no guess.
///
/// # Errors
/// An error of [`Content::read_at`].
pub fn encoding_sample(content: &mut Content) -> Result<Option<Vec<u8>>, TableError> {
    Ok(match detect_encoding::encoding_evidence(content)? {
        EncodingEvidence::Unicode(_) => None,
        EncodingEvidence::Sample(sample) => Some(sample),
    })
}

/// Validates a dialect that a person changed.
///
/// # Errors
/// [`TableError::BadDialect`] with the reason.
pub fn check(dialect: &Dialect) -> Result<(), TableError> {
    CsvSyntax::new(dialect).map(|_| ())
}
