//! Whole files, read with `csv-core` instead of the reader of this crate, so that other modules are tested alone.

use pinhole_protocol::table::{ColumnSummary, DecimalMark, Dialect};
use pinhole_table::{columns::infer_formats, records::RecordBatch};

use crate::reading;

/// Header, rows and dialect of a file.
pub struct File {
    pub header: Vec<String>,
    pub batch: RecordBatch,
    pub dialect: Dialect,
}

/// Reads a file of the shared test data; `None` if it is not there.
pub fn shared(name: &str, dialect: Dialect) -> Option<File> {
    let bytes = reading::shared(name)?;
    let bytes = if name.rsplit('.').next() == Some("gz") { unzip(&bytes) } else { bytes };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => encoding_rs::WINDOWS_1252.decode(error.as_bytes()).0.into_owned(),
    };
    Some(read(&text, dialect))
}

fn unzip(bytes: &[u8]) -> Vec<u8> {
    // Ten bytes of header, the name of the file if flagged, and eight bytes of trailer at the end (RFC 1952).
    let mut start = 10;
    if bytes[3] & 8 != 0 {
        start += bytes[start..].iter().position(|&byte| byte == 0).expect("a name ends") + 1;
    }
    miniz_oxide::inflate::decompress_to_vec(&bytes[start..bytes.len() - 8]).expect("the file is gzip")
}

/// Reads text with csv-core; the formats of numbers and dates are inferred.
pub fn read(text: &str, mut dialect: Dialect) -> File {
    let mut records = records(text, &dialect).into_iter().skip(dialect.preamble_rows);
    let header = if dialect.has_header { records.next().unwrap_or_default() } else { Vec::new() };
    let records: Vec<Vec<String>> = records.filter(|record| record.iter().any(|cell| !cell.is_empty())).collect();
    let width = records.iter().map(Vec::len).max().unwrap_or(0).max(header.len());
    let mut header = header;
    header.resize(width, String::new());
    let mut batch = RecordBatch::new(1);
    for record in &records {
        for cell in record {
            batch.push_cell(cell);
        }
        batch.end_record(0..0);
    }
    infer_formats(&header, &batch, &mut dialect);
    File { header, batch, dialect }
}

/// All records of a text.
pub fn records(text: &str, dialect: &Dialect) -> Vec<Vec<String>> {
    let mut reader = csv_core::ReaderBuilder::new().delimiter(dialect.delimiter.as_bytes()[0]).build();
    // csv-core ends a record at a line end only.
    let text = format!("{text}\n");
    let mut input = text.as_bytes();
    let (mut output, mut ends) = (vec![0; text.len() + 16], vec![0; 20_000]);
    let mut records = Vec::new();
    loop {
        let (result, read, _, count) = reader.read_record(input, &mut output, &mut ends);
        input = &input[read..];
        match result {
            csv_core::ReadRecordResult::Record => {
                let mut start = 0;
                let cell = |&end: &usize| {
                    let cell = String::from_utf8_lossy(&output[start..end]).into_owned();
                    start = end;
                    cell
                };
                records.push(ends[..count].iter().map(cell).collect());
            }
            csv_core::ReadRecordResult::InputEmpty => {}
            _ => return records,
        }
    }
}

/// A dialect with this delimiter.
pub fn delimited(delimiter: &str) -> Dialect {
    Dialect { delimiter: delimiter.into(), decimal: DecimalMark::Point, ..Dialect::default() }
}

/// Labels of the kinds of columns.
pub fn kinds(columns: &[ColumnSummary]) -> Vec<&'static str> {
    columns.iter().map(|column| column.kind.label()).collect()
}
