//! Writing a scored table: the file's own bytes, with score, percentile, flag and top columns added to each row; and such
//! a text in the format of the file that it was converted from.

use std::{cell::RefCell, rc::Rc};

use pinhole_protocol::table::{ScoredFormat, TableActivity, TableProgress};
use pinhole_table::{
    conversion::{AddedColumns, ScoredFileWriter},
    export::{AddedCells, RowWriter, ScoredWriter},
    records::{RecordReader, read_bytes_at},
    typed::TypedReader,
};

use super::{
    file_bytes::{FileBytes, PIECE_BYTES},
    job::ProgressMeter,
};
use crate::{
    AnomalyError,
    derived::DerivedReader,
    ranking::{Ranking, top_columns},
    table::Table,
    table_reader::TableReader,
};

/// Result of [`ExportJob::advance`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportAdvance {
    /// The next bytes of the file.
    Part(Vec<u8>),
    /// The file is complete.
    Done,
}

/// Writes a scored table part by part.
pub struct ExportJob {
    ranking: Rc<RefCell<Ranking>>,
    reader: TableReader,
    typed: TypedReader,
    /// Reads the numbers that are derived from earlier rows.
    derived: Option<DerivedReader>,
    writer: ScoredWriter,
    /// Writer of the file's own format, if it is no text.
    converter: Option<Box<dyn ScoredFileWriter>>,
    name: String,
    /// The part before the first row, until it is returned.
    start: Option<Vec<u8>>,
    /// The threshold when writing began: one file has one threshold.
    threshold: f64,
    bytes: FileBytes,
    /// Names of the detector's columns.
    names: Vec<String>,
    /// Squared column errors of the current batch, [rows, columns].
    errors: Vec<f32>,
    /// Rows of the current batch that were written.
    next: usize,
    are_rows_written: bool,
    meter: ProgressMeter,
}

