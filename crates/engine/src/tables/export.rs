//! Writing a scored table: the file's own bytes, and what was found beside each row.

use std::{cell::RefCell, ops::Range, rc::Rc};

use pinhole_protocol::table::{TableActivity, TableProgress};
use pinhole_table::{
    TableError,
    export::{AddedCells, ScoredWriter},
    records::{RecordReader, read_bytes_at},
    typed::TypedReader,
};

use super::{explain::top_columns, job::Meter, pass::Pass, ranking::Ranking, table::Table};
use crate::EngineError;

/// Bytes written at once, at least; and copied at once where no row lies.
const PIECE_BYTES: u64 = 1 << 20;
/// The longest row that is written: it is held as a whole.
const MAX_ROW_BYTES: u64 = 256 << 20;

/// What a piece of the writing gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportStep {
    /// The next bytes of the file.
    Part(Vec<u8>),
    /// Nothing: the file is complete.
    Done,
}

/// Writes a scored table piece by piece.
pub struct ExportJob {
    ranking: Rc<RefCell<Ranking>>,
    pass: Pass,
    reader: TypedReader,
    writer: ScoredWriter,
    name: String,
    /// What stands before the first row, until it is given out.
    start: Option<Vec<u8>>,
    /// Of the moment when writing began: one file has one threshold.
    threshold: f64,
    /// Bytes of the (decompressed) file that were written.
    written: u64,
    /// What follows those in the file, read ahead: a browser takes as long for a row as for a megabyte.
    ahead: Vec<u8>,
    /// Bytes of `ahead` that were written.
    used: usize,
    /// Names of the detector's columns.
    names: Vec<String>,
    /// Errors of the batch at hand in each column: [rows, columns].
    errors: Vec<f32>,
    /// Rows of the batch at hand that were written.
    next: usize,
    are_rows_written: bool,
    meter: Meter,
}

