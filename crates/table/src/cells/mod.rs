//! One cell of text to a number, a date, a truth value, or nothing.

mod boolean;
mod calendar;
mod date;
mod missing;
mod number;

use pinhole_protocol::table::Dialect;

pub use boolean::parse_boolean;
pub use calendar::{Civil, DAY_S, civil_from_days, day_of_year, days_from_civil};
pub use date::{DayOrder, day_order, parse_time};
pub use missing::{MissingMarkers, is_missing_by_custom};
pub use number::{NumberCell, NumberFormat};

/// How the cells of a file are read: the part of a [`Dialect`] that is about single cells, made ready once.
#[derive(Clone, Debug)]
pub struct CellFormat {
    number: NumberFormat,
    missing: MissingMarkers,
    day_first: bool,
}

impl CellFormat {
    /// The format that a dialect describes.
    pub fn new(dialect: &Dialect) -> Self {
        let number = NumberFormat::new(dialect);
        let missing = MissingMarkers::new(&dialect.missing_markers, number);
        Self { number, missing, day_first: dialect.day_first }
    }

    /// A cell as a number; what means "no value" is [`NumberCell::Missing`].
    #[inline]
    pub fn number(&self, cell: &str) -> NumberCell {
        match self.number.parse(cell) {
            NumberCell::Number(value) if self.missing.has_number(value) => NumberCell::Missing,
            NumberCell::Text if self.missing.contains(cell) => NumberCell::Missing,
            parsed => parsed,
        }
    }

    /// A cell as seconds since 1970-01-01 00:00 (time zone as written, UTC without one), or since midnight if it has no
    /// date. `None`: no date.
    pub fn time(&self, cell: &str) -> Option<f64> {
        parse_time(cell, self.day_first)
    }

    /// Whether a cell means "no value".
    #[inline]
    pub fn is_missing(&self, cell: &str) -> bool {
        self.missing.contains(cell)
            || (self.missing.has_numbers()
                && matches!(self.number.parse(cell), NumberCell::Number(value) if self.missing.has_number(value)))
    }
}
