//! Bounds on the size of records and batches, which keep the memory of reading a table bounded.

/// Columns of a record that are read; further cells of it are not.
pub const MAX_COLUMNS: usize = 20_000;

/// Length of the longest quoted cell, in bytes. A quote that is never closed would otherwise swallow the rest of the
/// file: a longer cell is read again with its opening quote as an ordinary character.
pub const MAX_QUOTED_BYTES: usize = 1 << 20;

/// Length of the longest record, in bytes of UTF-8 or of a single-byte encoding. The rest of a longer record is not
/// read.
pub const MAX_RECORD_BYTES: usize = 4 << 20;

/// Records before the table that a dialect can skip.
pub const MAX_PREAMBLE_ROWS: usize = 1000;

/// Bytes of the file per read.
pub const PIECE_BYTES: usize = 1 << 20;

/// Records per batch.
pub const MAX_BATCH_RECORDS: usize = 20_000;
