//! Errors of this crate, as sentences for people.

use thiserror::Error;

/// The reason why vectors cannot be projected, measured or sampled, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LatentError {
    /// Values that do not make whole rows of at least one value.
    #[error("{values} values do not make vectors of {width}.")]
    Ragged {
        /// Number of values.
        values: usize,
        /// Values of a vector.
        width: usize,
    },
    /// A value that is no number.
    #[error("Vector {row}, number {column} is no finite number: remove the vector, or fill the number.")]
    NotFinite {
        /// Number of the vector, counted from 1.
        row: usize,
        /// Number of the value in it, counted from 1.
        column: usize,
    },
    /// Too few vectors, or too few with a label.
    #[error("{subject} needs at least {least} {kind}, and there {}: open more.", is_or_are(*found))]
    TooFew {
        /// What needs them, at the start of a sentence.
        subject: &'static str,
        /// What is counted.
        kind: &'static str,
        /// Least number.
        least: usize,
        /// Number found.
        found: usize,
    },
    /// Labels that are all the same.
    #[error(
        "{subject} compares labels, and all labelled vectors have the same one: open vectors of two labels or more."
    )]
    OneClass {
        /// What compares them, at the start of a sentence.
        subject: &'static str,
    },
    /// More groups than vectors.
    #[error("{vectors} vectors cannot be divided into {groups} groups: ask for at most {vectors}.")]
    TooManyGroups {
        /// Clusters, or components of a mixture.
        groups: usize,
        /// Number of vectors.
        vectors: usize,
    },
    /// A mean of no vector.
    #[error("No vector is chosen: choose at least one for each part.")]
    NothingChosen,
}

/// A number with its verb.
fn is_or_are(found: usize) -> String {
    match found {
        0 => "is none".into(),
        1 => "is 1".into(),
        _ => format!("are {found}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_what_was_found() {
        let error = |found| LatentError::TooFew { subject: "The silhouette", kind: "vectors", least: 2, found };
        assert_eq!(error(1).to_string(), "The silhouette needs at least 2 vectors, and there is 1: open more.");
        assert_eq!(error(0).to_string(), "The silhouette needs at least 2 vectors, and there is none: open more.");
        let error = LatentError::TooManyGroups { groups: 9, vectors: 4 };
        assert_eq!(error.to_string(), "4 vectors cannot be divided into 9 groups: ask for at most 4.");
    }
}
