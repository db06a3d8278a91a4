//! Values of a column as cells of text.

use std::fmt::Write as _;

use parquet::{
    basic::Type as PhysicalType,
    column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader},
    data_type::{ByteArray, DataType, FixedLenByteArray, Int96},
    errors::Result,
    file::metadata::RowGroupMetaData,
};
use pinhole_table::source::SharedSource;

use super::{
    columns::{FlatColumn, Meaning},
    pages::{page_reader, read_chunk},
};

/// Values per read.
const BATCH_ROWS: usize = 1 << 13;

/// Cells of a column, one after the other in one text.
#[derive(Debug, Default)]
pub(super) struct ColumnCells {
    text: String,
    ends: Vec<u32>,
}

impl ColumnCells {
    /// Text of a row, from 0; none: empty.
    pub(super) fn get(&self, row: usize) -> &str {
        let Some(&end) = self.ends.get(row) else { return "" };
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..end as usize]
    }

    fn end(&mut self) {
        self.ends.push(self.text.len() as u32);
    }
}

/// Cells of a column in a row group.
pub(super) fn read_column(source: &SharedSource, group: &RowGroupMetaData, column: &FlatColumn) -> Result<ColumnCells> {
    let chunk = group.column(column.index);
    let (bytes, chunk) = read_chunk(source, chunk)?;
    let pages = page_reader(bytes, &chunk, group)?;
    let reader = get_column_reader(chunk.column_descr_ptr(), pages);
    let meaning = column.meaning;
    match reader {
        ColumnReader::BoolColumnReader(reader) => read(reader, |value, text| append(text, value)),
        ColumnReader::Int32ColumnReader(reader) => {
            read(reader, |&value, text| append_integer(i64::from(value), PhysicalType::INT32, meaning, text))
        }
        ColumnReader::Int64ColumnReader(reader) => {
            read(reader, |&value, text| append_integer(value, PhysicalType::INT64, meaning, text))
        }
        ColumnReader::Int96ColumnReader(reader) => {
            read(reader, |value: &Int96, text| append_timestamp(value.to_nanos(), 1_000_000_000, text))
        }
        ColumnReader::FloatColumnReader(reader) => read(reader, |value, text| append(text, value)),
        ColumnReader::DoubleColumnReader(reader) => read(reader, |value, text| append(text, value)),
        ColumnReader::ByteArrayColumnReader(reader) => {
            read(reader, |value: &ByteArray, text| append_bytes(value.data(), meaning, text))
        }
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            read(reader, |value: &FixedLenByteArray, text| append_bytes(value.data(), meaning, text))
        }
    }
}

fn read<T: DataType>(mut reader: ColumnReaderImpl<T>, append: impl Fn(&T::T, &mut String)) -> Result<ColumnCells> {
    let mut cells = ColumnCells::default();
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    loop {
        levels.clear();
        values.clear();
        let (records, _, _) = reader.read_records(BATCH_ROWS, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            return Ok(cells);
        }
        // A column without gaps has no levels.
        levels.resize(records, levels.last().copied().unwrap_or(0));
        let deepest = levels.iter().copied().max().unwrap_or(0);
        let mut values = values.iter();
        for &level in &levels {
            if let Some(value) = (level == deepest).then(|| values.next()).flatten() {
                append(value, &mut cells.text);
            }
            cells.end();
        }
    }
}

fn append(text: &mut String, value: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = write!(text, "{value}");
}

fn append_integer(value: i64, physical: PhysicalType, meaning: Meaning, text: &mut String) {
    match meaning {
        Meaning::Unsigned if physical == PhysicalType::INT32 => append(text, value as u32),
        Meaning::Unsigned => append(text, value as u64),
        Meaning::Decimal { scale } => append_decimal(i128::from(value), scale, text),
        Meaning::Date => append_timestamp(value.saturating_mul(86_400), 1, text),
        Meaning::Timestamp { per_s } => append_timestamp(value, per_s, text),
        Meaning::TimeOfDay { per_s } => append_clock(value, per_s, text),
        _ => append(text, value),
    }
}

