//! Parquet.

use std::sync::Arc;

use bytes::Bytes;
use parquet::{
    basic::{BrotliLevel, Compression, GzipLevel},
    data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type},
    file::{
        properties::{WriterProperties, WriterVersion},
        reader::{FileReader as _, SerializedFileReader},
        writer::SerializedFileWriter,
    },
    record::RowAccessor as _,
    schema::parser::parse_message_type,
};
use pinhole_protocol::table::FileFormat;

use super::{HEADINGS, convert, file, refusal, scored_text, write_scored};

/// Two row groups of two rows each, with gaps, a decimal, a time, and a list that no table can show.
fn sample(compression: Compression, version: WriterVersion) -> Vec<u8> {
    let schema = "message table {
        OPTIONAL DOUBLE x;
        REQUIRED INT64 at (TIMESTAMP_MILLIS);
        OPTIONAL BYTE_ARRAY name (UTF8);
        OPTIONAL INT32 price (DECIMAL(9, 2));
        REQUIRED GROUP place { OPTIONAL BYTE_ARRAY city (UTF8); }
        REPEATED INT32 list;
    }";
    let properties = WriterProperties::builder().set_compression(compression).set_writer_version(version).build();
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).expect("a writer");
    for group in 0..2 {
        let mut columns = writer.next_row_group().expect("a group");
        let mut column = columns.next_column().expect("columns").expect("x");
        column.typed::<DoubleType>().write_batch(&[0.1 + f64::from(group)], Some(&[1, 0]), None).expect("x");
        column.close().expect("x");
        let mut column = columns.next_column().expect("columns").expect("at");
        let times = [1_700_000_000_250, 86_400_000];
        column.typed::<Int64Type>().write_batch(&times, None, None).expect("at");
        column.close().expect("at");
        let mut column = columns.next_column().expect("columns").expect("name");
        let names = [ByteArray::from("a, \"b\""), ByteArray::from("ä")];
        column.typed::<ByteArrayType>().write_batch(&names, Some(&[1, 1]), None).expect("name");
        column.close().expect("name");
        let mut column = columns.next_column().expect("columns").expect("price");
        column.typed::<Int32Type>().write_batch(&[-1205], Some(&[0, 1]), None).expect("price");
        column.close().expect("price");
        let mut column = columns.next_column().expect("columns").expect("city");
        column.typed::<ByteArrayType>().write_batch(&[ByteArray::from("Bonn")], Some(&[1, 0]), None).expect("city");
        column.close().expect("city");
        let mut column = columns.next_column().expect("columns").expect("list");
        column.typed::<Int32Type>().write_batch(&[1, 2], Some(&[1, 1]), Some(&[0, 0])).expect("list");
        column.close().expect("list");
        columns.close().expect("a group");
    }
    writer.into_inner().expect("a file")
}

/// First and last bytes of a file.
const MAGIC: &[u8] = b"PAR1";

const TEXT: &str = "x,at,name,price,place.city\n\
    0.1,2023-11-14 22:13:20.25,\"a, \"\"b\"\"\",,Bonn\n\
    ,1970-01-02,ä,-12.05,\n\
    1.1,2023-11-14 22:13:20.25,\"a, \"\"b\"\"\",,Bonn\n\
    ,1970-01-02,ä,-12.05,\n";

#[test]
fn every_codec_and_page_version_gives_the_same_cells() {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4_RAW,
    ];
    for codec in codecs {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let converted = convert(vec![file("t.parquet", sample(codec, version))], None).expect("a table");
            assert_eq!(converted.text, TEXT, "{codec:?}");
            assert_eq!(converted.origin.format, FileFormat::Parquet);
            assert_eq!(converted.origin.remarks, ["Left out, as they hold lists or binary data: list."]);
        }
    }
}

#[test]
fn the_scored_file_has_the_old_column_chunks_and_the_new_columns() {
    let bytes = sample(Compression::SNAPPY, WriterVersion::PARQUET_1_0);
    let source = file("t.parquet", bytes.clone());
    // The second row was in no ranking.
    let scored = scored_text(TEXT, |index| match index {
        0 => HEADINGS.to_owned(),
        2 => String::new(),
        _ => format!(",{index}.5,1,{},name,x,", u8::from(index == 3)),
    });
    let written = write_scored(&source, &scored, 5);
    let reader = SerializedFileReader::new(Bytes::from(written.clone())).expect("a Parquet file");
    assert_eq!(reader.metadata().file_metadata().num_rows(), 4);
    let rows: Vec<_> = reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect();
    assert!((rows[0].get_double(6).expect("a score") - 1.5).abs() < 1e-12);
    assert!(!rows[0].get_bool(8).expect("a flag") && rows[2].get_bool(8).expect("a flag"));
    assert_eq!(rows[3].get_string(9).expect("a name"), "name");
    assert!(rows[1].get_double(6).is_err(), "it has no score");
    assert_eq!(rows[1].get_list(5).expect("the list").len(), 1, "what no table shows is kept");
    // The chunks are the same bytes.
    let old = SerializedFileReader::new(Bytes::from(bytes.clone())).expect("a Parquet file");
    let (start, length) = old.metadata().row_group(1).column(2).byte_range();
    let chunk = &bytes[start as usize..(start + length) as usize];
    assert!(written.windows(chunk.len()).any(|window| window == chunk));
}

#[test]
fn damaged_files_are_refused_with_a_sentence() {
    let bytes = sample(Compression::UNCOMPRESSED, WriterVersion::PARQUET_1_0);
    for cut in [MAGIC.len(), 8, 100, bytes.len() / 2, bytes.len() - 1] {
        let sentence = refusal(vec![file("t.parquet", &bytes[..cut])]);
        assert!(sentence.contains("“t.parquet” is a damaged Parquet file"), "{sentence}");
    }
    let mut encrypted = bytes.clone();
    encrypted.truncate(bytes.len() - 4);
    encrypted.extend(b"PARE");
    assert!(refusal(vec![file("t.parquet", encrypted)]).contains("is encrypted"));
    // A byte anywhere: a table or a sentence, never a panic.
    for position in (MAGIC.len()..bytes.len()).step_by(7) {
        let mut damaged = bytes.clone();
        damaged[position] ^= 0xff;
        let _ = convert(vec![file("t.parquet", damaged)], None);
    }
}
