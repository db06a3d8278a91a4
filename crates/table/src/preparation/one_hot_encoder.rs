//! One-hot encoding of categories.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::typed::Dictionary;

/// Categories with a feature of their own, at most.
pub(super) const MAX_CATEGORIES: usize = 32;

/// Categories that occur among the codes, the most frequent first; equally frequent ones by their text.
pub(super) fn count_categories(codes: impl Iterator<Item = u32>, dictionary: &Dictionary) -> Vec<(u64, &str)> {
    let mut counts = vec![0_u64; dictionary.values().len()];
    for code in codes {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    let mut occurring: Vec<(u64, &str)> = counts
        .into_iter()
        .zip(dictionary.values())
        .filter(|(count, _)| *count > 0)
        .map(|(count, value)| (count, value.as_ref()))
        .collect();
    occurring.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
    occurring
}

/// Fitted one-hot encoding of a categorical column: one feature per frequent category, and a last one for all other
/// values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneHotEncoder {
    /// Categories with a feature of their own, the most frequent first.
    #[serde(rename = "values")]
    pub categories: Vec<String>,
    /// Categories of the training rows that share the last feature; they are not unknown.
    #[serde(rename = "rare")]
    pub rare_categories: Vec<String>,
}

impl OneHotEncoder {
    /// Fits to the codes of the training rows. Equally frequent categories are ordered by their text.
    pub fn fit(codes: impl Iterator<Item = u32>, dictionary: &Dictionary) -> Self {
        Self::of_counted(count_categories(codes, dictionary))
    }

    /// Encoding of counted categories, the most frequent first.
    pub(super) fn of_counted(mut occurring: Vec<(u64, &str)>) -> Self {
        let rare = occurring.split_off(occurring.len().min(MAX_CATEGORIES));
        let texts = |counted: Vec<(u64, &str)>| counted.into_iter().map(|(_, value)| value.to_owned()).collect();
        Self { categories: texts(occurring), rare_categories: texts(rare) }
    }

    /// Number of features, without that of missing values.
    pub(super) fn feature_count(&self) -> usize {
        self.categories.len() + 1
    }

    /// Index of the feature of each code of a dictionary; `None` for values that did not occur in training.
    pub(super) fn feature_indices(&self, dictionary: &Dictionary) -> Vec<Option<usize>> {
        let indices: HashMap<&str, usize> =
            self.categories.iter().enumerate().map(|(index, value)| (value.as_str(), index)).collect();
        let rare: HashSet<&str> = self.rare_categories.iter().map(String::as_str).collect();
        let index =
            |value: &str| indices.get(value).copied().or_else(|| rare.contains(value).then_some(self.categories.len()));
        dictionary.values().iter().map(|value| index(value)).collect()
    }

    /// Text of the category with the largest feature; `missing` is the feature of missing values.
    pub(super) fn format_expected(&self, features: &[f32], missing: f32) -> String {
        let best = features.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1));
        match best {
            Some((_, &largest)) if missing > largest => "(empty)".into(),
            Some((index, _)) => self.categories.get(index).map_or_else(|| "(another value)".into(), Clone::clone),
            None => String::new(),
        }
    }
}
