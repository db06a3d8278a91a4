//! Export of a scored table: the bytes of the file, with scores appended to each row.

mod encode_cells;
mod record_end;
mod scored_writer;

pub use encode_cells::escape_formula;
pub use scored_writer::{AddedCells, ScoredWriter, TOP_COLUMNS};
