//! Format of the cells of a file.

use pinhole_protocol::table::Dialect;

use super::{
    date_time::parse_date_time,
    missing_markers::MissingMarkers,
    number_format::{NumberCell, NumberFormat},
};

/// Format of numbers, dates and missing values in a file: the part of a [`Dialect`] that concerns single cells.
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

    /// Parses a cell as a number; a missing marker is [`NumberCell::Missing`].
    #[inline]
    pub fn number(&self, cell: &str) -> NumberCell {
        match self.number.parse(cell) {
            NumberCell::Number(value) if self.missing.has_number(value) => NumberCell::Missing,
            NumberCell::Text if self.missing.contains(cell) => NumberCell::Missing,
            parsed => parsed,
        }
    }

    /// Parses a cell as a date or time, in seconds since 1970-01-01 00:00 UTC or, for a time without a date, since
    /// midnight. `None`: it is neither.
    pub fn time(&self, cell: &str) -> Option<f64> {
        parse_date_time(cell, self.day_first)
    }

    /// True if a cell is a missing marker.
    #[inline]
    pub fn is_missing(&self, cell: &str) -> bool {
        self.missing.contains(cell)
            || (self.missing.has_numbers()
                && matches!(self.number.parse(cell), NumberCell::Number(value) if self.missing.has_number(value)))
    }
}
