//! Records of a file, piece by piece, whatever they mean.

use std::ops::Range;

use memchr::{memchr, memchr2};
use pinhole_protocol::table::TextEncoding;

use super::batch::RecordBatch;
use super::lexer::{Lexer, Step};
use super::notes::Note;
use super::rules::Rules;
use super::text::{Utf16, bytes_in_file, seal};
use crate::TableError;
use crate::source::Content;

/// The longest record, as UTF-8 or in the file's own bytes. What goes beyond is not read.
pub const MAX_RECORD_BYTES: usize = 4 << 20;

/// Bytes read at once.
pub const PIECE_BYTES: usize = 1 << 20;

/// Records in a batch.
pub const MAX_BATCH_RECORDS: usize = 20_000;

/// Reads records in the file's order. It holds at most [`MAX_RECORD_BYTES`] and a piece of the file.
#[derive(Debug)]
pub(super) struct Stream {
    rules: Rules,
    encoding: TextEncoding,
    lexer: Lexer,
    piece: Vec<u8>,
    utf16: Utf16,
    /// Text from the file; that before `used` is dealt with.
    text: Vec<u8>,
    used: usize,
    /// Where `text[used]` lies in the file.
    offset: u64,
    /// Where the file is read on.
    read_to: u64,
    is_at_end: bool,
    /// Whether the text at hand holds no whole record.
    is_hungry: bool,
    overlong: Option<Overlong>,
    /// Whether lines without a character are no records.
    pub(super) skips_blank: bool,
    /// What was odd: index of the record in the batch, and what.
    pub(super) notes: Vec<(usize, Note)>,
}

/// A record of which no more is read, until its line ends.
#[derive(Debug)]
struct Overlong {
    start: u64,
    cells: Vec<String>,
}

impl Stream {
    /// Reads from byte `offset` of the (decompressed) file on, `piece_bytes` at a time.
    pub(super) fn new(rules: Rules, encoding: TextEncoding, offset: u64, piece_bytes: usize) -> Self {
        Self {
            rules,
            encoding,
            lexer: Lexer::new(rules),
            piece: vec![0; piece_bytes],
            utf16: Utf16::default(),
            text: Vec::new(),
            used: 0,
            offset,
            read_to: offset,
            is_at_end: false,
            is_hungry: true,
            overlong: None,
            skips_blank: false,
            notes: Vec::new(),
        }
    }

    /// Where the next record begins.
    pub(super) const fn offset(&self) -> u64 {
        self.offset
    }

    /// Fills the batch with at most `max_records`. It reads one piece at most, so a batch may be empty although more
    /// follows; `false`: the file ends here.
    pub(super) fn next(
        &mut self,
        content: &mut Content,
        batch: &mut RecordBatch,
        max_records: usize,
    ) -> Result<bool, TableError> {
        batch.clear(1);
        self.notes.clear();
        if self.is_hungry && !self.is_at_end {
            self.fill(content)?;
        }
        self.is_hungry = false;
        if self.overlong.is_none() || self.end_overlong(batch) {
            self.lex(batch, max_records);
        }
        Ok(!self.is_at_end || self.used < self.text.len())
    }

    fn fill(&mut self, content: &mut Content) -> Result<(), TableError> {
        self.text.drain(..self.used);
        self.used = 0;
        let count = content.read_at(self.read_to, &mut self.piece)?;
        self.read_to += count as u64;
        self.is_at_end = count < self.piece.len();
        let piece = &self.piece[..count];
        match self.encoding {
            TextEncoding::Utf8 | TextEncoding::Windows1252 => self.text.extend_from_slice(piece),
            TextEncoding::Utf16Le => self.utf16.decode(false, piece, self.is_at_end, &mut self.text),
            TextEncoding::Utf16Be => self.utf16.decode(true, piece, self.is_at_end, &mut self.text),
        }
        Ok(())
    }

    fn lex(&mut self, batch: &mut RecordBatch, max_records: usize) {
        let base = self.used;
        let first = batch.len();
        let text = std::mem::take(&mut self.text);
        let mut at = base;
        let rest = &text[base..];
        self.lexer.seek(rest, 0);
        while at < text.len() && batch.len() < max_records && self.overlong.is_none() {
            match self.blank_line(&text, at) {
                Some(end) if end > at => {
                    self.notes.push((batch.len(), Note::BlankLine));
                    self.advance(&text[at..end]);
                    at = end;
                    self.lexer.seek(rest, at - base);
                    continue;
                }
                Some(_) => {
                    self.is_hungry = true;
                    break;
                }
                None => {}
            }
            let Some(end) = self.record(rest, at - base, batch) else {
                self.is_hungry = true;
                break;
            };
            let span = self.advance(&text[at..base + end]);
            at = base + end;
            if self.overlong.is_some() {
                self.notes.push((batch.len(), Note::Overlong));
            }
            self.notes.extend(self.lexer.notes.drain(..).map(|note| (batch.len(), note)));
            batch.end_record(span);
        }
        self.used = at;
        self.is_hungry |= at == text.len();
        self.seal(batch, first, &text[base..at]);
        if let Some(overlong) = &mut self.overlong {
            let last = batch.len() - 1;
            overlong.start = batch.record(last).span().start;
            overlong.cells = batch.record(last).cells().map(str::to_owned).collect();
            batch.truncate(last);
        }
        self.text = text;
    }

