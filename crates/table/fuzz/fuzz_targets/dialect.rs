//! Fuzz target: the sniffed dialect of any bytes is valid, and the bytes can be read with it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pinhole_table::dialect::{check, sniff};
use pinhole_table::records::{RecordBatch, RecordReader};
use pinhole_table::source::{Content, MemorySource};

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut content) = Content::open(Box::new(MemorySource::new("fuzz.csv", bytes))) else { return };
    let Ok(dialect) = sniff(&mut content) else { return };
    check(&dialect).expect("a sniffed dialect is valid");
    let Ok(mut reader) = RecordReader::new(&mut content, &dialect) else { return };
    let mut batch = RecordBatch::default();
    while let Ok(true) = reader.next_batch(&mut content, &mut batch) {}
});
