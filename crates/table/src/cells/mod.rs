//! Parsing of single cells: text to a number, a date, a boolean, or a missing value.

mod boolean;
mod calendar;
mod cell_format;
mod date_time;
mod duration;
mod missing_markers;
mod month_names;
mod number_format;
mod quantity;
mod time_notation;
mod unit_names;

pub use boolean::parse_boolean;
pub use calendar::{CivilDate, DAY_S, civil_from_days, day_of_year, days_from_civil};
pub use cell_format::CellFormat;
pub use date_time::{DayOrder, day_order, parse_date_time};
pub use duration::{ClockForm, clock_form, parse_duration};
pub use missing_markers::{MissingMarkers, is_default_missing_marker};
pub use number_format::{NumberCell, NumberFormat};
pub use quantity::{Quantity, is_accounting_zero, is_currency, is_same_unit};
pub use time_notation::{epoch_notation, parse_digits_date};
pub use unit_names::{is_description, is_known_unit, is_rule_cell};
