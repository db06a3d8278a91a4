//! Preview of the first rows of a file, and scan of the whole file: rows, columns, label, and the byte range of each
//! row.

use pinhole_protocol::table::{Dialect, TablePreview, TableSummary, TableWarning};

use crate::{
    columns::{Profiler, clean_names},
    footer::LastRows,
    records::{RecordBatch, RecordReader},
    sections::Sections,
};

/// Warnings that are kept; further ones are counted.
const MAX_WARNINGS: usize = 200;

/// Rows of a preview.
const PREVIEW_ROWS: usize = 50;

/// Characters per cell of a preview.
const PREVIEW_CHARS: usize = 500;

/// Name, size and compression of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileMetadata {
    /// Name.
    pub name: String,
    /// Size in bytes; of a `.gz` file, compressed.
    pub size_bytes: u64,
    /// True if the file is gzip.
    pub is_gzip: bool,
}

/// Preview of a file: its `first` rows, which `reader` has read, and columns whose kinds are inferred from these rows.
pub fn preview(file: FileMetadata, dialect: &Dialect, reader: &RecordReader, first: &RecordBatch) -> TablePreview {
    let header = reader.header_cells();
    let (names, name_warnings) = column_names(&header, dialect);
    let mut profiler = Profiler::new(&header, &names, dialect);
    profiler.set_units(reader.units());
    let mut warnings = reader.warnings();
    profiler.add(first);
    let profile = profiler.profile();
    let kept_columns = profile.columns.len();
    let truncated = |cell: &str| match cell.char_indices().nth(PREVIEW_CHARS) {
        Some((end, _)) => format!("{}\u{2026}", &cell[..end]),
        None => cell.to_owned(),
    };
    let rows = first.records().take(PREVIEW_ROWS);
    let rows = rows.map(|record| (0..kept_columns).map(|column| truncated(record.cell(column))).collect()).collect();
    warnings.extend(kept_name_warnings(name_warnings, kept_columns, &names));
    warnings.extend(profile.warnings);
    warnings.truncate(MAX_WARNINGS);
    let FileMetadata { name, size_bytes, is_gzip } = file;
    let (dialect, columns) = (dialect.clone(), profile.columns);
    TablePreview { name, size_bytes, is_gzip, origin: None, dialect, columns, rows, warnings }
}

/// Unique column names, and warnings about changed ones if there is a header.
fn column_names(header: &[String], dialect: &Dialect) -> (Vec<String>, Vec<TableWarning>) {
    let (names, warnings) = clean_names(header);
    (names, if dialect.has_header { warnings } else { Vec::new() })
}

/// The warnings about names, without those about excluded columns.
fn kept_name_warnings(
    warnings: Vec<TableWarning>,
    kept_columns: usize,
    names: &[String],
) -> impl Iterator<Item = TableWarning> {
    let excluded: Vec<String> = names[kept_columns..].iter().map(|name| format!("\"{name}\"")).collect();
    warnings.into_iter().filter(move |warning| !excluded.iter().any(|name| warning.message.contains(name.as_str())))
}

/// Byte range of each row in the (decompressed) file. Memory: 12 bytes per row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowSpans {
    starts: Vec<u64>,
    lengths: Vec<u32>,
}

impl RowSpans {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// True if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Byte range of a row, line end included. Row numbers begin at 1; `None`: there is no such row.
    pub fn get(&self, row: u64) -> Option<std::ops::Range<u64>> {
        let index = usize::try_from(row.checked_sub(1)?).ok()?;
        let start = *self.starts.get(index)?;
        Some(start..start + u64::from(self.lengths[index]))
    }

    fn push(&mut self, span: std::ops::Range<u64>) {
        self.starts.push(span.start);
        // A row of more than 4 GB cannot be read again in one piece anyway.
        self.lengths.push(u32::try_from(span.end - span.start).unwrap_or(u32::MAX));
    }
}

