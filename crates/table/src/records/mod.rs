//! Records: bytes of a delimited file to cells of text (RFC 4180 and its common variants), with the byte range of each.

mod aligned_names;
mod cell_text;
mod csv_syntax;
mod first_records;
mod lexer;
mod limits;
mod record_batch;
mod record_issues;
mod record_reader;
mod record_stream;
mod reread;
mod structural_index;
mod trailing_rows;

pub use csv_syntax::CsvSyntax;
pub(crate) use first_records::FirstRecords;
pub use limits::{MAX_BATCH_RECORDS, MAX_COLUMNS, MAX_PREAMBLE_ROWS, MAX_QUOTED_BYTES, MAX_RECORD_BYTES, PIECE_BYTES};
pub use record_batch::{Record, RecordBatch};
pub use record_reader::RecordReader;
pub(crate) use record_stream::RecordStream;
pub use reread::{read_bytes_at, read_record_at};
