//! Preview and scan of a whole file.

use pinhole_protocol::table::{Dialect, TableWarning};
use pinhole_table::{
    records::{RecordBatch, RecordReader},
    scan::{FileMetadata, Scan, preview},
};

use crate::{reading::content, support::read};

struct Records {
    header: Vec<String>,
    all: RecordBatch,
}

fn table(rows: usize) -> Records {
    let line = |row: usize| format!("{}.5,w{},,{},", row % 40, row % 3, u8::from(row.is_multiple_of(9)));
    let text = (0..rows).map(line).collect::<Vec<_>>().join("\n");
    let file = read(&format!("a,a,,label,\n{text}"), Dialect::default());
    Records { header: file.header, all: file.batch }
}

#[test]
fn a_scan_finds_rows_columns_and_label() {
    let records = table(1000);
    let mut scan = Scan::new(&records.header, &[], &Dialect::default());
    for start in (0..1000).step_by(3) {
        let mut batch = RecordBatch::new(start + 1);
        for index in start..(start + 3).min(1000) {
            records.all.record(index as usize).cells().for_each(|cell| batch.push_cell(cell));
            batch.end_record(index * 10..index * 10 + 9);
        }
        scan.add(&batch);
    }
    let warning = |row| TableWarning { row: Some(row), message: "irregular".into() };
    scan.add_warnings((1..=334).map(warning).collect(), 5);
    assert_eq!(scan.rows(), 1000);
    let scanned = scan.finish();
    let names: Vec<&str> = scanned.summary.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["a", "a (2)", "column 3", "label"]);
    assert_eq!(
        scanned.summary.label.as_ref().map(|label| (label.column, label.anomalous_values.as_slice())),
        Some((3, ["1".to_owned()].as_slice()))
    );
    assert_eq!(
        (scanned.spans.get(1), scanned.spans.get(1000), scanned.spans.get(1001), scanned.spans.get(0)),
        (Some(0..9), Some(9990..9999), None, None)
    );
    assert_eq!((scanned.summary.warnings.len(), scanned.summary.more_warnings), (200, 134 + 3 + 5));
}

fn reader_of(text: &str) -> RecordReader {
    RecordReader::new(&mut content(text.as_bytes()).expect("in memory"), &Dialect::default()).expect("a table")
}

#[test]
fn a_preview_shows_the_first_rows() {
    let records = table(70);
    let file = FileMetadata { name: "t.csv".into(), size_bytes: 9, is_gzip: false };
    let reader = reader_of("a,a,,label,\n1,w,,0,\n");
    let preview = preview(file, &Dialect::default(), &reader, &records.all);
    assert_eq!((preview.rows.len(), preview.rows[0].len()), (50, 4));
    assert_eq!(preview.rows[0], ["0.5", "w0", "", "1"]);
    assert_eq!(preview.warnings.len(), 3, "{:?}", preview.warnings);
}

#[test]
fn a_table_without_rows_or_columns_is_scanned() {
    for header in [Vec::new(), vec!["a".to_owned(), String::new()]] {
        let scanned = Scan::new(&header, &[], &Dialect::default()).finish();
        assert_eq!((scanned.summary.rows, scanned.summary.label), (0, None));
        let file = FileMetadata { name: String::new(), size_bytes: 0, is_gzip: false };
        let reader = reader_of(&format!("{}\n", if header.is_empty() { " ".to_owned() } else { header.join(",") }));
        let preview = preview(file, &Dialect::default(), &reader, &RecordBatch::new(1));
        assert_eq!(preview.columns.len(), header.len().min(1));
    }
}

#[test]
fn ten_thousand_columns_are_scanned() {
    let line = |row: usize| (0..10_000).map(|column| format!("{}.5", row * column % 7)).collect::<Vec<_>>().join(",");
    let text = (0..20).map(line).collect::<Vec<_>>().join("\n");
    let file = read(&text, Dialect { has_header: false, ..Dialect::default() });
    let mut scan = Scan::new(&file.header, &[], &file.dialect);
    scan.add(&file.batch);
    let summary = scan.finish().summary;
    assert_eq!((summary.columns.len(), summary.columns[9_999].name.as_str()), (10_000, "column 10000"));
    assert!(summary.warnings.is_empty(), "{:?}", summary.warnings);
}
