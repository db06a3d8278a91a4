//! Preparation of rows: typed columns to features (standardisation, quantiles, one-hot encoding, cyclical dates),
//! fitted on the training rows and stored with the detector.

mod boolean_scaler;
mod column_map;
mod column_match;
mod date_time_encoder;
mod filled_values;
mod fit;
mod frequency_encoder;
mod number_scaler;
mod one_hot_encoder;
mod preparation_error;
mod prepared_cells;
mod prepared_columns;
mod prepared_for;
mod standardise;
mod transform;
mod transform_counts;

pub use boolean_scaler::BooleanScaler;
pub use column_map::ColumnMapError;
pub use column_match::{ColumnMatch, MatchOptions, letters_and_digits, position_of_name};
pub use date_time_encoder::DateTimeEncoder;
pub use frequency_encoder::FrequencyEncoder;
pub use number_scaler::{NumberScaler, normal_quantile};
pub use one_hot_encoder::OneHotEncoder;
pub use preparation_error::PreparationError;
pub use prepared_cells::{CellKind, PreparedCell};
pub use prepared_columns::{ColumnEncoder, FeatureGroup, MAX_FEATURES, Preparation, PreparedColumn};
pub use prepared_for::PreparedFor;
pub use transform_counts::{ColumnCounts, TransformCounts};
