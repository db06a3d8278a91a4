//! Lexer of delimited text: cells of one record at a time (RFC 4180 and its common variants).
//!
//! A quote is special only at the start of a cell; within a quoted cell, a doubled quote is a quote. Line ends are LF,
//! CRLF and CR, mixed or not. Text between a closing quote and the end of the cell belongs to the cell (as in Python's
//! `csv`), except for spaces and tabs alone, which are dropped (as in Papa Parse).

use memchr::{memchr, memchr2};

use super::{
    csv_syntax::CsvSyntax,
    limits::{MAX_COLUMNS, MAX_QUOTED_BYTES},
    record_batch::{CellRange, RecordBatch},
    record_issues::RecordIssue,
    structural_index::StructuralIndex,
};

/// Result of lexing one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LexOutcome {
    /// The record's cells are in the batch; the next record begins at this byte.
    Record(usize),
    /// The text ends before the record does.
    Incomplete,
}

/// Splits text into the cells of record after record.
#[derive(Debug)]
pub(super) struct Lexer {
    syntax: CsvSyntax,
    structural_index: StructuralIndex,
    /// Issues of the record last lexed.
    pub(super) issues: Vec<RecordIssue>,
}

/// End of a quoted cell.
enum ClosingQuote {
    /// The closing quote is at `position`; `has_inner`: quotes or escapes lie within the cell.
    At { position: usize, has_inner: bool },
    /// There is none: the opening quote is an ordinary character.
    Missing,
    /// There is none, but the file ends on the same line, which closes the cell.
    EndOfFile { has_inner: bool },
    /// It lies beyond the text, if anywhere.
    Beyond,
}

/// Position of one cell in the text.
struct LexedCell {
    /// Range of the cell; `None`: it is everything up to `end`.
    range: Option<(usize, usize)>,
    /// Position of the delimiter or line end after the cell.
    end: usize,
    /// True if the range includes quotes that are still to be removed.
    is_quoted: bool,
}

impl Lexer {
    pub(super) const fn new(syntax: CsvSyntax) -> Self {
        Self { syntax, structural_index: StructuralIndex::new(syntax.delimiter), issues: Vec::new() }
    }

    /// Prepares for the record at `position` of `text`. Consecutive records need only one call, before the first.
    pub(super) fn seek(&mut self, text: &[u8], position: usize) {
        self.structural_index.seek(text, position);
    }

    /// Appends the cells of the record at `start` to the open record of the batch, as ranges of `text`.
    ///
    /// `is_last`: the text ends where the file does.
    pub(super) fn lex_record(
        &mut self,
        text: &[u8],
        start: usize,
        is_last: bool,
        batch: &mut RecordBatch,
    ) -> LexOutcome {
        self.issues.clear();
        let mut cell_start = self.skip_spaces(text, start);
        let mut surplus_cells = 0_usize;
        loop {
            let Some(LexedCell { range, end, is_quoted }) = self.lex_cell(text, cell_start, is_last) else {
                return LexOutcome::Incomplete;
            };
            let (from, to) = range.unwrap_or((cell_start, end));
            if batch.open_cells() < MAX_COLUMNS {
                if is_quoted {
                    batch.quoted.push(batch.cells.len() as u32);
                }
                batch.cells.push(CellRange::in_text(from, to));
            } else {
                surplus_cells += 1;
            }
            let outcome = match text.get(end) {
                None if is_last => LexOutcome::Record(text.len()),
                None => LexOutcome::Incomplete,
                Some(b'\n') => LexOutcome::Record(end + 1),
                Some(b'\r') => self.after_carriage_return(text, end, is_last),
                Some(_) => {
                    cell_start = self.skip_spaces(text, end + 1);
                    match text.get(cell_start) {
                        // Spaces at the end of a line do not begin another cell.
                        None | Some(b'\r' | b'\n') if self.syntax.merges_delimiter_runs() => {
                            let line_end = self.structural_index.next(text);
                            match text.get(line_end) {
                                None if is_last => LexOutcome::Record(text.len()),
                                None => LexOutcome::Incomplete,
                                Some(b'\r') => self.after_carriage_return(text, line_end, is_last),
                                Some(_) => LexOutcome::Record(line_end + 1),
                            }
                        }
                        _ => continue,
                    }
                }
            };
            if surplus_cells > 0 {
                self.issues.push(RecordIssue::TooManyCells);
            }
            return outcome;
        }
    }

