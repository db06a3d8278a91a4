//! Files of other formats than text, made by the tests, as text tables and back.

mod archives;
mod encodings;
mod json;
mod parquet;
mod workbooks;

use pinhole_formats::AllFormats;
use pinhole_protocol::table::TableOrigin;
use pinhole_table::{
    TableError,
    conversion::{AddedColumns, ConversionAdvance, ConvertedText, FileFormats as _},
    source::{MemorySource, SharedSource},
};

/// Result of a conversion.
struct Converted {
    text: String,
    origin: TableOrigin,
    written: ConvertedText,
}

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> SharedSource {
    SharedSource::new(Box::new(MemorySource::new(name, bytes)))
}

/// Converts files to text.
fn convert(files: Vec<SharedSource>, part: Option<usize>) -> Result<Converted, TableError> {
    let mut job = AllFormats.convert(files, part);
    let mut text = Vec::new();
    loop {
        match job.advance()? {
            ConversionAdvance::Text(piece) => text.extend(piece),
            ConversionAdvance::Done { origin, text: written } => {
                assert!(job.share() <= 1.0);
                return Ok(Converted { text: String::from_utf8_lossy(&text).into_owned(), origin, written });
            }
        }
    }
}

/// The sentence with which files are refused.
fn refusal(files: Vec<SharedSource>) -> String {
    convert(files, None).map(|converted| converted.text).expect_err("no table").to_string()
}

/// Writes the scored copy of a file: its text with six added cells beside the header and each row.
fn write_scored(source: &SharedSource, scored_text: &str, width: usize) -> Vec<u8> {
    let origin = convert(vec![source.clone()], None).expect("a table").origin;
    let headings = ["score", "percentile", "flag", "top_column_1", "top_column_2", "top_column_3"];
    let added = AddedColumns { width, headings: headings.map(String::from).to_vec() };
    let mut writer = AllFormats.writer(vec![source.clone()], &origin, added).expect("it can be written");
    for piece in scored_text.as_bytes().chunks(11) {
        writer.push(piece).expect("it fits");
    }
    let mut bytes = Vec::new();
    while let Some(piece) = writer.take().expect("it can be written") {
        bytes.extend(piece);
    }
    bytes
}

/// A text with what `added` gives after each line.
fn scored_text(text: &str, added: impl Fn(usize) -> String) -> String {
    text.lines().enumerate().map(|(index, line)| line.to_owned() + &added(index) + "\n").collect()
}

/// Headings of the added cells, as they stand in the scored text.
const HEADINGS: &str = ",score,percentile,flag,top_column_1,top_column_2,top_column_3";

#[test]
fn several_files_with_the_same_columns_are_one_table() {
    let june = file("june.csv", "day,count,file\n1,10,a\n2,20,b\n3,30,c\n4,40,d\n");
    // Another order, another delimiter, other letters.
    let july = file("july.csv", "File;Day;Count\nx;5;50\ny;6;60\nz;7;70\n");
    let lines = file("august.jsonl", "{\"count\": 80, \"file\": \"q\", \"day\": 8}\n");
    let converted = convert(vec![june.clone(), july, lines], None).expect("one table");
    assert_eq!(converted.text.lines().next(), Some("day,count,file,file (2)"));
    assert_eq!(converted.text.lines().nth(5), Some("5,50,x,july.csv"));
    assert_eq!(converted.text.lines().last(), Some("8,80,q,august.jsonl"));
    assert_eq!(converted.written, ConvertedText::NamedRecords);

    let other = file("other.csv", "day,kount,file\n1,10,a\n2,20,b\n3,30,c\n");
    let refusal = refusal(vec![june, other]);
    for part in ["other.csv", "june.csv", "without “count”", "with “kount”"] {
        assert!(refusal.contains(part), "{refusal}");
    }
}
