//! Numbers of a column in single precision, around a number of their size.

/// Numbers from this size on are kept as their distance from the first of them: of a counter near 1e9 single precision
/// alone would keep multiples of 64.
const MIN_ORIGIN: f64 = 65_536.0;

/// Numbers by row; NaN is a missing value. A number takes 4 bytes.
#[derive(Clone, Debug, Default)]
pub struct NumberColumn {
    /// Number from which the others are counted; `None` before the first.
    origin: Option<f64>,
    distances: Vec<f32>,
}

impl NumberColumn {
    /// Appends a number, or NaN.
    #[inline]
    pub fn push(&mut self, number: f64) {
        let origin = match self.origin {
            Some(origin) => origin,
            None if number.is_nan() => 0.0,
            None => *self.origin.insert(if number.abs() >= MIN_ORIGIN { number } else { 0.0 }),
        };
        self.distances.push((number - origin) as f32);
    }

    /// Number of a row; NaN if it is missing.
    ///
    /// # Panics
    /// If there is no such row.
    #[inline]
    pub fn get(&self, row: usize) -> f64 {
        f64::from(self.distances[row]) + self.origin.unwrap_or(0.0)
    }

    /// Numbers of all rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f64> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The numbers of these rows.
    ///
    /// # Panics
    /// If one of the rows does not exist.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self { origin: self.origin, distances: rows.iter().map(|&row| self.distances[row]).collect() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.distances.len()
    }

    /// True if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.distances.is_empty()
    }

    /// True if the number of a row is missing, or the row is beyond the end.
    pub fn is_missing(&self, row: usize) -> bool {
        self.distances.get(row).is_none_or(|distance| distance.is_nan())
    }

    /// Removes the rows and keeps memory and origin.
    pub fn clear(&mut self) {
        self.distances.clear();
    }
}

impl FromIterator<f64> for NumberColumn {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
        let mut column = Self::default();
        numbers.into_iter().for_each(|number| column.push(number));
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_keep_their_differences() {
        let numbers = [f64::NAN, 2_000_000_010.0, 1_999_999_990.0, 1_999_999_997.0];
        let column: NumberColumn = numbers.into_iter().collect();
        assert!(column.is_missing(0) && column.is_missing(9) && column.get(0).is_nan());
        assert_eq!(column.iter().skip(1).collect::<Vec<_>>(), numbers[1..]);
        assert_eq!(column.select(&[3]).iter().collect::<Vec<_>>(), [1_999_999_997.0]);
    }

    #[test]
    fn ordinary_numbers_are_single_precision() {
        let column: NumberColumn = [0.1, 12.345].into_iter().collect();
        assert_eq!(column.iter().collect::<Vec<_>>(), [0.1_f32, 12.345_f32].map(f64::from));
    }
}
