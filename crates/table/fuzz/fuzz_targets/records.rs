//! Fuzz target: the rows of any bytes under any dialect do not depend on the size of pieces, and can be read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pinhole_protocol::table::{Dialect, TextEncoding};
use pinhole_table::records::{RecordBatch, RecordReader, read_record_at};
use pinhole_table::source::{Content, MemorySource};

type Row = (std::ops::Range<u64>, Vec<String>);

fn read(bytes: &[u8], dialect: &Dialect, piece_bytes: usize) -> Option<Vec<Row>> {
    let mut content = Content::open(Box::new(MemorySource::new("fuzz.csv", bytes))).ok()?;
    let mut reader = RecordReader::with_piece_bytes(&mut content, dialect, piece_bytes).ok()?;
    let mut batch = RecordBatch::default();
    let mut rows = Vec::new();
    while reader.next_batch(&mut content, &mut batch).ok()? {
        rows.extend(batch.records().map(|record| (record.span(), record.cells().map(str::to_owned).collect())));
    }
    Some(rows)
}

// The first bytes choose the dialect and the size of the pieces, the rest is the file.
fuzz_target!(|input: &[u8]| {
    let Some((&[choices, delimiter, piece], bytes)) = input.split_first_chunk::<3>() else { return };
    let dialect = Dialect {
        encoding: TextEncoding::ALL[usize::from(choices & 3)],
        delimiter: char::from(delimiter).to_string(),
        quote: [None, Some("\"".into()), Some("'".into()), Some("\"".into())][usize::from(choices >> 2 & 3)].clone(),
        escape: (choices & 16 != 0).then(|| "\\".into()),
        has_header: choices & 32 != 0,
        preamble_rows: usize::from(choices >> 6),
        ..Dialect::default()
    };
    let Some(rows) = read(bytes, &dialect, 1 << 20) else { return };
    assert_eq!(Some(&rows), read(bytes, &dialect, usize::from(piece) + 1).as_ref());
    let Ok(mut content) = Content::open(Box::new(MemorySource::new("fuzz.csv", bytes))) else { return };
    for (span, cells) in rows.iter().take(20) {
        let batch = read_record_at(&mut content, &dialect, span.clone(), 1).expect("it was read before");
        assert!(batch.record(0).cells().eq(cells.iter().map(String::as_str)));
    }
});
