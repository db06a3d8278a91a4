//! Records to typed columns: numbers, times and categories, without the text.

mod dictionary;
mod reader;
mod table;

pub use dictionary::{Dictionary, MISSING, OTHER};
pub use reader::{TypedReader, Wanted};
pub use table::{TypedColumn, TypedTable};
