//! First records of a file, lexed with a candidate syntax, from which the dialect is sniffed.

use memchr::memchr;
use pinhole_protocol::table::TextEncoding;

use super::{
    cell_text::decode_cells,
    csv_syntax::CsvSyntax,
    lexer::{LexOutcome, Lexer},
    record_batch::RecordBatch,
    record_issues::RecordIssue,
};
use crate::encoding::CellDecoder;

/// Records that are lexed at most.
const MAX_RECORDS: usize = 1000;

/// First records of a file under one syntax.
#[derive(Debug, Default)]
pub(crate) struct FirstRecords {
    /// The records, blank lines included.
    pub(crate) records: RecordBatch,
    /// Number of quoted cells.
    pub(crate) quoted_cells: usize,
    /// Number of cells with a quote that is never closed, or with text after a closing quote.
    pub(crate) misquoted_cells: usize,
}

impl FirstRecords {
    /// Lexes `text`, the beginning of a file; `is_whole`: the file ends where the text does. Where a quote that is
    /// never closed would hide more than half of the text, it is an ordinary character.
    pub(crate) fn lex(text: &str, syntax: CsvSyntax, is_whole: bool) -> Self {
        let first = Self::lex_to_end(text, syntax, is_whole);
        let lexed_bytes = first.records.records().last().map_or(0, |record| record.span().end as usize);
        let is_stuck = first.records.len() < MAX_RECORDS && 2 * lexed_bytes < text.len();
        if is_stuck && !is_whole { Self::lex_to_end(text, syntax, true) } else { first }
    }

    /// Lexes `text`; unless `is_last`, an incomplete last record is excluded.
    fn lex_to_end(text: &str, syntax: CsvSyntax, is_last: bool) -> Self {
        let mut first = Self { records: RecordBatch::new(1), ..Self::default() };
        let bytes = text.as_bytes();
        let mut lexer = Lexer::new(syntax);
        let mut position = 0;
        lexer.seek(bytes, 0);
        while position < bytes.len() && first.records.len() < MAX_RECORDS {
            if syntax.comment.is_some_and(|comment| bytes[position] == comment) {
                position += memchr(b'\n', &bytes[position..]).map_or(bytes.len() - position, |end| end + 1);
                lexer.seek(bytes, position);
                continue;
            }
            let LexOutcome::Record(end) = lexer.lex_record(bytes, position, is_last, &mut first.records) else { break };
            let is_misquoted =
                |issue: &&RecordIssue| matches!(issue, RecordIssue::UnclosedQuote | RecordIssue::TextAfterQuote);
            first.misquoted_cells += lexer.issues.iter().filter(is_misquoted).count();
            first.records.end_record(position as u64..end as u64);
            position = end;
        }
        first.records.discard_open_record();
        let follows_quote =
            |start: usize| start.checked_sub(1).is_some_and(|before| Some(bytes[before]) == syntax.quote);
        let cells = first.records.cells.iter();
        first.quoted_cells = first.records.quoted.len()
            + cells.filter(|cell| cell.range().is_some_and(|range| follows_quote(range.start))).count();
        decode_cells(&mut first.records, &bytes[..position], &CellDecoder::new(TextEncoding::Utf8, None), syntax);
        first
    }
}
