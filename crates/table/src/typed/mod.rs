//! Typed columns: records parsed to numbers, times and categories, without their text.

mod cell_issues;
mod dictionary;
mod number_column;
mod typed_reader;
mod typed_table;

pub use dictionary::{Dictionary, MAX_VALUES, MISSING, OTHER};
pub use number_column::NumberColumn;
pub use typed_reader::{ColumnSpec, TypedReader};
pub use typed_table::{TypedColumn, TypedTable};