impl ExportJob {
    /// A job at the table's first row. The ranking can be read meanwhile.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn new(ranking: &Rc<RefCell<Ranking>>, format: ScoredFormat) -> Result<Self, AnomalyError> {
        let shared = ranking.borrow();
        let table = shared.table().borrow();
        let reader = TableReader::new(&table)?;
        let mut writer = ScoredWriter::new(table.dialect(), &table.column_names());
        let start = header(&table, reader.records(), writer.rows())?;
        let extension = scored_extension(&table, format);
        let converter = match (&extension, table.origin()) {
            (Some(_), Some(origin)) => {
                let added = AddedColumns { width: writer.rows().width(), headings: writer.rows().headings().to_vec() };
                Some(origin.formats.writer(origin.files.clone(), &origin.origin, added)?)
            }
            _ => None,
        };
        let binding = shared.detector().bind(&table)?;
        Ok(Self {
            ranking: ranking.clone(),
            derived: shared.detector().derived_reader(&binding, &table),
            typed: binding.reader,
            bytes: FileBytes::behind_header(reader.records()),
            name: written_name(table.name(), "scored", table.origin().map(|_| extension.as_deref().unwrap_or("csv"))),
            converter,
            threshold: shared.threshold().value,
            reader,
            writer,
            start: Some(start),
            names: shared.detector().column_names(),
            errors: Vec::new(),
            next: 0,
            are_rows_written: false,
            meter: ProgressMeter::start(TableActivity::Exporting),
        })
    }

    /// Name of the written file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Media type of the written file.
    pub fn media_type(&self) -> &'static str {
        let extension = self.name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension {
            "xlsx" if self.converter.is_some() => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "parquet" if self.converter.is_some() => "application/vnd.apache.parquet",
            "json" if self.converter.is_some() => "application/json",
            "jsonl" if self.converter.is_some() => "application/jsonl",
            _ => "text/csv",
        }
    }

    /// Writes the next part, of about a megabyte.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn advance(&mut self) -> Result<ExportAdvance, AnomalyError> {
        let advance = self.advance_text()?;
        let Some(converter) = &mut self.converter else { return Ok(advance) };
        Ok(match advance {
            ExportAdvance::Part(text) => {
                converter.push(&text)?;
                ExportAdvance::Part(Vec::new())
            }
            ExportAdvance::Done => converter.take()?.map_or(ExportAdvance::Done, ExportAdvance::Part),
        })
    }

    /// Writes the next part of the text.
    fn advance_text(&mut self) -> Result<ExportAdvance, AnomalyError> {
        if let Some(start) = self.start.take() {
            return Ok(ExportAdvance::Part(start));
        }
        if !self.are_rows_written {
            if self.next == self.reader.batch().len() {
                self.are_rows_written = !self.read_batch()?;
                return Ok(ExportAdvance::Part(Vec::new()));
            }
            return Ok(ExportAdvance::Part(self.write_rows()?));
        }
        // After the last row: rows without any value, blank lines.
        let rest = self.bytes.rest(&self.ranking.borrow().table().borrow())?;
        Ok(if rest.is_empty() { ExportAdvance::Done } else { ExportAdvance::Part(rest) })
    }

    /// Share done, speed and time left.
    pub fn progress(&self) -> TableProgress {
        self.meter.progress()
    }

    /// Reads the next batch and computes its column errors. Returns false at the end of the table.
    fn read_batch(&mut self) -> Result<bool, AnomalyError> {
        let ranking = self.ranking.borrow();
        let table = ranking.table().borrow();
        self.next = 0;
        self.errors.clear();
        let Some(batch) = self.reader.next_batch(&table)? else { return Ok(false) };
        self.typed.table_mut().clear();
        self.typed.read(batch);
        let detector = ranking.detector();
        let (mut derived, mut features) = (Vec::new(), Vec::new());
        if let Some(reader) = &mut self.derived {
            reader.read(batch, |_| true, &mut derived);
        }
        detector.transform(self.typed.table_mut(), &derived, &mut features)?;
        detector.remove_derived(self.typed.table_mut());
        self.errors = detector.explained_scores(&features).1;
        self.meter.set(table.share_read(), self.reader.rows_read());
        Ok(true)
    }

    /// Writes rows of the current batch, and the bytes between them.
    fn write_rows(&mut self) -> Result<Vec<u8>, AnomalyError> {
        let ranking = self.ranking.borrow();
        let table = ranking.table().borrow();
        let mut out = Vec::new();
        while self.next < self.reader.batch().len() && (out.len() as u64) < PIECE_BYTES {
            let record = self.reader.batch().record(self.next);
            if let Some(gap) = self.bytes.gap(&table, &record)? {
                self.writer.rows().copy(&gap, &mut out);
                continue;
            }
            let bytes = self.bytes.row(&table, &record)?;
            let (row, columns) = (record.row() as usize - 1, self.names.len());
            let top = top_columns(&self.names, &self.errors[self.next * columns..(self.next + 1) * columns]);
            let names: Vec<&str> = top.iter().map(|column| column.column.as_str()).collect();
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
}

/// Byte order mark, preamble and header, with the names of the added columns.
pub(super) fn header(table: &Table, reader: &RecordReader, writer: &mut RowWriter) -> Result<Vec<u8>, AnomalyError> {
    let mut out = Vec::new();
    writer.copy(&read_bytes_at(&mut table.content(), reader.preamble_span())?, &mut out);
    let span = reader.header_span();
    if !span.is_empty() {
        writer.header(&read_bytes_at(&mut table.content(), span)?, &mut out);
    }
    Ok(out)
}

/// Extension of the scored file in the format of its table, if it is no text and can be written.
fn scored_extension(table: &Table, format: ScoredFormat) -> Option<String> {
    match format {
        ScoredFormat::AsRead => table.origin()?.origin.scored_extension.clone(),
        ScoredFormat::Csv => None,
    }
}

/// Name of the written file: `data-scored.csv` for `data.csv` and `data.csv.gz` if `kind` is `scored`; with another
/// extension than that of the table if one is given.
pub(super) fn written_name(name: &str, kind: &str, extension: Option<&str>) -> String {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, own)) if !stem.is_empty() => format!("{stem}-{kind}.{}", extension.unwrap_or(own)),
        _ => format!("{name}-{kind}.{}", extension.unwrap_or("csv")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scored_file_is_called_after_its_table() {
        for (name, extension, scored) in [
            ("data.csv", None, "data-scored.csv"),
            ("a.b.tsv.gz", None, "a.b-scored.tsv"),
            ("table", None, "table-scored.csv"),
            ("old.xls", Some("xlsx"), "old-scored.xlsx"),
            ("lines.jsonl.gz", Some("csv"), "lines-scored.csv"),
        ] {
            assert_eq!(written_name(name, "scored", extension), scored);
        }
    }
}
