//! Bytes to records: cells of text, and where each row lies in the file.

mod batch;
mod lexer;
mod marks;
mod notes;
mod reader;
mod reread;
mod rules;
mod stream;
mod text;
mod trailing;

pub use batch::{Record, RecordBatch};
pub use lexer::{MAX_COLUMNS, MAX_QUOTED_BYTES};
pub use reader::RecordReader;
pub use reread::{read_bytes_at, read_record_at};
pub use rules::{MAX_PREAMBLE_ROWS, Rules};
pub(crate) use sample::{Sample, lex_sample};
pub use stream::{MAX_BATCH_RECORDS, MAX_RECORD_BYTES, PIECE_BYTES};
pub(crate) use text::{Utf16, mark_bytes};

mod sample;
