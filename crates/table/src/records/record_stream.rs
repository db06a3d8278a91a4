//! Stream of all records of a file, read piece by piece: preamble, header and rows alike.

use std::ops::Range;

use memchr::{memchr, memchr2};
use pinhole_protocol::table::TextEncoding;

use super::{
    cell_text::decode_cells,
    csv_syntax::CsvSyntax,
    lexer::{LexOutcome, Lexer},
    limits::MAX_RECORD_BYTES,
    record_batch::RecordBatch,
    record_issues::RecordIssue,
};
use crate::{
    TableError,
    cells::is_default_missing_marker,
    encoding::{CellDecoder, TrailBytes, Utf16Decoder, encoded_bytes},
    source::Content,
};

/// Reads records in the file's order. Memory: at most [`MAX_RECORD_BYTES`] and one piece of the file.
#[derive(Debug)]
pub(crate) struct RecordStream {
    syntax: CsvSyntax,
    encoding: TextEncoding,
    decoder: CellDecoder,
    lexer: Lexer,
    piece: Vec<u8>,
    utf16: Utf16Decoder,
    /// Replacement of bytes that look like delimiters, and true if the last byte read is a lead byte.
    trail_bytes: Option<(TrailBytes, bool)>,
    /// Bytes of the file (UTF-16 as UTF-8, `trail_bytes` hidden); those before `consumed` are done.
    text: Vec<u8>,
    consumed: usize,
    /// Offset of `text[consumed]` in the file.
    offset: u64,
    /// Offset in the file of the next piece.
    read_offset: u64,
    is_at_end: bool,
    /// True if `text` holds no whole record, so that the next piece must be read.
    needs_input: bool,
    overlong: Option<OverlongRecord>,
    /// True if blank lines are skipped instead of read as records.
    pub(crate) skips_blank_lines: bool,
    /// Issues of the last batch, each with the index of its record in the batch.
    pub(super) issues: Vec<(usize, RecordIssue)>,
}

/// Beginning of a record longer than [`MAX_RECORD_BYTES`], the rest of whose line is being skipped.
#[derive(Debug)]
struct OverlongRecord {
    start: u64,
    cells: Vec<String>,
}

impl RecordStream {
    /// A stream from byte `offset` of the (decompressed) file on, which reads `piece_bytes` at a time.
    pub(crate) fn new(syntax: CsvSyntax, encoding: TextEncoding, offset: u64, piece_bytes: usize) -> Self {
        let trail_bytes = syntax.trail_bytes(encoding);
        Self {
            syntax,
            encoding,
            decoder: CellDecoder::new(encoding, trail_bytes),
            lexer: Lexer::new(syntax),
            piece: vec![0; piece_bytes],
            utf16: Utf16Decoder::default(),
            trail_bytes: trail_bytes.map(|trail_bytes| (trail_bytes, false)),
            text: Vec::new(),
            consumed: 0,
            offset,
            read_offset: offset,
            is_at_end: false,
            needs_input: true,
            overlong: None,
            skips_blank_lines: false,
            issues: Vec::new(),
        }
    }

    /// Offset of the next record in the file.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    /// Fills the batch with at most `max_records`; returns false at the end of the file. It reads at most one piece, so
    /// a batch may be empty although more records follow.
    pub(crate) fn next_batch(
        &mut self,
        content: &mut Content,
        batch: &mut RecordBatch,
        max_records: usize,
    ) -> Result<bool, TableError> {
        batch.clear(1);
        self.issues.clear();
        if self.needs_input && !self.is_at_end {
            self.read_piece(content)?;
        }
        self.needs_input = false;
        if self.overlong.is_none() || self.finish_overlong(batch) {
            self.lex_records(batch, max_records);
        }
        Ok(!self.is_at_end || self.consumed < self.text.len())
    }

