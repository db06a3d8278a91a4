//! Guesses how a file is to be read, from its first quarter of a megabyte.

mod encoding;
mod header;
mod preamble;
mod shape;
mod structure;

use pinhole_protocol::table::Dialect;

use crate::TableError;
use crate::records::{Rules, Sample, lex_sample};
use crate::source::Content;

/// Bytes that are looked at.
const SAMPLE_BYTES: usize = 1 << 18;

/// Records that are looked at.
const SAMPLE_RECORDS: usize = 1000;

/// Guesses everything but what the columns' cells say (decimal mark, thousands, order of dates), which stay as in
/// [`Dialect::default`].
///
/// # Errors
/// When the file cannot be read, or holds no character.
pub fn guess(content: &mut Content) -> Result<Dialect, TableError> {
    let mut bytes = vec![0; SAMPLE_BYTES];
    let count = content.read_at(0, &mut bytes)?;
    bytes.truncate(count);
    let is_whole = count < SAMPLE_BYTES;
    let encoding = encoding::guess(content, &bytes)?;
    let text = encoding::decode(encoding, &bytes, is_whole);
    if text.trim().is_empty() {
        return Err(TableError::Empty { name: content.name().to_owned() });
    }
    let mut dialect = Dialect { encoding, ..Dialect::default() };
    let rules = structure::guess(&text, is_whole);
    dialect.delimiter = (rules.delimiter as char).to_string();
    dialect.quote = rules.quote.map(|quote| (quote as char).to_string());
    dialect.escape = rules.escape.map(|escape| (escape as char).to_string());
    let sample = read_sample(&text, rules, is_whole);
    dialect.preamble_rows = preamble::rows(&sample.records);
    dialect.has_header = header::is_there(&sample.records, dialect.preamble_rows);
    Ok(dialect)
}

/// Says what is wrong with a dialect that a person changed.
///
/// # Errors
/// [`TableError::BadDialect`].
pub fn check(dialect: &Dialect) -> Result<(), TableError> {
    Rules::new(dialect).map(|_| ())
}

/// The first records; where a quote without a partner would hide them all, those that are there without it.
fn read_sample(text: &str, rules: Rules, is_whole: bool) -> Sample {
    let sample = lex_sample(text, rules, is_whole, SAMPLE_RECORDS);
    let read = sample.records.records().last().map_or(0, |record| record.span().end as usize);
    let is_stuck = sample.records.len() < SAMPLE_RECORDS && 2 * read < text.len();
    if is_stuck && !is_whole { lex_sample(text, rules, true, SAMPLE_RECORDS) } else { sample }
}
