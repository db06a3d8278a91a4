//! Encoding of a column of many categories by how frequent they are.

use serde::{Deserialize, Serialize};

use super::standardise::{clamp_feature, mean_and_standard_deviation};
use crate::typed::Dictionary;

/// Fitted encoding of a categorical column with more categories than one-hot features: the standardised logarithm of
/// how often the category occurs in training. It needs no label and does not widen the row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrequencyEncoder {
    /// Categories of the training rows, the most frequent first.
    pub categories: Vec<String>,
    /// Training rows of each category.
    pub counts: Vec<u64>,
    /// Mean of ln(count) over the training rows.
    pub mean: f64,
    /// Population standard deviation of ln(count) over the training rows; 1 if they are all equal.
    pub standard_deviation: f64,
}

impl FrequencyEncoder {
    /// Fits to the categories of the training rows and their counts, the most frequent first.
    pub(super) fn fit(counted: Vec<(u64, &str)>) -> Self {
        let logarithms =
            counted.iter().flat_map(|&(count, _)| std::iter::repeat_n((count as f64).ln(), count as usize));
        let [mean, standard_deviation] = mean_and_standard_deviation(logarithms);
        let (counts, categories) = counted.into_iter().map(|(count, value)| (count, value.to_owned())).unzip();
        Self { categories, counts, mean, standard_deviation }
    }

    /// Feature of each code of a dictionary; `None` for values that did not occur in training.
    pub(super) fn features(&self, dictionary: &Dictionary) -> Vec<Option<f32>> {
        let counts: std::collections::HashMap<&str, u64> =
            self.categories.iter().map(String::as_str).zip(self.counts.iter().copied()).collect();
        dictionary.values().iter().map(|value| counts.get(value.as_ref()).map(|&count| self.feature(count))).collect()
    }

    /// Feature of a category that occurred so often; a new one counts as the rarest.
    pub(super) fn feature(&self, count: u64) -> f32 {
        clamp_feature(((count.max(1) as f64).ln() - self.mean) / self.standard_deviation)
    }

    /// Text for a person: any of the categories is usual.
    pub(super) fn format_expected(&self) -> String {
        self.categories.first().cloned().unwrap_or_default()
    }
}