    fn read_piece(&mut self, content: &mut Content) -> Result<(), TableError> {
        self.text.drain(..self.consumed);
        self.consumed = 0;
        let count = content.read_at(self.read_offset, &mut self.piece)?;
        self.read_offset += count as u64;
        self.is_at_end = count < self.piece.len();
        let piece = &self.piece[..count];
        match self.encoding {
            TextEncoding::Utf16Le => self.utf16.decode(false, piece, self.is_at_end, &mut self.text),
            TextEncoding::Utf16Be => self.utf16.decode(true, piece, self.is_at_end, &mut self.text),
            _ => self.text.extend_from_slice(piece),
        }
        if let Some((trail_bytes, is_after_lead)) = &mut self.trail_bytes {
            let read = self.text.len() - count;
            trail_bytes.hide(&mut self.text[read..], is_after_lead);
        }
        Ok(())
    }

    /// End of the remark at `position`; `position` itself if more text is needed to tell; `None`: it is none.
    fn remark_end(&self, text: &[u8], position: usize) -> Option<usize> {
        let comment = self.syntax.comment?;
        if text.get(position) != Some(&comment) {
            return None;
        }
        let rest = &text[position..];
        let end = match memchr2(b'\r', b'\n', rest) {
            Some(end) if rest[end] == b'\r' && rest.get(end + 1) == Some(&b'\n') => end + 2,
            Some(end) if rest[end] == b'\r' && end + 1 == rest.len() && !self.is_at_end => return Some(position),
            Some(end) => end + 1,
            None if self.is_at_end || rest.len() > MAX_RECORD_BYTES => rest.len(),
            None => return Some(position),
        };
        // The first cell of a row can be an error such as #N/A.
        let first_cell = rest[..end].split(|&byte| byte == self.syntax.delimiter).next().unwrap_or_default();
        let is_rule = matches!(comment, b'+' | b'-' | b'=');
        let is_error = !is_rule && str::from_utf8(first_cell).is_ok_and(is_default_missing_marker);
        (!is_error).then_some(position + end)
    }

    /// Appends at most `max_records` whole records of `text` to the batch.
    fn lex_records(&mut self, batch: &mut RecordBatch, max_records: usize) {
        let base = self.consumed;
        let first = batch.len();
        let text = std::mem::take(&mut self.text);
        let mut position = base;
        let rest = &text[base..];
        self.lexer.seek(rest, 0);
        while position < text.len() && batch.len() < max_records && self.overlong.is_none() {
            let remark_end = self.remark_end(&text, position);
            match remark_end.or_else(|| self.blank_line_end(&text, position)) {
                Some(end) if end > position => {
                    let issue = if remark_end.is_some() { RecordIssue::Remark } else { RecordIssue::BlankLine };
                    self.issues.push((batch.len(), issue));
                    self.advance(&text[position..end]);
                    position = end;
                    self.lexer.seek(rest, position - base);
                    continue;
                }
                Some(_) => {
                    self.needs_input = true;
                    break;
                }
                None => {}
            }
            let Some(end) = self.lex_record(rest, position - base, batch) else {
                self.needs_input = true;
                break;
            };
            let span = self.advance(&text[position..base + end]);
            position = base + end;
            if self.overlong.is_some() {
                self.issues.push((batch.len(), RecordIssue::Overlong));
            }
            self.issues.extend(self.lexer.issues.drain(..).map(|issue| (batch.len(), issue)));
            batch.end_record(span);
        }
        self.consumed = position;
        self.needs_input |= position == text.len();
        self.decode(batch, first, &text[base..position]);
        if let Some(overlong) = &mut self.overlong {
            let last = batch.len() - 1;
            overlong.start = batch.record(last).span().start;
            overlong.cells = batch.record(last).cells().map(str::to_owned).collect();
            batch.truncate(last);
        }
        self.text = text;
    }

