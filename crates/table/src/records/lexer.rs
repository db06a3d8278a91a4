//! Text to cells, by RFC 4180 and what is made of it.
//!
//! A quote means something only where a cell begins; within, a doubled quote is a quote. Line ends are LF, CRLF and CR,
//! mixed or not. What follows a closing quote belongs to the cell (as in Python's `csv`), but for blanks, which are
//! dropped (as in Papa Parse).

use memchr::{memchr, memchr2};

use super::batch::{CellAt, RecordBatch};
use super::marks::Marks;
use super::notes::Note;
use super::rules::Rules;

/// The longest quoted cell. A quote without its partner would otherwise swallow the rest of the file: such a cell is read
/// again as if its quote meant nothing.
pub const MAX_QUOTED_BYTES: usize = 1 << 20;

/// Cells of a record that are read; more are passed over.
pub const MAX_COLUMNS: usize = 20_000;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It ends before this byte, line end included; its cells are in the batch.
    Record(usize),
    /// The text ends before the record does.
    Incomplete,
}

/// Reads record after record.
#[derive(Debug)]
pub(super) struct Lexer {
    rules: Rules,
    marks: Marks,
    /// What was odd about the last record.
    pub(super) notes: Vec<Note>,
}

/// Where a quoted cell ends.
enum Closing {
    /// At this quote; whether there are quotes or escapes within.
    At(usize, bool),
    /// Nowhere: the quote has no partner.
    Never,
    /// At the end of the file, on the same line; whether there are quotes or escapes within.
    EndOfFile(bool),
    /// Behind the text at hand.
    Beyond,
}

impl Lexer {
    pub(super) const fn new(rules: Rules) -> Self {
        Self { rules, marks: Marks::new(rules.delimiter), notes: Vec::new() }
    }

    /// Makes ready for the record at `at`. Records that follow each other need it only once.
    pub(super) fn seek(&mut self, text: &[u8], at: usize) {
        self.marks.seek(text, at);
    }

    /// Appends the cells of the record at `start`, as ranges of `text`; the batch's record is not ended.
    ///
    /// With `is_last`, the text ends where the file does.
    pub(super) fn record(&mut self, text: &[u8], start: usize, is_last: bool, batch: &mut RecordBatch) -> Step {
        self.notes.clear();
        let mut cell = self.skip_run(text, start);
        let mut beyond = 0_usize;
        loop {
            let Some((end, at, is_quoted)) = self.cell(text, cell, is_last) else { return Step::Incomplete };
            let (start, end) = end.map_or((cell, at), |end| end);
            if batch.open_cells() < MAX_COLUMNS {
                if is_quoted {
                    batch.quoted.push(batch.cells.len() as u32);
                }
                batch.cells.push(CellAt::in_text(start, end));
            } else {
                beyond += 1;
            }
            let step = match text.get(at) {
                None if is_last => Step::Record(text.len()),
                None => Step::Incomplete,
                Some(b'\n') => Step::Record(at + 1),
                Some(b'\r') => self.after_carriage_return(text, at, is_last),
                Some(_) => {
                    cell = self.skip_run(text, at + 1);
                    match text.get(cell) {
                        // Blanks at the end of a line are not one more cell.
                        None | Some(b'\r' | b'\n') if self.rules.merges_runs() => {
                            let at = self.marks.next(text);
                            match text.get(at) {
                                None if is_last => Step::Record(text.len()),
                                None => Step::Incomplete,
                                Some(b'\r') => self.after_carriage_return(text, at, is_last),
                                Some(_) => Step::Record(at + 1),
                            }
                        }
                        _ => continue,
                    }
                }
            };
            if beyond > 0 {
                self.notes.push(Note::TooManyCells);
            }
            return step;
        }
    }

