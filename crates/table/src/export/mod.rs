//! Export of a table: the bytes of the file, with scores appended to each row or its missing cells filled.

mod encode_cells;
mod filled_writer;
mod record_end;
mod row_writer;
mod scored_writer;

pub use encode_cells::{encode_cell, escape_formula};
pub use filled_writer::{FilledCell, FilledWriter};
pub use row_writer::RowWriter;
pub use scored_writer::{AddedCells, ScoredWriter, TOP_COLUMNS};
