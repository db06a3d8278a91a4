//! A whole file read once: how many rows, what its columns are, where each row lies.

use pinhole_protocol::table::{Dialect, TablePreview, TableSummary, TableWarning};

use crate::{
    columns::{Profiler, clean_names},
    records::RecordBatch,
};

/// Warnings told; of more, the number is.
const MAX_WARNINGS: usize = 200;
/// Rows of a preview.
const PREVIEW_ROWS: usize = 50;
/// Longest cell of a preview, in characters.
const PREVIEW_CHARS: usize = 500;

/// The file that a preview is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Its name.
    pub name: String,
    /// Its size; of a `.gz` file, compressed.
    pub size_bytes: u64,
    /// Whether it is compressed.
    pub is_gzip: bool,
}

/// The first rows of a file as a person sees them, with the columns as far as these rows tell. `header` is as
/// [`header`](crate::records::RecordReader::header) has it, or as many empty names as the table has columns.
pub fn preview(
    file: FileFacts,
    dialect: &Dialect,
    header: &[String],
    first: &RecordBatch,
    mut warnings: Vec<TableWarning>,
) -> TablePreview {
    let (names, name_warnings) = names_of(header, dialect);
    let mut profiler = Profiler::new(header, &names, dialect);
    profiler.add(first);
    let profile = profiler.profile();
    let kept = profile.columns.len();
    let shown = |cell: &str| match cell.char_indices().nth(PREVIEW_CHARS) {
        Some((end, _)) => format!("{}\u{2026}", &cell[..end]),
        None => cell.to_owned(),
    };
    let rows = first.records().take(PREVIEW_ROWS);
    let rows = rows.map(|record| (0..kept).map(|column| shown(record.cell(column))).collect()).collect();
    warnings.extend(kept_names(name_warnings, kept, &names));
    warnings.extend(profile.warnings);
    warnings.truncate(MAX_WARNINGS);
    let FileFacts { name, size_bytes, is_gzip } = file;
    TablePreview { name, size_bytes, is_gzip, dialect: dialect.clone(), columns: profile.columns, rows, warnings }
}

/// Usable names; that columns have none is worth a warning only where there is a header.
fn names_of(header: &[String], dialect: &Dialect) -> (Vec<String>, Vec<TableWarning>) {
    let (names, warnings) = clean_names(header);
    (names, if dialect.has_header { warnings } else { Vec::new() })
}

/// Warnings about names, but those of columns that are left out.
fn kept_names(warnings: Vec<TableWarning>, kept: usize, names: &[String]) -> impl Iterator<Item = TableWarning> {
    let dropped: Vec<String> = names[kept..].iter().map(|name| format!("\"{name}\"")).collect();
    warnings.into_iter().filter(move |warning| !dropped.iter().any(|name| warning.message.contains(name.as_str())))
}

/// Where each row lies in the (decompressed) file: 12 bytes a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowSpans {
    starts: Vec<u64>,
    lengths: Vec<u32>,
}

impl RowSpans {
    /// Rows.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Where a row lies, line end included; rows count from 1. `None`: there is no such row.
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

/// Reads a file from beginning to end, a batch at a time, so that the caller can report, yield and stop between.
#[derive(Clone, Debug)]
pub struct Scan {
    profiler: Profiler,
    names: Vec<String>,
    name_warnings: Vec<TableWarning>,
    warnings: Vec<TableWarning>,
    more_warnings: u64,
    spans: RowSpans,
}

/// What a scan found.
#[derive(Clone, Debug, PartialEq)]
pub struct Scanned {
    /// What is said of the file.
    pub summary: TableSummary,
    /// Where its rows lie.
    pub spans: RowSpans,
}

impl Scan {
    /// Begins; `header` is as [`header`](crate::records::RecordReader::header) has it, or as many empty names as the table has columns.
    pub fn new(header: &[String], dialect: &Dialect) -> Self {
        let (names, name_warnings) = names_of(header, dialect);
        Self {
            profiler: Profiler::new(header, &names, dialect),
            names,
            name_warnings,
            warnings: Vec::new(),
            more_warnings: 0,
            spans: RowSpans::default(),
        }
    }

    /// Takes the next records.
    pub fn add(&mut self, batch: &RecordBatch) {
        for record in batch.records() {
            self.profiler.add_record(&record);
            self.spans.push(record.span());
        }
    }

    /// Rows read so far.
    pub fn rows(&self) -> u64 {
        self.spans.len() as u64
    }

    /// Takes what the reading of records noticed, and how much `more` it does not tell; of more than 200 warnings the number is kept.
    pub fn add_warnings(&mut self, warnings: Vec<TableWarning>, more: u64) {
        let room = MAX_WARNINGS - self.warnings.len();
        self.more_warnings += more + warnings.len().saturating_sub(room) as u64;
        self.warnings.extend(warnings.into_iter().take(room));
    }

    /// What was found. Warnings about the whole file come first.
    pub fn finish(self) -> Scanned {
        let profile = self.profiler.profile();
        let (from_records, mut warnings) = (self.warnings, Vec::new());
        warnings.extend(kept_names(self.name_warnings, profile.columns.len(), &self.names));
        warnings.extend(profile.warnings);
        warnings.extend(from_records);
        let surplus = warnings.len().saturating_sub(MAX_WARNINGS);
        warnings.truncate(MAX_WARNINGS);
        let summary = TableSummary {
            rows: self.spans.len() as u64,
            columns: profile.columns,
            label: profile.label,
            warnings,
            more_warnings: self.more_warnings + surplus as u64,
        };
        Scanned { summary, spans: self.spans }
    }
}
