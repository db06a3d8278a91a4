//! Standardisation of booleans.

use serde::{Deserialize, Serialize};

use super::standardise::{clamp_feature, mean_and_standard_deviation};
use crate::{cells::parse_boolean, typed::Dictionary};

/// Fitted standardisation of a boolean column: (x - mean) / standard deviation, x in {0, 1}.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BooleanScaler {
    /// Text of the value 0, as first seen in training.
    #[serde(rename = "no")]
    pub false_value: String,
    /// Text of the value 1, as first seen in training.
    #[serde(rename = "yes")]
    pub true_value: String,
    /// Share of training rows with the value 1.
    pub mean: f64,
    /// Population standard deviation over the training rows; 1 if they are all equal.
    #[serde(rename = "deviation")]
    pub standard_deviation: f64,
}

impl BooleanScaler {
    /// Fits to the codes of the training rows; values that are not booleans are missing.
    pub fn fit(codes: impl Iterator<Item = u32> + Clone, dictionary: &Dictionary) -> Self {
        let booleans: Vec<Option<bool>> = dictionary.values().iter().map(|value| parse_boolean(value)).collect();
        let boolean = |code: u32| booleans.get(code as usize).copied().flatten();
        let numbers = codes.filter_map(boolean).map(|is_true| f64::from(u8::from(is_true)));
        let [mean, standard_deviation] = mean_and_standard_deviation(numbers);
        let text = |boolean: bool, default: &str| {
            let index = booleans.iter().position(|&other| other == Some(boolean));
            index.map_or_else(|| default.to_owned(), |index| dictionary.values()[index].to_string())
        };
        Self { false_value: text(false, "no"), true_value: text(true, "yes"), mean, standard_deviation }
    }

    /// Boolean of each code of a dictionary; `None` for values that are not booleans.
    pub(super) fn booleans(&self, dictionary: &Dictionary) -> Vec<Option<bool>> {
        let boolean = |value: &str| match value {
            value if value == self.false_value => Some(false),
            value if value == self.true_value => Some(true),
            _ => parse_boolean(value),
        };
        dictionary.values().iter().map(|value| boolean(value)).collect()
    }

    /// The standardised feature of a value; 0, the mean, if it is missing.
    pub(super) fn transform(&self, value: Option<bool>) -> f32 {
        value.map_or(0.0, |is_true| clamp_feature((f64::from(u8::from(is_true)) - self.mean) / self.standard_deviation))
    }

    /// True if the feature of the value 1 is closer to the first of these than that of 0.
    pub(super) fn is_true(&self, features: &[f32]) -> bool {
        let feature = features.first().copied().unwrap_or_default();
        f64::from(feature).mul_add(self.standard_deviation, self.mean) > 0.5
    }

    /// Text of the value whose feature is closest to the first of these.
    pub(super) fn format_expected(&self, features: &[f32]) -> String {
        if self.is_true(features) { self.true_value.clone() } else { self.false_value.clone() }
    }
}
