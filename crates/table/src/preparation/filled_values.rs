//! Values of features, to fill missing cells with.

use super::prepared_columns::{ColumnEncoder, Preparation};

impl Preparation {
    /// True if the features of a column say which cell to write: those of times and of how frequent a category is do not.
    pub fn can_fill(&self, column: usize) -> bool {
        match self.columns[column].encoder {
            ColumnEncoder::Number(_) | ColumnEncoder::Category(_) | ColumnEncoder::Boolean(_) => true,
            ColumnEncoder::Frequency(_) | ColumnEncoder::Time(_) => false,
        }
    }

    /// True for a column of categories or booleans.
    pub fn is_categorical(&self, column: usize) -> bool {
        matches!(
            self.columns[column].encoder,
            ColumnEncoder::Category(_) | ColumnEncoder::Boolean(_) | ColumnEncoder::Frequency(_)
        )
    }

    /// Number of a column's features in the units of the file, one that the column can hold; `None` of other columns.
    pub fn number(&self, column: usize, features: &[f32]) -> Option<f64> {
        let ColumnEncoder::Number(scaler) = &self.columns[column].encoder else { return None };
        let number = scaler.inverse_transform(*features.first()?);
        Some(scaler.observed.map_or(number, |observed| observed.nearest(number)))
    }

    /// Standard deviation of a column's numbers in the units of the file; 1 of other columns.
    pub fn spread(&self, column: usize) -> f64 {
        match &self.columns[column].encoder {
            ColumnEncoder::Number(scaler) => scaler.standard_deviation,
            _ => 1.0,
        }
    }

    /// Place of the largest of a column's features, the first of equals; of a boolean, 1 if it is true.
    pub fn category(&self, column: usize, features: &[f32]) -> usize {
        match &self.columns[column].encoder {
            ColumnEncoder::Boolean(scaler) => usize::from(scaler.is_true(features)),
            _ => largest(features),
        }
    }

    /// Text of a decoded cell, in the units of the file: empty where a missing value is meant, else as [`Self::fill_text`].
    /// `features` are those of the column, its missing indicator included.
    pub fn decoded_text(&self, column: usize, features: &[f32]) -> String {
        match features.split_last() {
            Some((&indicator, _)) if self.columns[column].has_missing_indicator() && indicator > 0.5 => String::new(),
            Some((_, values)) if self.columns[column].has_missing_indicator() => {
                self.fill_text(column, &[values, &[0.0]].concat())
            }
            _ => self.fill_text(column, features),
        }
    }

    /// Text of a cell to fill, from the features of its column: a number to three digits of its standard deviation, or
    /// one of the categories that have a name.
    pub fn fill_text(&self, column: usize, features: &[f32]) -> String {
        match &self.columns[column].encoder {
            ColumnEncoder::Category(encoder) => {
                let named = &features[..encoder.categories.len().min(features.len())];
                encoder.categories.get(largest(named)).cloned().unwrap_or_default()
            }
            _ => self.expected_value(column, features),
        }
    }
}

/// Index of the largest feature, the first of equals.
fn largest(features: &[f32]) -> usize {
    let mut best = 0;
    for (index, feature) in features.iter().enumerate() {
        if *feature > features[best] {
            best = index;
        }
    }
    best
}
