//! Fitted preparation of a table, column by column.

use std::ops::Range;

use pinhole_protocol::table::{ColumnKind, DecimalMark, NumberScaling};
use serde::{Deserialize, Serialize};

use super::{
    boolean_scaler::BooleanScaler, date_time_encoder::DateTimeEncoder, frequency_encoder::FrequencyEncoder,
    number_scaler::NumberScaler, one_hot_encoder::OneHotEncoder,
};

/// Largest number of features per row; a table that needs more is rejected with
/// [`super::PreparationError::TooManyFeatures`].
pub const MAX_FEATURES: usize = 50_000;

/// Map from rows of typed columns to features, fitted on the training rows only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preparation {
    /// Scaling of numbers.
    pub scaling: NumberScaling,
    /// Decimal mark of the training file, with which expected values are written.
    pub decimal: DecimalMark,
    /// Columns, in the order of their features.
    pub columns: Vec<PreparedColumn>,
}

/// One column of a [`Preparation`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreparedColumn {
    /// Name in the training file.
    pub name: String,
    /// Kind, which determines how cells are parsed.
    pub kind: ColumnKind,
    /// Training rows with a missing value. If there are any, the last feature is a missing indicator, unless
    /// `hides_missing`.
    pub missing_rows: u64,
    /// True if the features of a missing cell are NaN, as for a [`PreparedFor::Detector`](super::PreparedFor).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hides_missing: bool,
    /// Encoder of its values.
    #[serde(rename = "encoding")]
    pub encoder: ColumnEncoder,
}

/// Fitted encoder of the values of one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnEncoder {
    /// One feature: the scaled number. Missing numbers are imputed: by the mean, or the median under quantile scaling.
    Number(NumberScaler),
    /// One-hot encoding: a feature of 0 or 1 per frequent category, and one for all other values.
    Category(OneHotEncoder),
    /// One feature: the standardised logarithm of how frequent the category is.
    Frequency(FrequencyEncoder),
    /// One feature: 0 or 1, standardised.
    Boolean(BooleanScaler),
    /// Sine and cosine of the time of day, the day of the week and the day of the year, of those that vary; then the
    /// time, standardised.
    Time(DateTimeEncoder),
}

/// Features of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureGroup {
    /// Name of the column.
    pub name: String,
    /// Indices of its features in a row.
    pub features: Range<usize>,
}

impl PreparedColumn {
    /// Number of features, the missing indicator included.
    pub fn feature_count(&self) -> usize {
        let values = match &self.encoder {
            ColumnEncoder::Number(_) | ColumnEncoder::Boolean(_) | ColumnEncoder::Frequency(_) => 1,
            ColumnEncoder::Category(encoder) => encoder.feature_count(),
            ColumnEncoder::Time(encoder) => encoder.feature_count(),
        };
        values + usize::from(self.has_missing_indicator())
    }

    /// True if the last feature is a missing indicator: 1 for a missing value, else 0.
    pub fn has_missing_indicator(&self) -> bool {
        self.missing_rows > 0 && !self.hides_missing
    }
}

impl Preparation {
    /// Number of features per row.
    pub fn feature_count(&self) -> usize {
        self.columns.iter().map(PreparedColumn::feature_count).sum()
    }

    /// Features of each column, in order.
    pub fn groups(&self) -> Vec<FeatureGroup> {
        let mut start = 0;
        let group = |column: &PreparedColumn| {
            let features = start..start + column.feature_count();
            start = features.end;
            FeatureGroup { name: column.name.clone(), features }
        };
        self.columns.iter().map(group).collect()
    }

    /// Expected value of a column in the units of the file, as text: a number to three digits of its standard
    /// deviation, a category, a boolean or a date. `reconstruction` are the reconstructed features of this column alone
    /// (see [`Self::groups`]).
    ///
    /// # Panics
    /// If there is no such column.
    pub fn expected_value(&self, column: usize, reconstruction: &[f32]) -> String {
        let column = &self.columns[column];
        let (missing, values) = match reconstruction.split_last() {
            Some((&indicator, values)) if column.has_missing_indicator() => (indicator, values),
            _ => (0.0, reconstruction),
        };
        match &column.encoder {
            ColumnEncoder::Category(encoder) => encoder.format_expected(values, missing),
            _ if missing > 0.5 => "(empty)".into(),
            ColumnEncoder::Number(scaler) => scaler.format_expected(values, self.decimal),
            ColumnEncoder::Boolean(scaler) => scaler.format_expected(values),
            ColumnEncoder::Frequency(encoder) => encoder.format_expected(),
            ColumnEncoder::Time(encoder) => encoder.format_expected(values),
        }
    }

    /// Input minus reconstruction of a number or time, in units of the scaling; 0 for other kinds and missing values.
    /// Both slices are the features of this column alone.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn signed_error(&self, column: usize, input: &[f32], reconstruction: &[f32]) -> f64 {
        let column = &self.columns[column];
        let index = match &column.encoder {
            ColumnEncoder::Number(_) => 0,
            ColumnEncoder::Time(encoder) if encoder.has_date => encoder.feature_count() - 1,
            ColumnEncoder::Time(_)
            | ColumnEncoder::Category(_)
            | ColumnEncoder::Frequency(_)
            | ColumnEncoder::Boolean(_) => return 0.0,
        };
        let is_missing = column.has_missing_indicator() && input.last().is_some_and(|&indicator| indicator > 0.5);
        match (input.get(index), reconstruction.get(index)) {
            (Some(&input), Some(&reconstruction)) if !is_missing && !input.is_nan() => {
                f64::from(input) - f64::from(reconstruction)
            }
            _ => 0.0,
        }
    }
}
