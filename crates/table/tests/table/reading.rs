//! Whole files, sniffed and read by this crate as a user would get them.

use std::path::PathBuf;

use pinhole_protocol::table::{Dialect, TableWarning};
use pinhole_table::TableError;
use pinhole_table::dialect::sniff;
use pinhole_table::records::{RecordBatch, RecordReader};
use pinhole_table::source::{Content, MemorySource};

/// A file that was read to its end.
#[derive(Debug, Default, PartialEq)]
pub struct Table {
    pub dialect: Dialect,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub spans: Vec<std::ops::Range<u64>>,
    pub preamble_span: std::ops::Range<u64>,
    pub header_span: std::ops::Range<u64>,
    pub width: usize,
    pub warnings: Vec<TableWarning>,
}

impl Table {
    /// True if a warning contains `text`.
    pub fn has_warning(&self, text: &str) -> bool {
        self.warnings.iter().any(|warning| warning.message.contains(text))
    }
}

pub fn content(bytes: &[u8]) -> Result<Content, TableError> {
    Content::open(Box::new(MemorySource::new("t.csv", bytes)))
}

/// Sniffs the dialect of a file and reads it.
pub fn read(bytes: &[u8]) -> Result<Table, TableError> {
    let dialect = sniff(&mut content(bytes)?, None)?;
    read_as(bytes, &dialect, 1 << 20)
}

/// Reads a file with this dialect, `piece_bytes` at a time.
pub fn read_as(bytes: &[u8], dialect: &Dialect, piece_bytes: usize) -> Result<Table, TableError> {
    let mut content = content(bytes)?;
    let mut reader = RecordReader::with_piece_bytes(&mut content, dialect, piece_bytes)?;
    let mut table = Table { dialect: dialect.clone(), ..Table::default() };
    let mut batch = RecordBatch::default();
    while reader.next_batch(&mut content, &mut batch)? {
        for record in batch.records() {
            assert_eq!(record.row(), table.rows.len() as u64 + 1);
            table.rows.push(record.cells().map(str::to_owned).collect());
            table.spans.push(record.span());
        }
    }
    assert_eq!(reader.rows_read(), table.rows.len() as u64);
    table.header = reader.header().unwrap_or_default().to_vec();
    (table.preamble_span, table.header_span) = (reader.preamble_span(), reader.header_span());
    (table.width, table.warnings) = (reader.width(), reader.warnings());
    Ok(table)
}

/// Bytes of a file of the shared test data; `None` (and a line that says so) if it is not there.
pub fn shared(path: &str) -> Option<Vec<u8>> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    let bytes = std::fs::read(&file).ok();
    if bytes.is_none() {
        println!("SKIP {path}: the shared test data are not there");
    }
    bytes
}
