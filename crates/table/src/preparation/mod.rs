//! Typed rows to the numbers that a detector sees, fitted on the training rows and stored with the detector.

mod category;
mod error;
mod fit;
mod matching;
mod notes;
mod number;
mod time;
mod transform;

use std::ops::Range;

use pinhole_protocol::table::{ColumnKind, DecimalMark, Scaling};
use serde::{Deserialize, Serialize};

pub use category::{BooleanScale, CategoryScale};
pub use error::PreparationError;
pub use matching::ColumnMatch;
pub use notes::{ColumnNotes, TransformNotes};
pub use number::NumberScale;
pub use time::TimeScale;

/// Most features of a row; a table that needs more is refused with a sentence.
pub const MAX_FEATURES: usize = 50_000;

/// Features are kept within this, so that their squares stay finite in f32.
const FEATURE_BOUND: f64 = 1e6;

/// How the columns of a table become features: all that was learnt from the training rows, and nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preparation {
    /// How numbers are scaled.
    pub scaling: Scaling,
    /// How the training file wrote numbers; expected values are written likewise.
    pub decimal: DecimalMark,
    /// The columns, in the order of their features.
    pub columns: Vec<PreparedColumn>,
}

/// One column of a [`Preparation`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreparedColumn {
    /// Its name in the training file.
    pub name: String,
    /// How its cells are read.
    pub kind: ColumnKind,
    /// Training rows without a value.
    pub missing_rows: u64,
    /// How its values become features.
    pub encoding: Encoding,
}

/// How a column's values become features. Where a training row had no value, a last feature is 1 where there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// One feature: the scaled number; a missing one is imputed (the mean, or the median when scaled by quantiles).
    Number(NumberScale),
    /// A feature for each frequent value and one for all others, 0 or 1.
    Category(CategoryScale),
    /// One feature: 0 or 1, standardised.
    Boolean(BooleanScale),
    /// Sine and cosine of the time of day, the day of the week and the day of the year, where they vary; then the time
    /// itself, standardised.
    Time(TimeScale),
}

/// The features of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureGroup {
    /// The column's name.
    pub name: String,
    /// Its features among a row's.
    pub features: Range<usize>,
}

impl PreparedColumn {
    /// Its features.
    pub fn width(&self) -> usize {
        let values = match &self.encoding {
            Encoding::Number(_) | Encoding::Boolean(_) => 1,
            Encoding::Category(scale) => scale.values.len() + 1,
            Encoding::Time(scale) => scale.width(),
        };
        values + usize::from(self.has_missing_mark())
    }

    /// Whether its last feature says that there is no value.
    pub fn has_missing_mark(&self) -> bool {
        self.missing_rows > 0
    }
}

impl Preparation {
    /// Features of a row.
    pub fn features(&self) -> usize {
        self.columns.iter().map(PreparedColumn::width).sum()
    }

    /// The features of each column, in the columns' order.
    pub fn groups(&self) -> Vec<FeatureGroup> {
        let mut start = 0;
        let group = |column: &PreparedColumn| {
            let features = start..start + column.width();
            start = features.end;
            FeatureGroup { name: column.name.clone(), features }
        };
        self.columns.iter().map(group).collect()
    }

    /// What a rebuilt row has in a column, in the units of the file: a number with as many digits as its spread in
    /// training warrants, a category's name, a date. `rebuilt` are the column's own features (see [`Self::groups`]).
    ///
    /// # Panics
    /// When there is no such column.
    pub fn expected(&self, column: usize, rebuilt: &[f32]) -> String {
        let column = &self.columns[column];
        let (mark, values) = match rebuilt.split_last() {
            Some((&mark, values)) if column.has_missing_mark() => (mark, values),
            _ => (0.0, rebuilt),
        };
        match &column.encoding {
            Encoding::Category(scale) => scale.expected(values, mark),
            _ if mark > 0.5 => "(empty)".into(),
            Encoding::Number(scale) => scale.expected(values, self.decimal),
            Encoding::Boolean(scale) => scale.expected(values),
            Encoding::Time(scale) => scale.expected(values),
        }
    }

    /// Seen minus expected in units of the column's spread in training, for columns that have more and less (numbers and
    /// times); else 0. Both slices are the column's own features.
    ///
    /// # Panics
    /// When there is no such column.
    pub fn signed_error(&self, column: usize, seen: &[f32], rebuilt: &[f32]) -> f64 {
        let column = &self.columns[column];
        let place = match &column.encoding {
            Encoding::Number(_) => 0,
            Encoding::Time(scale) => scale.width() - 1,
            Encoding::Category(_) | Encoding::Boolean(_) => return 0.0,
        };
        let is_missing = column.has_missing_mark() && seen.last().is_some_and(|&mark| mark > 0.5);
        match (seen.get(place), rebuilt.get(place)) {
            (Some(&seen), Some(&rebuilt)) if !is_missing => f64::from(seen) - f64::from(rebuilt),
            _ => 0.0,
        }
    }
}

/// A feature that the detector's arithmetic bears.
fn bounded(feature: f64) -> f32 {
    feature.clamp(-FEATURE_BOUND, FEATURE_BOUND) as f32
}

/// Mean and population deviation of numbers (scikit-learn's `StandardScaler`): a deviation of 0, or one that is only
/// rounding, becomes 1.
fn mean_and_deviation(values: impl Iterator<Item = f64> + Clone) -> [f64; 2] {
    let count = values.clone().count() as f64;
    if count == 0.0 {
        return [0.0, 1.0];
    }
    let mean = values.clone().sum::<f64>() / count;
    let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    let rounding = count * f64::EPSILON * variance + (count * mean * f64::EPSILON).powi(2);
    let deviation = variance.sqrt();
    [mean, if variance <= rounding || !deviation.is_finite() { 1.0 } else { deviation }]
}