    /// The cell at `start`: its range if that is not all up to the mark, the mark behind it, and whether its range holds
    /// quotes that are to be taken off. `None`: it ends behind the text at hand.
    #[inline]
    #[allow(clippy::type_complexity, reason = "three answers of the innermost loop")]
    fn cell(&mut self, text: &[u8], start: usize, is_last: bool) -> Option<(Option<(usize, usize)>, usize, bool)> {
        if self.rules.quote.is_none() || text.get(start).copied() != self.rules.quote {
            return Some((None, self.marks.next(text), false));
        }
        match self.closing(text, start, is_last) {
            Closing::Beyond => None,
            Closing::Never => {
                self.notes.push(Note::UnclosedQuote);
                Some((None, self.marks.next(text), false))
            }
            Closing::EndOfFile(has_inner) => {
                self.notes.push(Note::UnclosedQuote);
                let from = if has_inner { start } else { start + 1 };
                self.marks.seek(text, text.len());
                Some((Some((from, text.len())), text.len(), has_inner))
            }
            Closing::At(close, has_inner) => {
                self.marks.seek(text, close + 1);
                let at = self.marks.next(text);
                let has_more = text[close + 1..at].iter().any(|&byte| !matches!(byte, b' ' | b'\t'));
                if has_more {
                    self.notes.push(Note::TextAfterQuote);
                    Some((Some((start, at)), at, true))
                } else if has_inner {
                    Some((Some((start, close + 1)), at, true))
                } else {
                    Some((Some((start + 1, close)), at, false))
                }
            }
        }
    }

    /// Where the quote at `start` has its partner.
    fn closing(&self, text: &[u8], start: usize, is_last: bool) -> Closing {
        let Some(quote) = self.rules.quote else { return Closing::Never };
        let bound = (start + 1).saturating_add(MAX_QUOTED_BYTES);
        let within = &text[..text.len().min(bound)];
        let mut at = start + 1;
        let mut has_inner = false;
        loop {
            let rest = within.get(at..).unwrap_or_default();
            let found = match self.rules.escape {
                Some(escape) => memchr2(quote, escape, rest),
                None => memchr(quote, rest),
            };
            let Some(found) = found.map(|found| at + found) else { break };
            match text.get(found + 1) {
                None if !is_last => return Closing::Beyond,
                Some(&next) if text[found] != quote || next == quote => {
                    has_inner = true;
                    at = found + 2;
                }
                _ if text[found] != quote => break,
                _ => return Closing::At(found, has_inner),
            }
        }
        if within.len() == bound {
            Closing::Never
        } else if !is_last {
            Closing::Beyond
        } else if memchr2(b'\r', b'\n', &text[start..]).is_some() {
            Closing::Never
        } else {
            Closing::EndOfFile(has_inner)
        }
    }

    fn after_carriage_return(&mut self, text: &[u8], at: usize, is_last: bool) -> Step {
        match text.get(at + 1) {
            Some(b'\n') => Step::Record(self.marks.next(text) + 1),
            None if !is_last => Step::Incomplete,
            _ => Step::Record(at + 1),
        }
    }

    /// Past the blanks at `at`, where blanks separate.
    #[inline]
    fn skip_run(&mut self, text: &[u8], mut at: usize) -> usize {
        if self.rules.merges_runs() {
            while text.get(at) == Some(&b' ') {
                at += 1;
            }
            self.marks.seek(text, at);
        }
        at
    }
}

/// A cell's bytes without its quotes. `raw` begins with a quote; what follows the closing one is kept as it is.
pub(super) fn unquote(raw: &[u8], rules: Rules) -> Vec<u8> {
    let mut cell = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied().skip(1).peekable();
    while let Some(byte) = bytes.next() {
        let next = bytes.peek().copied();
        if Some(byte) == rules.quote {
            if next != rules.quote {
                break;
            }
            bytes.next();
        } else if Some(byte) == rules.escape && next.is_some() && (next == rules.quote || next == rules.escape) {
            cell.extend(bytes.next());
            continue;
        } else if Some(byte) == rules.escape && next.is_some() {
            cell.push(byte);
            cell.extend(bytes.next());
            continue;
        }
        cell.push(byte);
    }
    cell.extend(bytes);
    cell
}