fn append_bytes(bytes: &[u8], meaning: Meaning, text: &mut String) {
    match meaning {
        Meaning::Decimal { scale } => match two_s_complement(bytes) {
            Some(value) => append_decimal(value, scale, text),
            None => text.push('?'),
        },
        Meaning::Uuid => {
            for (index, byte) in bytes.iter().enumerate() {
                let dash = if [4, 6, 8, 10].contains(&index) { "-" } else { "" };
                append(text, format_args!("{dash}{byte:02x}"));
            }
        }
        Meaning::HalfFloat => append(text, half_float(bytes)),
        _ => text.push_str(&String::from_utf8_lossy(bytes)),
    }
}

/// A big-endian integer of at most 16 bytes.
fn two_s_complement(bytes: &[u8]) -> Option<i128> {
    let first = *bytes.first()?;
    let mut extended = [if first >= 0x80 { 0xff } else { 0 }; 16];
    extended.get_mut(16_usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
    Some(i128::from_be_bytes(extended))
}

fn append_decimal(value: i128, scale: u32, text: &mut String) {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
    let sign = if value < 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    append(text, format_args!("{sign}{whole}{point}{fraction}"));
}

/// IEEE 754 binary16, little-endian.
fn half_float(bytes: &[u8]) -> f32 {
    let bits = u16::from_le_bytes([bytes[0], bytes.get(1).copied().unwrap_or(0)]);
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2.0_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2.0_f32.powi(exponent - 15),
    }
}

/// A point in time as ISO 8601; midnight as the date alone.
fn append_timestamp(count: i64, per_s: i64, text: &mut String) {
    let day = per_s * 86_400;
    let (year, month, date) = civil(count.div_euclid(day));
    append(text, format_args!("{year:04}-{month:02}-{date:02}"));
    let within = count.rem_euclid(day);
    if within != 0 {
        text.push(' ');
        append_clock(within, per_s, text);
    }
}

/// A time of day, with a fraction of a second if it has one.
fn append_clock(count: i64, per_s: i64, text: &mut String) {
    let (seconds, fraction) = (count.div_euclid(per_s), count.rem_euclid(per_s));
    append(text, format_args!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
    if fraction != 0 {
        let width = per_s.ilog10() as usize;
        let digits = format!("{fraction:0width$}");
        append(text, format_args!(".{}", digits.trim_end_matches('0')));
    }
}

/// Year, month and day of a number of days since 1970 in the proleptic Gregorian calendar (Hinnant 2013,
/// "chrono-Compatible Low-Level Date Algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(append: impl Fn(&mut String)) -> String {
        let mut text = String::new();
        append(&mut text);
        text
    }

    #[test]
    fn decimals_keep_every_digit() {
        assert_eq!(text(|text| append_decimal(-12_345, 2, text)), "-123.45");
        assert_eq!(text(|text| append_decimal(5, 3, text)), "0.005");
        assert_eq!(text(|text| append_decimal(7, 0, text)), "7");
        assert_eq!(two_s_complement(&[0xff, 0xfe]), Some(-2));
        assert_eq!(two_s_complement(&[0x01, 0x00]), Some(256));
        assert_eq!(two_s_complement(&[0; 17]), None);
    }

    #[test]
    fn times_are_written_as_iso_8601() {
        assert_eq!(text(|text| append_timestamp(0, 1000, text)), "1970-01-01");
        assert_eq!(text(|text| append_timestamp(1_700_000_000_250, 1000, text)), "2023-11-14 22:13:20.25");
        assert_eq!(text(|text| append_timestamp(-1, 1, text)), "1969-12-31 23:59:59");
        assert_eq!(text(|text| append_timestamp(951_782_400, 1, text)), "2000-02-29");
        assert_eq!(text(|text| append_clock(3_661_000_001, 1_000_000, text)), "01:01:01.000001");
    }

    #[test]
    fn half_floats_are_read() {
        for (bits, value) in [(0x3c00_u16, 1.0), (0xc000, -2.0), (0x0001, 5.960_464_5e-8), (0x7bff, 65_504.0)] {
            assert_eq!(half_float(&bits.to_le_bytes()).to_bits(), f32::to_bits(value));
        }
    }
}
