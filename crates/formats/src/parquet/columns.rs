//! Columns of a Parquet file that hold one value per row.

use parquet::{
    basic::{ConvertedType, LogicalType, TimeUnit, Type as PhysicalType},
    file::metadata::ParquetMetaData,
    schema::types::ColumnDescriptor,
};

/// A column of one value per row.
#[derive(Clone, Debug)]
pub(super) struct FlatColumn {
    /// Index among the leaves of the schema.
    pub(super) index: usize,
    /// Name; of a field of a structure, with the names of what it is in: `place.city`.
    pub(super) name: String,
    /// Meaning of its values.
    pub(super) meaning: Meaning,
}

/// Meaning of the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Numbers and truth values as they are.
    Plain,
    /// Integers without a sign.
    Unsigned,
    /// Integers in units of `10^-scale`.
    Decimal { scale: u32 },
    /// Days since 1970.
    Date,
    /// Counts since 1970, this many per second.
    Timestamp { per_s: i64 },
    /// Counts since midnight, this many per second.
    TimeOfDay { per_s: i64 },
    /// Text.
    Text,
    /// An identifier of 16 bytes.
    Uuid,
    /// A number of two bytes.
    HalfFloat,
}

/// All columns of one value per row.
pub(super) fn flat_columns(metadata: &ParquetMetaData) -> Vec<FlatColumn> {
    let leaves = metadata.file_metadata().schema_descr().columns();
    let flat = leaves.iter().enumerate().filter(|(_, leaf)| leaf.max_rep_level() == 0);
    let column = |(index, leaf): (usize, &parquet::schema::types::ColumnDescPtr)| {
        Some(FlatColumn { index, name: leaf.path().parts().join("."), meaning: meaning(leaf)? })
    };
    flat.filter_map(column).collect()
}

/// Names of the other columns.
pub(super) fn left_out(metadata: &ParquetMetaData, flat: &[FlatColumn]) -> Vec<String> {
    let leaves = metadata.file_metadata().schema_descr().columns().iter().enumerate();
    let others = leaves.filter(|(index, _)| flat.iter().all(|column| column.index != *index));
    let mut names: Vec<String> = others.map(|(_, leaf)| leaf.path().parts()[0].clone()).collect();
    names.dedup();
    names
}

/// Meaning of a column's values; `None`: bytes that are no text.
fn meaning(leaf: &ColumnDescriptor) -> Option<Meaning> {
    let logical = leaf.logical_type_ref();
    let per_s = |unit: &TimeUnit| match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    };
    match logical {
        Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => return Some(Meaning::Text),
        Some(LogicalType::Uuid) => return Some(Meaning::Uuid),
        Some(LogicalType::Float16) => return Some(Meaning::HalfFloat),
        Some(LogicalType::Date) => return Some(Meaning::Date),
        Some(LogicalType::Timestamp(time)) => return Some(Meaning::Timestamp { per_s: per_s(&time.unit) }),
        Some(LogicalType::Time(time)) => return Some(Meaning::TimeOfDay { per_s: per_s(&time.unit) }),
        Some(LogicalType::Decimal(decimal)) => {
            return Some(Meaning::Decimal { scale: u32::try_from(decimal.scale).ok()? });
        }
        Some(LogicalType::Integer(integer)) if !integer.is_signed => return Some(Meaning::Unsigned),
        _ => {}
    }
    match leaf.converted_type() {
        ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Some(Meaning::Text),
        ConvertedType::DATE => Some(Meaning::Date),
        ConvertedType::TIMESTAMP_MILLIS => Some(Meaning::Timestamp { per_s: 1_000 }),
        ConvertedType::TIMESTAMP_MICROS => Some(Meaning::Timestamp { per_s: 1_000_000 }),
        ConvertedType::TIME_MILLIS => Some(Meaning::TimeOfDay { per_s: 1_000 }),
        ConvertedType::TIME_MICROS => Some(Meaning::TimeOfDay { per_s: 1_000_000 }),
        ConvertedType::DECIMAL => Some(Meaning::Decimal { scale: u32::try_from(leaf.type_scale()).ok()? }),
        ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64 => {
            Some(Meaning::Unsigned)
        }
        // Old writers store text as bytes without a type; what is no text is found when it is read.
        _ => match leaf.physical_type() {
            PhysicalType::BYTE_ARRAY => Some(Meaning::Text),
            PhysicalType::FIXED_LEN_BYTE_ARRAY => None,
            PhysicalType::INT96 => Some(Meaning::Timestamp { per_s: 1_000_000_000 }),
            _ => Some(Meaning::Plain),
        },
    }
}