/// Scan of a file, a batch at a time, so that the caller can report progress, yield and stop in between.
#[derive(Clone, Debug)]
pub struct Scan {
    profiler: Profiler,
    names: Vec<String>,
    name_warnings: Vec<TableWarning>,
    warnings: Vec<TableWarning>,
    more_warnings: u64,
    spans: RowSpans,
    last_rows: LastRows,
    sections: Sections,
    /// Offset of the end of the last record.
    position: Option<u64>,
}

/// Result of a scan.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanResult {
    /// Rows, columns, label and warnings.
    pub summary: TableSummary,
    /// Byte range of each row.
    pub spans: RowSpans,
    /// Index of a column of classes of which none is said to be an anomaly, if there is no label.
    pub other_classes: Option<usize>,
}

impl Scan {
    /// A scan without records. `header` is that of [`RecordReader::header`](crate::records::RecordReader::header), or
    /// one empty name per column; `units` are those of [`RecordReader::units`](crate::records::RecordReader::units).
    pub fn new(header: &[String], units: &[String], dialect: &Dialect) -> Self {
        let (names, name_warnings) = column_names(header, dialect);
        let mut profiler = Profiler::new(header, &names, dialect);
        profiler.set_units(units);
        Self {
            profiler,
            names,
            name_warnings,
            warnings: Vec::new(),
            more_warnings: 0,
            spans: RowSpans::default(),
            last_rows: LastRows::default(),
            sections: Sections::below(header),
            position: None,
        }
    }

    /// Adds the next records.
    pub fn add(&mut self, batch: &RecordBatch) {
        self.last_rows.add(batch);
        for record in batch.records() {
            self.profiler.add_record(&record);
            let span = record.span();
            let has_gap = self.position.is_some_and(|position| span.start > position);
            self.sections.add(&record, span.start, has_gap);
            self.position = Some(span.end);
            self.spans.push(span);
        }
    }

    /// Number of rows so far.
    pub fn rows(&self) -> u64 {
        self.spans.len() as u64
    }

    /// Adds warnings of the record reader, and the number of `more` that it did not keep. Beyond 200, warnings are only
    /// counted.
    pub fn add_warnings(&mut self, warnings: Vec<TableWarning>, more: u64) {
        let room = MAX_WARNINGS - self.warnings.len();
        self.more_warnings += more + warnings.len().saturating_sub(room) as u64;
        self.warnings.extend(warnings.into_iter().take(room));
    }

    /// Offset in the file at which another table follows; `None`: so far none does.
    pub fn other_table_start(&self) -> Option<u64> {
        self.sections.end_of_first()
    }

    /// The dialect with the formats that all records ask for; `None`: it is the scan's. See
    /// [`Profiler::revised_dialect`].
    /// It ends before another table, and before totals or remarks in the last rows.
    pub fn revised_dialect(&self, is_guessed: bool) -> Option<Dialect> {
        let end = if is_guessed {
            self.other_table_start().or_else(|| self.last_rows.footer_start(&self.profiler))
        } else {
            None
        };
        match end {
            // What the rows below the table say of its columns does not count.
            Some(end) => Some(Dialect { end: Some(end), ..self.profiler.dialect().clone() }),
            None => self.profiler.revised_dialect(is_guessed),
        }
    }

    /// The result. Warnings about the whole file come first.
    pub fn finish(self) -> ScanResult {
        let dialect = self.profiler.dialect().clone();
        let profile = self.profiler.profile();
        let (from_records, mut warnings) = (self.warnings, self.profiler.header_notes());
        warnings.extend(kept_name_warnings(self.name_warnings, profile.columns.len(), &self.names));
        warnings.extend(profile.warnings);
        warnings.extend(from_records);
        let surplus = warnings.len().saturating_sub(MAX_WARNINGS);
        warnings.truncate(MAX_WARNINGS);
        let summary = TableSummary {
            dialect,
            rows: self.spans.len() as u64,
            columns: profile.columns,
            label: profile.label,
            entity: profile.entity,
            fillers: profile.fillers,
            warnings,
            more_warnings: self.more_warnings + surplus as u64,
        };
        ScanResult { summary, spans: self.spans, other_classes: profile.other_classes }
    }
}
