//! The first records of a text at hand, to guess from.

use pinhole_protocol::table::TextEncoding;

use super::batch::RecordBatch;
use super::lexer::{Lexer, Step};
use super::notes::Note;
use super::rules::Rules;
use super::text::seal;

/// Records of the start of a file under one reading of it.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    /// The records, blank ones too.
    pub(crate) records: RecordBatch,
    /// Cells in quotes.
    pub(crate) quoted_cells: usize,
    /// Quotes without a partner, and texts behind a closing quote.
    pub(crate) misquoted: usize,
}

/// Reads at most `max_records` of `text`, which is UTF-8. Where `is_whole` is false, the last record is cut off and left
/// out.
pub(crate) fn lex_sample(text: &str, rules: Rules, is_whole: bool, max_records: usize) -> Sample {
    let mut sample = Sample { records: RecordBatch::new(1), ..Sample::default() };
    let bytes = text.as_bytes();
    let mut lexer = Lexer::new(rules);
    let mut at = 0;
    lexer.seek(bytes, 0);
    while at < bytes.len() && sample.records.len() < max_records {
        let Step::Record(end) = lexer.record(bytes, at, is_whole, &mut sample.records) else { break };
        sample.misquoted +=
            lexer.notes.iter().filter(|note| matches!(note, Note::UnclosedQuote | Note::TextAfterQuote)).count();
        sample.records.end_record(at as u64..end as u64);
        at = end;
    }
    sample.records.abandon();
    let is_quote = |at: usize| at.checked_sub(1).is_some_and(|before| Some(bytes[before]) == rules.quote);
    sample.quoted_cells = sample.records.quoted.len()
        + sample.records.cells.iter().filter(|cell| cell.range().is_some_and(|range| is_quote(range.start))).count();
    seal(&mut sample.records, &bytes[..at], TextEncoding::Utf8, rules);
    sample
}
