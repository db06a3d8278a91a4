//! Format of the cells of a column.

use pinhole_protocol::table::{ColumnFormat, Dialect, NumberStyle, TimeNotation};

use super::{
    date_time::parse_date_time,
    missing_markers::MissingMarkers,
    number_format::{NumberCell, NumberFormat, check_range},
    quantity::{Quantity, is_accounting_zero, is_currency, is_same_unit},
    time_notation::parse_in_notation,
};

/// Format of numbers, dates and missing values in a column: the part of a [`Dialect`] that concerns single cells.
#[derive(Clone, Debug)]
pub struct CellFormat {
    number: NumberFormat,
    missing: MissingMarkers,
    day_first: bool,
    time: Option<TimeNotation>,
    unit: Option<String>,
    bare_is_missing: bool,
}

impl CellFormat {
    /// The format that a dialect describes for the column with this index.
    pub fn new(dialect: &Dialect, column: usize) -> Self {
        let own = dialect.column(column);
        let file_style = NumberStyle { decimal: dialect.decimal, thousands: dialect.thousands.clone() };
        let style = own.and_then(|format| format.number.as_ref()).unwrap_or(&file_style);
        let number = NumberFormat::new(style);
        let own_markers = own.map_or(&[][..], |format| &format.missing_markers);
        Self {
            number,
            missing: MissingMarkers::new(dialect.missing_markers.iter().chain(own_markers), number),
            day_first: own.and_then(|format| format.day_first).unwrap_or(dialect.day_first),
            time: own.and_then(|format| format.time),
            unit: own.and_then(|format| format.unit.clone()),
            bare_is_missing: own.is_some_and(|format: &ColumnFormat| format.bare_is_missing),
        }
    }

    /// Decimal mark of the column's numbers.
    pub const fn decimal(&self) -> char {
        self.number.decimal()
    }

    /// Parses a cell as a number; a missing marker is [`NumberCell::Missing`].
    #[inline]
    pub fn number(&self, cell: &str) -> NumberCell {
        match self.plain_number(cell) {
            Some(parsed) => parsed,
            None => self.formatted_number(cell),
        }
    }

    /// Parses a cell of digits and a decimal point at most as a number; `None`: it is more, or none.
    #[inline]
    pub fn plain_number(&self, cell: &str) -> Option<NumberCell> {
        let value = self.number.parse_plain(cell)?;
        let is_missing = self.bare_is_missing || self.missing.has_number(value);
        Some(if is_missing { NumberCell::Missing } else { check_range(value) })
    }

    /// Parses any other cell as a number.
    pub fn formatted_number(&self, cell: &str) -> NumberCell {
        match self.number.parse_formatted(cell) {
            NumberCell::Number(value) if self.missing.has_number(value) => NumberCell::Missing,
            NumberCell::Number(_) if self.bare_is_missing && !cell.contains('%') => NumberCell::Missing,
            NumberCell::Text if self.missing.contains(cell) => NumberCell::Missing,
            NumberCell::Text => self.marked_number(cell),
            parsed => parsed,
        }
    }

    /// A cell with a unit, or a length of time, as a number.
    fn marked_number(&self, cell: &str) -> NumberCell {
        if let Some(notation) = self.time.filter(|notation| is_length(*notation)) {
            return parse_in_notation(cell, notation).map_or(NumberCell::Text, NumberCell::Number);
        }
        let Some(unit) = &self.unit else { return NumberCell::Text };
        if is_currency(unit) && is_accounting_zero(cell) {
            return NumberCell::Number(0.0);
        }
        match Quantity::parse(cell) {
            Some(quantity) if quantity.unit.is_empty() || is_same_unit(&quantity.unit, unit) => {
                self.number.parse_body(quantity.number, quantity.is_negative)
            }
            _ => NumberCell::Text,
        }
    }

    /// Parses a cell as a date or time, in seconds since 1970-01-01 00:00 UTC or, for a time without a date, since
    /// midnight. `None`: it is neither.
    pub fn time(&self, cell: &str) -> Option<f64> {
        match self.time {
            Some(notation) => parse_in_notation(cell, notation),
            None => parse_date_time(cell, self.day_first),
        }
    }

    /// True if numbers are points in time by their notation.
    pub fn counts_time(&self) -> bool {
        self.time.is_some_and(|notation| !is_length(notation))
    }

    /// True if a cell is a missing marker.
    #[inline]
    pub fn is_missing(&self, cell: &str) -> bool {
        self.missing.contains(cell)
            || ((self.missing.has_numbers() || self.bare_is_missing)
                && matches!(self.number(cell), NumberCell::Missing))
    }
}

/// True if cells of a notation are lengths of time, which are numbers.
fn is_length(notation: TimeNotation) -> bool {
    matches!(notation, TimeNotation::Duration | TimeNotation::MinutesSeconds)
}
