//! Damaged files and files that are not tables: each gives an error or a warning, and no row is lost.

use std::io::Write;

use pinhole_protocol::table::Dialect;
use pinhole_table::TableError;
use pinhole_table::dialect::check;
use pinhole_table::records::{MAX_COLUMNS, MAX_RECORD_BYTES, RecordBatch, RecordReader, read_record_at};
use pinhole_table::source::{ByteSource, Content, FileSource};

use crate::reading::{content, read, read_as};

fn error_of(bytes: &[u8]) -> String {
    read(bytes).expect_err("it is no table").to_string()
}

#[test]
fn files_without_a_table() {
    assert!(error_of(b"").contains("is empty"));
    assert!(error_of(b"\xef\xbb\xbf\r\n \n").contains("is empty"));
    assert!(error_of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").contains("a PNG picture"));
    assert!(error_of(b"PK\x03\x04\x14\0").contains("Excel"));
    assert!(error_of(b"PAR1\x15\x04").contains("Parquet"));
    assert!(error_of(b"<!DOCTYPE html><html>").contains("a web page"));
    let noise: Vec<u8> = (0..4000_u32).map(|index| (index * index / 7) as u8).collect();
    assert!(error_of(&noise).contains("binary data"));
    let pictures = [b"\0\0\x08\x03\xff\xff\xff\xff".as_slice(), &[0; 5000]].concat();
    assert!(error_of(&pictures).contains("the Digits lab"));
    assert!(error_of(&[b"a,b".as_slice(), &[0; 100]].concat()).contains("binary data"));
}

#[test]
fn small_tables() {
    let header_only = read(b"a,b,c\n").expect("it is a table");
    assert_eq!((header_only.header.len(), header_only.rows.len()), (3, 0));
    let one_row = read(b"a,b\n1,2\n").expect("it is a table");
    assert_eq!(one_row.rows, [["1", "2"]]);
    let one_column = read(b"value\n1\n\n3\n\n\n").expect("it is a table");
    assert_eq!(one_column.rows, [["1"], [""], ["3"]]);
    assert!(
        one_column.has_warning("2 rows at the end are empty: left out (first: row 4)."),
        "{:?}",
        one_column.warnings
    );
}

#[test]
fn ten_thousand_columns_are_read_and_more_than_the_limit_rejected() {
    let line = |columns: usize| vec!["1"; columns].join(",");
    let table = read(format!("{0}\n{0}\n", line(10_000)).as_bytes()).expect("it is a table");
    assert_eq!((table.width, table.rows.len()), (10_000, 2));
    let error = read(line(2 * MAX_COLUMNS).as_bytes()).expect_err("it is too wide");
    assert!(matches!(error, TableError::TooManyColumns { .. }));
}

#[test]
fn a_field_of_a_hundred_megabytes_is_cut() {
    let long = vec![b'x'; 100 << 20];
    let file = [b"a,b\n1,".as_slice(), &long, b"\n2,3\n"].concat();
    let table = read(&file).expect("it is a table");
    assert_eq!(table.rows.len(), 2);
    assert_eq!(table.rows[0][1].len(), MAX_RECORD_BYTES - 2);
    assert_eq!(table.rows[1], ["2", "3"]);
    assert_eq!(table.spans[1].end, file.len() as u64);
    assert!(table.has_warning("1 row has more than 4194304 bytes: the rest is not read."), "{:?}", table.warnings);
}

#[test]
fn an_unclosed_quote_does_not_swallow_the_file() {
    let mut file = b"a,b\n1,\"x\n".to_vec();
    for row in 0..200_000 {
        writeln!(file, "{row},23456").expect("memory can be written to");
    }
    let table = read(&file).expect("it is a table");
    assert_eq!(table.rows.len(), 200_001);
    assert_eq!(table.rows[0], ["1", "\"x"]);
    assert!(table.has_warning("1 row has a quote that opens a cell and is never closed"), "{:?}", table.warnings);
    assert_eq!(table.warnings[0].row, Some(1));
}

#[test]
fn irregular_characters_and_rows_give_warnings() {
    let table = read(b"a,b\n1,x\0y\n2,\xc3\xa9\xc3\xa9\n3,y\n\n3\n4,5,6\n7,8,\n").expect("it is a table");
    assert_eq!(table.rows[0][1], "x\0y");
    assert!(table.has_warning("NUL"));
    assert!(table.has_warning("1 blank line: skipped"));
    assert!(table.has_warning("1 row has 1 cell, the header 2"));
    assert!(table.has_warning("1 row has 3 cells, the header 2"), "{:?}", table.warnings);
    let broken = read_as(b"a,b\n1,\xff\n", &Dialect::default(), 1 << 20).expect("it is a table");
    assert_eq!(broken.rows, [["1", "ÿ"]]);
    assert!(broken.has_warning("invalid in utf-8"));
}

#[test]
fn columns_that_the_header_does_not_name_are_kept() {
    let table = read(b"x,y\n1,2,3\n4,5,6\n7,8,9\n").expect("it is a table");
    assert_eq!((table.header, table.width), (vec!["x".into(), "y".into(), String::new()], 3));
}

#[test]
fn invalid_dialects_are_rejected() {
    for (delimiter, quote) in [("", None), (",,", None), ("é", None), ("\n", None), ("a", None), (",", Some(","))] {
        let dialect = Dialect { delimiter: delimiter.into(), quote: quote.map(String::from), ..Dialect::default() };
        assert!(matches!(check(&dialect), Err(TableError::BadDialect { .. })), "{delimiter:?} {quote:?}");
    }
    assert_eq!(check(&Dialect { delimiter: "^".into(), ..Dialect::default() }), Ok(()));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    file.extend(miniz_oxide::deflate::compress_to_vec(bytes, 6));
    // The checksum, which is not verified.
    file.extend([0; 4]);
    file.extend((bytes.len() as u32).to_le_bytes());
    file
}

fn numbers(rows: usize) -> Vec<u8> {
    let lines: Vec<String> =
        (0..rows).map(|row| format!("{row},{}\n", row.wrapping_mul(2_654_435_761) % 1_000_003)).collect();
    lines.concat().into_bytes()
}

#[test]
fn gzip_is_read_at_any_offset() {
    let plain = numbers(900_000);
    let (first, second) = plain.split_at(7_000_000);
    let packed = [gzip(first), gzip(second), vec![0; 100]].concat();
    let mut content = content(&packed).expect("it is gzip");
    assert!(content.is_gzip());
    let mut buffer = vec![0; 3000];
    for offset in [0, 11_000_000, 6_999_000, 5, 4_200_000, 13_000_000, plain.len() as u64 - 100, 8_400_001, 1 << 40] {
        let count = content.read_at(offset, &mut buffer).expect("it can be read");
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(plain.len());
        assert_eq!(buffer[..count], plain[start..plain.len().min(start + 3000)], "{offset}");
    }
    assert!(content.raw_position() >= packed.len() as u64 - 100);
}

#[test]
fn errors_of_damaged_gzip_give_the_readable_bytes() {
    let packed = gzip(&numbers(200_000));
    let cut = error_of(&packed[..packed.len() / 2]);
    assert!(cut.contains("is cut off: it could be unpacked up to byte"), "{cut}");
    let mut damaged = packed.clone();
    let length_at = packed.len() - 2;
    damaged[length_at] ^= 1;
    assert!(error_of(&damaged).contains("is damaged"));
    damaged = packed;
    damaged.truncate(20);
    assert!(error_of(&damaged).contains("cut off"));
}

#[test]
fn a_gzip_bomb_is_rejected() {
    let bomb = gzip(&vec![b'0'; 300 << 20]);
    let mut content = content(&bomb).expect("it begins as gzip");
    let mut reader =
        RecordReader::new(&mut content, &Dialect { has_header: false, ..Dialect::default() }).expect("so far");
    let mut batch = RecordBatch::default();
    let error = loop {
        match reader.next_batch(&mut content, &mut batch) {
            Ok(true) => {}
            Ok(false) => panic!("it was unpacked to its end"),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("300 times its size"), "{error}");
}

/// A file that is truncated to half of its size at the given read.
struct Shrinking(Vec<u8>, usize);

impl ByteSource for Shrinking {
    fn name(&self) -> &'static str {
        "log.csv"
    }

    fn len_bytes(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
        self.1 = self.1.saturating_sub(1);
        let length = if self.1 == 0 { self.0.len() / 2 } else { self.0.len() };
        let start = (offset as usize).min(length);
        let count = buffer.len().min(length - start);
        buffer[..count].copy_from_slice(&self.0[start..start + count]);
        Ok(count)
    }
}

#[test]
fn a_file_that_shrinks_gives_an_error() {
    let mut content = Content::open(Box::new(Shrinking(numbers(300_000), 5))).expect("it begins well");
    let dialect = Dialect { has_header: false, ..Dialect::default() };
    let mut reader = RecordReader::new(&mut content, &dialect).expect("it begins well");
    let mut batch = RecordBatch::default();
    let error = loop {
        match reader.next_batch(&mut content, &mut batch) {
            Ok(true) => {}
            Ok(false) => panic!("nothing was noticed"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, TableError::Unreadable { .. }), "{error}");
}

#[test]
fn a_file_that_is_written_to_gives_an_error() {
    let path = std::env::temp_dir().join(format!("pinhole-table-{}.csv", std::process::id()));
    std::fs::write(&path, numbers(1000)).expect("it can be written");
    let mut content = Content::open(Box::new(FileSource::open(&path).expect("it is there"))).expect("it is a table");
    std::fs::write(&path, numbers(2000)).expect("it can be written");
    let mut buffer = [0; 10];
    let error = content.read_at(0, &mut buffer).expect_err("it was changed");
    std::fs::remove_file(&path).expect("it can be removed");
    assert!(error.to_string().contains("size or date changed"), "{error}");
}

#[test]
fn rows_are_read_again() {
    let bytes = b"a,b\n1,\"x\ny\"\n\n2,\"\"\"z\"\n3,\"u\n";
    let table = read(bytes).expect("it is a table");
    let mut content = content(bytes).expect("it is a table");
    for (index, span) in table.spans.iter().enumerate() {
        let batch = read_record_at(&mut content, &table.dialect, span.clone(), 7).expect("it can be read");
        let record = batch.record(0);
        assert_eq!(record.cells().collect::<Vec<_>>(), table.rows[index]);
        assert_eq!((record.row(), record.span()), (7, span.clone()));
    }
}