    /// The cell at `start`; `None`: it ends beyond the text.
    #[inline]
    fn lex_cell(&mut self, text: &[u8], cell_start: usize, is_last: bool) -> Option<LexedCell> {
        let start = if self.syntax.skips_spaces { self.quote_after_spaces(text, cell_start) } else { cell_start };
        if self.syntax.quote.is_none() || text.get(start).copied() != self.syntax.quote {
            return Some(LexedCell { range: None, end: self.structural_index.next(text), is_quoted: false });
        }
        match self.closing_quote(text, start, is_last) {
            ClosingQuote::Beyond => None,
            ClosingQuote::Missing => {
                self.issues.push(RecordIssue::UnclosedQuote);
                Some(LexedCell { range: None, end: self.structural_index.next(text), is_quoted: false })
            }
            ClosingQuote::EndOfFile { has_inner } => {
                self.issues.push(RecordIssue::UnclosedQuote);
                let (from, end) = (if has_inner { start } else { start + 1 }, text.len());
                self.structural_index.seek(text, end);
                Some(LexedCell { range: Some((from, end)), end, is_quoted: has_inner })
            }
            ClosingQuote::At { position, has_inner } => {
                self.structural_index.seek(text, position + 1);
                let end = self.structural_index.next(text);
                let has_text_after = text[position + 1..end].iter().any(|&byte| !matches!(byte, b' ' | b'\t'));
                let (range, is_quoted) = if has_text_after {
                    self.issues.push(RecordIssue::TextAfterQuote);
                    ((start, end), true)
                } else if has_inner {
                    ((start, position + 1), true)
                } else {
                    ((start + 1, position), false)
                };
                Some(LexedCell { range: Some(range), end, is_quoted })
            }
        }
    }

    /// Position of a quote after the spaces at `start`; `start` if there is none.
    fn quote_after_spaces(&self, text: &[u8], start: usize) -> usize {
        let spaces = text[start..].iter().take_while(|&&byte| byte == b' ').count();
        let at = start + spaces;
        if text.get(at).copied() == self.syntax.quote { at } else { start }
    }

    /// Closing quote of the cell whose opening quote is at `start`.
    fn closing_quote(&self, text: &[u8], start: usize, is_last: bool) -> ClosingQuote {
        let Some(quote) = self.syntax.quote else { return ClosingQuote::Missing };
        let bound = (start + 1).saturating_add(MAX_QUOTED_BYTES);
        let within = &text[..text.len().min(bound)];
        let mut next = start + 1;
        let mut has_inner = false;
        loop {
            let rest = within.get(next..).unwrap_or_default();
            let found = match self.syntax.escape {
                Some(escape) => memchr2(quote, escape, rest),
                None => memchr(quote, rest),
            };
            let Some(found) = found.map(|found| next + found) else { break };
            match text.get(found + 1) {
                None if !is_last => return ClosingQuote::Beyond,
                Some(&following) if text[found] != quote || following == quote => {
                    has_inner = true;
                    next = found + 2;
                }
                _ if text[found] != quote => break,
                _ => return ClosingQuote::At { position: found, has_inner },
            }
        }
        if within.len() == bound {
            ClosingQuote::Missing
        } else if !is_last {
            ClosingQuote::Beyond
        } else if memchr2(b'\r', b'\n', &text[start..]).is_some() {
            ClosingQuote::Missing
        } else {
            ClosingQuote::EndOfFile { has_inner }
        }
    }

    fn after_carriage_return(&mut self, text: &[u8], position: usize, is_last: bool) -> LexOutcome {
        match (text.get(position + 1), text.get(position + 2)) {
            (Some(b'\n'), _) => LexOutcome::Record(self.structural_index.next(text) + 1),
            // CR CR LF is what a program for Windows makes of CR LF.
            (Some(b'\r'), Some(b'\n')) => {
                self.structural_index.next(text);
                LexOutcome::Record(self.structural_index.next(text) + 1)
            }
            (None, _) | (Some(b'\r'), None) if !is_last => LexOutcome::Incomplete,
            _ => LexOutcome::Record(position + 1),
        }
    }

    /// Position of the first character from `position` on that is not a space, where spaces are the delimiter; else
    /// `position`.
    #[inline]
    fn skip_spaces(&mut self, text: &[u8], mut position: usize) -> usize {
        if self.syntax.merges_delimiter_runs() {
            while text.get(position) == Some(&b' ') {
                position += 1;
            }
            self.structural_index.seek(text, position);
        }
        position
    }
}
