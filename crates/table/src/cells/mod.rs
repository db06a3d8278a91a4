//! Parsing of single cells: text to a number, a date, a boolean, or a missing value.

mod boolean;
mod calendar;
mod cell_format;
mod date_time;
mod missing_markers;
mod number_format;

pub use boolean::parse_boolean;
pub use calendar::{CivilDate, DAY_S, civil_from_days, day_of_year, days_from_civil};
pub use cell_format::CellFormat;
pub use date_time::{DayOrder, day_order, parse_date_time};
pub use missing_markers::{MissingMarkers, is_default_missing_marker};
pub use number_format::{NumberCell, NumberFormat};
