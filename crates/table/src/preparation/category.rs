//! Categories and truth values.

use pinhole_protocol::table::ColumnKind;
use serde::{Deserialize, Serialize};

use super::{bounded, mean_and_deviation};
use crate::{
    cells::parse_boolean,
    typed::{Dictionary, MISSING},
};

/// Most values that have a feature of their own.
pub const MAX_CATEGORIES: usize = 32;

/// How a categorical column becomes features.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryScale {
    /// The values with a feature of their own, the most frequent first; one more feature is for all others.
    pub values: Vec<String>,
    /// Values that training saw and that share the last feature; they are not unknown.
    pub rare: Vec<String>,
}

impl CategoryScale {
    /// Fitted to the codes of the training rows. Values that tie in frequency go by their text.
    pub fn fit(codes: impl Iterator<Item = u32>, dictionary: &Dictionary) -> Self {
        let mut counts = vec![0_u64; dictionary.values().len()];
        for code in codes {
            if let Some(count) = counts.get_mut(code as usize) {
                *count += 1;
            }
        }
        let mut seen: Vec<(u64, &str)> = counts
            .into_iter()
            .zip(dictionary.values())
            .filter(|(count, _)| *count > 0)
            .map(|(count, value)| (count, value.as_ref()))
            .collect();
        seen.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        let rare = seen.split_off(seen.len().min(MAX_CATEGORIES));
        let texts = |seen: Vec<(u64, &str)>| seen.into_iter().map(|(_, value)| value.to_owned()).collect();
        Self { values: texts(seen), rare: texts(rare) }
    }

    pub(super) fn expected(&self, features: &[f32], missing: f32) -> String {
        let best = features.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1));
        match best {
            Some((_, &largest)) if missing > largest => "(empty)".into(),
            Some((place, _)) => self.values.get(place).map_or_else(|| "(another value)".into(), Clone::clone),
            None => String::new(),
        }
    }
}

/// How a column of two values becomes a feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BooleanScale {
    /// The value that is 0, as training saw it first.
    pub no: String,
    /// The value that is 1.
    pub yes: String,
    /// Share of training rows that are 1.
    pub mean: f64,
    /// Deviation of the training rows; 1 if they are all the same.
    pub deviation: f64,
}

impl BooleanScale {
    /// Fitted to the codes of the training rows; a value that is neither yes nor no is missing.
    pub fn fit(codes: impl Iterator<Item = u32> + Clone, dictionary: &Dictionary) -> Self {
        let truths: Vec<Option<bool>> = dictionary.values().iter().map(|value| parse_boolean(value)).collect();
        let truth = |code: u32| truths.get(code as usize).copied().flatten();
        let numbers = codes.filter_map(truth).map(|is_yes| f64::from(u8::from(is_yes)));
        let [mean, deviation] = mean_and_deviation(numbers);
        let name = |wanted: bool, otherwise: &str| {
            let place = truths.iter().position(|truth| *truth == Some(wanted));
            place.map_or_else(|| otherwise.to_owned(), |place| dictionary.values()[place].to_string())
        };
        Self { no: name(false, "no"), yes: name(true, "yes"), mean, deviation }
    }

    /// The feature of a truth value; that of none is the mean's.
    pub(super) fn feature(&self, truth: Option<bool>) -> f32 {
        truth.map_or(0.0, |is_yes| bounded((f64::from(u8::from(is_yes)) - self.mean) / self.deviation))
    }

    pub(super) fn expected(&self, features: &[f32]) -> String {
        let feature = features.first().copied().unwrap_or_default();
        let is_yes = f64::from(feature).mul_add(self.deviation, self.mean) > 0.5;
        if is_yes { self.yes.clone() } else { self.no.clone() }
    }
}

/// Whether a code has no value for a column of this kind: an unknown word in a boolean column is none.
pub(super) fn is_missing_code(kind: ColumnKind, code: u32, dictionary: &Dictionary) -> bool {
    code == MISSING
        || (kind == ColumnKind::Boolean && dictionary.value(code).is_none_or(|value| parse_boolean(value).is_none()))
}
