//! Parquet files as text tables, and scored ones back.
//!
//! Columns are read by the crate's column readers, without Arrow, one row group at a time.

mod cells;
mod columns;
mod metadata;
mod pages;
mod write;

use std::rc::Rc;

use parquet::errors::ParquetError;
use pinhole_protocol::table::{FileFormat, TableOrigin};
use pinhole_table::{
    TableError,
    conversion::ConvertedText,
    source::{ByteSource as _, SharedSource},
};

use crate::job::{Converted, Output, pause};
pub(crate) use write::ParquetWriter;

/// Largest row group, in bytes: it is held in memory, compressed and as text.
const MAX_ROW_GROUP_BYTES: i64 = 1 << 30;

/// Error of a damaged file.
fn refuse(source: &SharedSource, error: &ParquetError) -> TableError {
    TableError::Format {
        name: source.name().to_owned(),
        problem: format!("is a damaged Parquet file, or of a kind that is not known here ({error})"),
        advice: "write it anew, or export it as CSV".into(),
    }
}

/// Converts a Parquet file to text.
pub(crate) async fn convert(source: SharedSource, output: Rc<Output>) -> Result<Converted, TableError> {
    let metadata = metadata::read(&source)?;
    let columns = columns::flat_columns(&metadata);
    let mut remarks = Vec::new();
    if columns.is_empty() {
        return Err(TableError::Format {
            name: source.name().to_owned(),
            problem: "has no column of single values, only lists or binary data".into(),
            advice: "export its columns flat, a value per row".into(),
        });
    }
    let left_out = columns::left_out(&metadata, &columns);
    if !left_out.is_empty() {
        remarks.push(format!("Left out, as they hold lists or binary data: {}.", left_out.join(", ")));
    }
    output.record(columns.iter().map(|column| column.name.as_str()));
    let rows = metadata.file_metadata().num_rows().max(1) as f64;
    let mut done = 0.0;
    for group in metadata.row_groups() {
        if group.total_byte_size() > MAX_ROW_GROUP_BYTES {
            return Err(TableError::Format {
                name: source.name().to_owned(),
                problem: format!("has a row group of {} MB", group.total_byte_size() >> 20),
                advice: "write it with smaller row groups, such as of 1 million rows".into(),
            });
        }
        let mut cells = Vec::new();
        for column in &columns {
            cells.push(cells::read_column(&source, group, column).map_err(|error| refuse(&source, &error))?);
            pause().await;
        }
        for row in 0..group.num_rows() as usize {
            output.record(cells.iter().map(|column| column.get(row)));
            done += 1.0;
            output.set_share(done / rows);
            output.pause_if_due().await?;
        }
    }
    let origin = TableOrigin {
        format: FileFormat::Parquet,
        parts: vec![source.name().to_owned()],
        part: 0,
        remarks,
        scored_extension: Some("parquet".into()),
    };
    Ok(Converted { origin, text: ConvertedText::NamedRecords })
}