    /// Where the record at `start` of `text` ends; `None`: behind the text at hand.
    fn record(&mut self, text: &[u8], start: usize, batch: &mut RecordBatch) -> Option<usize> {
        let bound = start.saturating_add(MAX_RECORD_BYTES);
        let is_cut = text.len() >= bound;
        let within = &text[..text.len().min(bound)];
        if let Step::Record(end) = self.lexer.record(within, start, self.is_at_end && !is_cut, batch) {
            return Some(end);
        }
        batch.abandon();
        if !is_cut {
            return None;
        }
        self.lexer.seek(within, start);
        let Step::Record(end) = self.lexer.record(within, start, true, batch) else { return None };
        if !matches!(within[..end].last(), Some(b'\n' | b'\r')) {
            self.overlong = Some(Overlong { start: 0, cells: Vec::new() });
        }
        self.lexer.seek(text, end);
        Some(end)
    }

    /// Where a blank line at `at` ends, `at` itself if that cannot be known yet; `None`: there is none.
    fn blank_line(&self, text: &[u8], at: usize) -> Option<usize> {
        if !self.skips_blank {
            return None;
        }
        let blanks = if self.rules.merges_runs() { text[at..].iter().take_while(|&&b| b == b' ').count() } else { 0 };
        let end = at + blanks;
        match (text.get(end), text.get(end + 1)) {
            (Some(b'\r'), Some(b'\n')) => Some(end + 2),
            (Some(b'\r'), None) if !self.is_at_end => Some(at),
            (Some(b'\n' | b'\r'), _) => Some(end + 1),
            (None, _) if self.is_at_end => Some(end),
            _ => None,
        }
    }

    /// Ends the record that is too long, if its line ends here.
    fn end_overlong(&mut self, batch: &mut RecordBatch) -> bool {
        let rest = &self.text[self.used..];
        let end = match memchr2(b'\r', b'\n', rest) {
            Some(at) if rest[at] == b'\n' => at + 1,
            Some(at) if rest.get(at + 1) == Some(&b'\n') => at + 2,
            Some(at) if at + 1 < rest.len() || self.is_at_end => at + 1,
            Some(at) => {
                self.pass_over(at);
                return false;
            }
            None if self.is_at_end => rest.len(),
            None => {
                self.pass_over(rest.len());
                return false;
            }
        };
        self.pass_over(end);
        if let Some(Overlong { start, cells }) = self.overlong.take() {
            for cell in &cells {
                batch.push_cell(cell);
            }
            batch.end_record(start..self.offset);
        }
        true
    }

    fn pass_over(&mut self, count: usize) {
        let text = std::mem::take(&mut self.text);
        self.advance(&text[self.used..self.used + count]);
        self.text = text;
        self.used += count;
        self.is_hungry = true;
    }

    /// Moves on by this text; answers where it lies in the file.
    fn advance(&mut self, text: &[u8]) -> Range<u64> {
        let start = self.offset;
        // Half a unit at the end of a UTF-16 file is counted as a whole one.
        self.offset = (start + bytes_in_file(self.encoding, text)).min(self.read_to);
        start..self.offset
    }

    fn seal(&mut self, batch: &mut RecordBatch, first: usize, bytes: &[u8]) {
        let mut broken = seal(batch, bytes, self.encoding, self.rules);
        broken.sort_unstable();
        let is_nul = memchr(0, bytes).is_some();
        if broken.is_empty() && !is_nul {
            return;
        }
        let mut cells = 0;
        for index in first..batch.len() {
            let record = batch.record(index);
            let end = record.cells_end();
            let next_broken = broken.get(broken.partition_point(|&cell| (cell as usize) < cells));
            if next_broken.is_some_and(|&cell| (cell as usize) < end) {
                self.notes.push((index, Note::NotInEncoding));
            }
            if is_nul && record.cells().any(|cell| cell.contains('\0')) {
                self.notes.push((index, Note::Nul));
            }
            cells = end;
        }
    }
}