    /// End of the record at `start` of `text`, whose cells are appended to the batch; `None`: beyond the text. A record
    /// longer than [`MAX_RECORD_BYTES`] ends there, and `overlong` is set.
    fn lex_record(&mut self, text: &[u8], start: usize, batch: &mut RecordBatch) -> Option<usize> {
        let bound = start.saturating_add(MAX_RECORD_BYTES);
        let is_cut = text.len() >= bound;
        let within = &text[..text.len().min(bound)];
        if let LexOutcome::Record(end) = self.lexer.lex_record(within, start, self.is_at_end && !is_cut, batch) {
            return Some(end);
        }
        batch.discard_open_record();
        if !is_cut {
            return None;
        }
        self.lexer.seek(within, start);
        let LexOutcome::Record(end) = self.lexer.lex_record(within, start, true, batch) else { return None };
        if !matches!(within[..end].last(), Some(b'\n' | b'\r')) {
            self.overlong = Some(OverlongRecord { start: 0, cells: Vec::new() });
        }
        self.lexer.seek(text, end);
        Some(end)
    }

    /// End of the blank line at `position`; `position` itself if more text is needed to tell; `None`: the line is not
    /// blank, or blank lines are records.
    fn blank_line_end(&self, text: &[u8], position: usize) -> Option<usize> {
        if !self.skips_blank_lines {
            return None;
        }
        let spaces = if self.syntax.merges_delimiter_runs() {
            text[position..].iter().take_while(|&&b| b == b' ').count()
        } else {
            0
        };
        let end = position + spaces;
        match (text.get(end), text.get(end + 1)) {
            (Some(b'\r'), Some(b'\n')) => Some(end + 2),
            (Some(b'\r'), None) if !self.is_at_end => Some(position),
            (Some(b'\n' | b'\r'), _) => Some(end + 1),
            (None, _) if self.is_at_end => Some(end),
            _ => None,
        }
    }

    /// Skips the rest of the overlong record; at the end of its line, appends it to the batch and returns true.
    fn finish_overlong(&mut self, batch: &mut RecordBatch) -> bool {
        let rest = &self.text[self.consumed..];
        let end = match memchr2(b'\r', b'\n', rest) {
            Some(position) if rest[position] == b'\n' => position + 1,
            Some(position) if rest.get(position + 1) == Some(&b'\n') => position + 2,
            Some(position) if position + 1 < rest.len() || self.is_at_end => position + 1,
            Some(position) => {
                self.skip(position);
                return false;
            }
            None if self.is_at_end => rest.len(),
            None => {
                self.skip(rest.len());
                return false;
            }
        };
        self.skip(end);
        if let Some(OverlongRecord { start, cells }) = self.overlong.take() {
            for cell in &cells {
                batch.push_cell(cell);
            }
            batch.end_record(start..self.offset);
        }
        true
    }

    /// Skips `count` bytes of `text`.
    fn skip(&mut self, count: usize) {
        let text = std::mem::take(&mut self.text);
        self.advance(&text[self.consumed..self.consumed + count]);
        self.text = text;
        self.consumed += count;
        self.needs_input = true;
    }

    /// Advances `offset` by the length of `text` in the file; returns its byte range there.
    fn advance(&mut self, text: &[u8]) -> Range<u64> {
        let start = self.offset;
        // Half a code unit at the end of a UTF-16 file counts as a whole one.
        self.offset = (start + encoded_bytes(self.encoding, text)).min(self.read_offset);
        start..self.offset
    }

    /// Decodes the cells of a batch, whose records from `first` on are ranges of `bytes`.
    fn decode(&mut self, batch: &mut RecordBatch, first: usize, bytes: &[u8]) {
        let mut invalid = decode_cells(batch, bytes, &self.decoder, self.syntax);
        invalid.sort_unstable();
        let has_nul = memchr(0, bytes).is_some();
        if invalid.is_empty() && !has_nul {
            return;
        }
        let mut cells = 0;
        for index in first..batch.len() {
            let record = batch.record(index);
            let end = record.cells_end();
            let next_invalid = invalid.get(invalid.partition_point(|&cell| (cell as usize) < cells));
            if next_invalid.is_some_and(|&cell| (cell as usize) < end) {
                self.issues.push((index, RecordIssue::InvalidBytes(self.encoding)));
            }
            if has_nul && record.cells().any(|cell| cell.contains('\0')) {
                self.issues.push((index, RecordIssue::Nul));
            }
            cells = end;
        }
    }
}