impl ExportJob {
    /// Begins. Rows can be looked at meanwhile.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn new(ranking: &Rc<RefCell<Ranking>>) -> Result<Self, EngineError> {
        let shared = ranking.borrow();
        let table = shared.table().borrow();
        let pass = Pass::start(&table)?;
        let mut writer = ScoredWriter::new(table.dialect(), &table.column_names());
        let start = header(&table, pass.reader(), &mut writer)?;
        Ok(Self {
            ranking: ranking.clone(),
            reader: shared.detector().bind(&table)?.reader,
            written: pass.reader().header_span().end,
            name: scored_name(table.name()),
            threshold: shared.threshold().value,
            ahead: Vec::new(),
            used: 0,
            pass,
            writer,
            start: Some(start),
            names: shared.detector().column_names(),
            errors: Vec::new(),
            next: 0,
            are_rows_written: false,
            meter: Meter::start(TableActivity::Exporting),
        })
    }

    /// What to call the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes the next piece, of about a megabyte.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn advance(&mut self) -> Result<ExportStep, EngineError> {
        if let Some(start) = self.start.take() {
            return Ok(ExportStep::Part(start));
        }
        if !self.are_rows_written {
            if self.next == self.pass.batch().len() {
                self.are_rows_written = !self.read()?;
                return Ok(ExportStep::Part(Vec::new()));
            }
            return Ok(ExportStep::Part(self.write_rows()?));
        }
        // What follows the last row: rows without any value, blank lines.
        let rest = self.copy(self.written..u64::MAX)?;
        Ok(if rest.is_empty() { ExportStep::Done } else { ExportStep::Part(rest) })
    }

    /// How far it is.
    pub fn progress(&self) -> TableProgress {
        self.meter.progress()
    }

    /// Reads the next batch and finds the columns to blame. Answers whether there was one.
    fn read(&mut self) -> Result<bool, EngineError> {
        let ranking = self.ranking.borrow();
        let table = ranking.table().borrow();
        self.next = 0;
        self.errors.clear();
        let Some(batch) = self.pass.next(&table)? else { return Ok(false) };
        self.reader.table_mut().clear();
        self.reader.read(batch);
        let detector = ranking.detector();
        let mut features = Vec::new();
        detector.preparation().transform(self.reader.table(), &mut features)?;
        self.errors = detector.column_errors(&features);
        self.meter.note(table.share_read(), self.pass.rows());
        Ok(true)
    }

    /// Writes rows of the batch at hand, and what lies before them.
    fn write_rows(&mut self) -> Result<Vec<u8>, EngineError> {
        let ranking = self.ranking.clone();
        let ranking = ranking.borrow();
        let mut out = Vec::new();
        while self.next < self.pass.batch().len() && (out.len() as u64) < PIECE_BYTES {
            let record = self.pass.batch().record(self.next);
            let (span, row) = (record.span(), record.row() as usize - 1);
            if self.written < span.start {
                // Blank lines and the like, which no row was read from.
                let gap = self.copy(self.written..span.start)?;
                self.writer.copy(&gap, &mut out);
                continue;
            }
            let length = span.end - span.start;
            if length > MAX_ROW_BYTES {
                let message = format!("Row {} takes {} MB, more than can be written: cut it.", row + 1, length >> 20);
                return Err(EngineError::setting("row", message));
            }
            let mut bytes = Vec::new();
            while self.written < span.end {
                let piece = self.copy(self.written..span.end)?;
                bytes.extend_from_slice(&piece);
            }
            let columns = self.names.len();
            let blame = top_columns(&self.names, &self.errors[self.next * columns..(self.next + 1) * columns]);
            let names: Vec<&str> = blame.iter().map(|blame| blame.column.as_str()).collect();
            let score = ranking.rows().scores()[row];
            let addition = AddedCells {
                score,
                percentile: ranking.rows().percentile(row),
                is_flagged: score > self.threshold,
                top_columns: &names,
            };
            self.writer.row(&bytes, &addition, &mut out);
            self.next += 1;
        }
        Ok(out)
    }

    /// The file's next bytes, at most [`PIECE_BYTES`] and within `span`; none at the end of the file.
    fn copy(&mut self, span: Range<u64>) -> Result<Vec<u8>, EngineError> {
        if self.used == self.ahead.len() {
            let ranking = self.ranking.borrow();
            let table = ranking.table().borrow();
            self.ahead = read_bytes_at(&mut table.content(), self.written..self.written + PIECE_BYTES)?;
            self.used = 0;
            if self.ahead.is_empty() && span.end < u64::MAX {
                let reason = "it is shorter than it was".into();
                return Err(TableError::Unreadable { name: table.name().to_owned(), reason }.into());
            }
        }
        let rest = &self.ahead[self.used..];
        let count = rest.len().min(usize::try_from(span.end - span.start).unwrap_or(usize::MAX));
        self.used += count;
        self.written += count as u64;
        Ok(rest[..count].to_vec())
    }
}

/// Byte order mark, preamble and header, with the new columns' names.
fn header(table: &Table, reader: &RecordReader, writer: &mut ScoredWriter) -> Result<Vec<u8>, EngineError> {
    let mut out = Vec::new();
    writer.copy(&read_bytes_at(&mut table.content(), reader.preamble_span())?, &mut out);
    let span = reader.header_span();
    if !span.is_empty() {
        writer.header(&read_bytes_at(&mut table.content(), span)?, &mut out);
    }
    Ok(out)
}

/// `data.csv` and `data.csv.gz` become `data-scored.csv`.
fn scored_name(name: &str) -> String {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => format!("{stem}-scored.{extension}"),
        _ => format!("{name}-scored.csv"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scored_file_is_called_after_its_table() {
        for (name, scored) in
            [("data.csv", "data-scored.csv"), ("a.b.tsv.gz", "a.b-scored.tsv"), ("table", "table-scored.csv")]
        {
            assert_eq!(scored_name(name), scored);
        }
    }
}
