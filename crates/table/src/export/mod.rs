//! The table written back, with what was found beside each row.

mod encode;
mod lexer;
mod writer;

pub use encode::guarded;
pub use writer::{Addition, ScoredWriter, TOP_COLUMNS};
