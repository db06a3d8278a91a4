//! Readers of workbooks, Parquet, JSON and archives.

use std::{
    io::{Cursor, Write as _},
    sync::Arc,
};

use parquet::{
    basic::Compression,
    data_type::{ByteArray, ByteArrayType, DoubleType},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use pinhole_formats::AllFormats;
use pinhole_table::{
    conversion::{ConversionAdvance, FileFormats as _},
    source::{MemorySource, SharedSource, detect_format},
};
use rust_xlsxwriter::{Workbook, XlsxError};
use zip::{ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::Outcome;

/// Steps after which a conversion is stopped: a few changed bytes can make a sheet of a million rows.
const MAX_STEPS: usize = 200;

/// A workbook, Parquet with two codecs, JSON of several shapes, and an archive.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [
        "[{\"a\": 1, \"b\": \"x\"}, {\"a\": 2.5, \"b\": null}]",
        "{\"a\": 1}\n{\"a\": {\"b\": [1, NaN]}}\n",
        "{\"columns\": [\"a\"], \"data\": [[1], [2]]}",
        "{\"a\": {\"0\": 1, \"1\": 2}}",
    ]
    .map(Vec::from)
    .to_vec();
    seeds.extend([workbook().ok(), archive().ok()].into_iter().flatten());
    seeds.extend([Compression::UNCOMPRESSED, Compression::SNAPPY].map(parquet_file).into_iter().flatten());
    seeds
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for row in 0..8_u32 {
        sheet.write(row, 0, f64::from(row) + 0.5)?.write(row, 1, "text")?.write(row, 2, row % 2 == 0)?;
    }
    workbook.save_to_buffer()
}

fn archive() -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["a.csv", "b.csv"] {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(b"x,y\n1,2\n3,4\n5,6\n")?;
    }
    Ok(archive.finish()?.into_inner())
}

fn parquet_file(compression: Compression) -> parquet::errors::Result<Vec<u8>> {
    let schema = parse_message_type("message t { OPTIONAL DOUBLE x; REQUIRED BYTE_ARRAY name (UTF8); }")?;
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    if let Some(mut column) = group.next_column()? {
        column.typed::<DoubleType>().write_batch(&[1.5, 2.5], Some(&[1, 0, 1]), None)?;
        column.close()?;
    }
    if let Some(mut column) = group.next_column()? {
        column.typed::<ByteArrayType>().write_batch(&["a", "b", "a"].map(ByteArray::from), None, None)?;
        column.close()?;
    }
    group.close()?;
    writer.into_inner()
}

/// Any bytes become a text table, or are refused.
pub fn convert(bytes: &[u8]) -> Outcome {
    let file = SharedSource::new(Box::new(MemorySource::new("fuzz", bytes)));
    if !detect_format(&file).is_ok_and(|format| format.is_some()) {
        return Outcome::Refused;
    }
    let mut job = AllFormats.convert(vec![file], None);
    for _ in 0..MAX_STEPS {
        match job.advance() {
            Ok(ConversionAdvance::Text(_)) => {}
            Ok(ConversionAdvance::Done { origin, .. }) => {
                assert!(origin.part < origin.parts.len());
                return Outcome::Accepted;
            }
            Err(_) => return Outcome::Refused,
        }
    }
    Outcome::Accepted
}
