//! Scored Parquet file: the column chunks of the source byte for byte, and those of the added columns.

use std::sync::Arc;

use bytes::Bytes;
use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as PhysicalType},
    column::writer::ColumnCloseResult,
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType},
    errors::Result,
    file::{
        metadata::{ParquetMetaData, RowGroupMetaData},
        properties::{EnabledStatistics, WriterProperties},
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::{Type, TypePtr},
};
use pinhole_table::{
    TableError,
    conversion::{AddedColumns, ScoredFileWriter},
    export::TOP_COLUMNS,
    source::SharedSource,
};

use super::{metadata, pages::read_chunk, refuse};
use crate::scored_text::{Added, ScoredRecord, ScoredText};

/// Key of the schema of Arrow, which would contradict the added columns; it is made anew by readers that want it.
const ARROW_SCHEMA_KEY: &str = "ARROW:schema";

/// Records of the text before the first row: the names.
const HEADER_RECORDS: usize = 1;

/// Writer of a scored Parquet file, one row group at a time.
pub(crate) struct ParquetWriter {
    source: SharedSource,
    scored: ScoredText,
    metadata: ParquetMetaData,
    /// `None`: the file is complete.
    writer: Option<SerializedFileWriter<Vec<u8>>>,
    next_group: usize,
    rows: usize,
}

impl ParquetWriter {
    /// A writer of the scored copy of a file.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub(crate) fn new(source: SharedSource, added: AddedColumns) -> std::result::Result<Self, TableError> {
        let metadata = metadata::read(&source)?;
        let writer = file_writer(&metadata, &added).map_err(|error| refuse(&source, &error))?;
        let scored = ScoredText::new(added);
        Ok(Self { source, scored, metadata, writer: Some(writer), next_group: 0, rows: 0 })
    }

    fn write_next(&mut self) -> Result<Vec<u8>> {
        let Some(mut writer) = self.writer.take() else { return Ok(Vec::new()) };
        if self.next_group == self.metadata.num_row_groups() {
            writer.finish()?;
            return Ok(std::mem::take(writer.inner_mut()));
        }
        let group = self.metadata.row_group(self.next_group);
        let mut group_writer = writer.next_row_group()?;
        for chunk in group.columns() {
            let (bytes, chunk) = read_chunk(&self.source, chunk)?;
            append_chunk(&mut group_writer, &bytes, chunk, group)?;
        }
        let rows = self.added_rows(group.num_rows() as usize);
        let score = |added: &Added| added.score;
        write_optional::<DoubleType>(&mut group_writer, &rows, &score)?;
        write_optional::<DoubleType>(&mut group_writer, &rows, &|added| added.percentile)?;
        write_optional::<BoolType>(&mut group_writer, &rows, &|added| Some(added.is_flagged))?;
        for rank in 0..TOP_COLUMNS {
            let name = |added: &Added| match self.scored.top_names(added)[rank] {
                "" => None,
                name => Some(ByteArray::from(name)),
            };
            write_optional::<ByteArrayType>(&mut group_writer, &rows, &name)?;
        }
        group_writer.close()?;
        self.rows += rows.len();
        self.next_group += 1;
        let bytes = std::mem::take(writer.inner_mut());
        self.writer = Some(writer);
        Ok(bytes)
    }

    /// Added cells of the next rows; `None`: a row without values is in no ranking.
    fn added_rows(&self, count: usize) -> Vec<Option<Added>> {
        let first = HEADER_RECORDS + self.rows;
        let record = |index: usize| match self.scored.records().get(index) {
            Some(ScoredRecord::Row(added)) => Some(*added),
            _ => None,
        };
        (first..first + count).map(record).collect()
    }
}

impl ScoredFileWriter for ParquetWriter {
    fn push(&mut self, text: &[u8]) -> std::result::Result<(), TableError> {
        self.scored.push(text);
        Ok(())
    }

    fn take(&mut self) -> std::result::Result<Option<Vec<u8>>, TableError> {
        if self.writer.is_none() {
            return Ok(None);
        }
        self.scored.push(&[]);
        let source = self.source.clone();
        self.write_next().map(Some).map_err(|error| refuse(&source, &error))
    }
}

fn file_writer(metadata: &ParquetMetaData, added: &AddedColumns) -> Result<SerializedFileWriter<Vec<u8>>> {
    let file = metadata.file_metadata();
    let kept = file
        .key_value_metadata()
        .map(|entries| entries.iter().filter(|entry| entry.key != ARROW_SCHEMA_KEY).cloned().collect::<Vec<_>>());
    // The chunks of the source have no page index, and one for the added columns alone cannot be written.
    let properties = WriterProperties::builder()
        .set_key_value_metadata(kept)
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .build();
    SerializedFileWriter::new(Vec::new(), scored_schema(metadata, added)?, Arc::new(properties))
}

/// The schema with the added columns at its end.
fn scored_schema(metadata: &ParquetMetaData, added: &AddedColumns) -> Result<TypePtr> {
    let root = metadata.file_metadata().schema();
    let mut fields = root.get_fields().to_vec();
    for (index, heading) in added.headings.iter().enumerate() {
        let (physical, logical) = match index {
            0 | 1 => (PhysicalType::DOUBLE, None),
            2 => (PhysicalType::BOOLEAN, None),
            _ => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let field = Type::primitive_type_builder(heading, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()?;
        fields.push(Arc::new(field));
    }
    Ok(Arc::new(Type::group_type_builder(root.name()).with_fields(fields).build()?))
}

fn append_chunk(
    writer: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    bytes: &Bytes,
    chunk: parquet::file::metadata::ColumnChunkMetaData,
    group: &RowGroupMetaData,
) -> Result<()> {
    let closed = ColumnCloseResult {
        bytes_written: bytes.len() as u64,
        rows_written: group.num_rows() as u64,
        metadata: chunk,
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    writer.append_column(bytes, closed)
}

fn write_optional<T: DataType>(
    writer: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    rows: &[Option<Added>],
    value: &dyn Fn(&Added) -> Option<T::T>,
) -> Result<()> {
    let cells: Vec<Option<T::T>> = rows.iter().map(|row| row.as_ref().and_then(value)).collect();
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let values: Vec<T::T> = cells.into_iter().flatten().collect();
    if let Some(mut column) = writer.next_column()? {
        column.typed::<T>().write_batch(&values, Some(&levels), None)?;
        column.close()?;
    }
    Ok(())
}
