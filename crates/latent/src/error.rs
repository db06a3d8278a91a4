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
    /// Fewer vectors than a method needs.
    #[error("{method} needs {}, and there {}.", at_least(*.least), counted(*.count))]
    TooFew {
        /// Name of the method.
        method: &'static str,
        /// Least number of vectors.
        least: usize,
        /// Number of vectors.
        count: usize,
    },
    /// Fewer vectors of a kind than a measure needs, such as those that have a label.
    #[error("{subject} needs at least {least} {kind}, and there {}.", counted(*.count))]
    TooFewOfKind {
        /// The measure, at the start of a sentence.
        subject: &'static str,
        /// What is counted.
        kind: &'static str,
        /// Least number of them.
        least: usize,
        /// Number of them.
        count: usize,
    },
    /// Labels that are all the same.
    #[error(
        "{subject} compares labels, and all labelled vectors have the same one: open vectors of two labels or more."
    )]
    OneClass {
        /// The measure, at the start of a sentence.
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
    /// A pair of numbers that the vectors do not have.
    #[error("The vectors have {width} numbers, so there is no number {number}: choose one from 1 to {width}.")]
    NoSuchNumber {
        /// Number that was asked for, counted from 1.
        number: usize,
        /// Values of a vector.
        width: usize,
    },
    /// A perplexity that is no number of neighbours.
    #[error("A perplexity of {0} is too small: it is an effective number of neighbours, at least 1.")]
    LowPerplexity(String),
    /// A perplexity that wants more neighbours than there are.
    #[error(
        "A perplexity of {perplexity} needs three times as many neighbours, and there are {count} vectors: choose at \
         most {largest}."
    )]
    HighPerplexity {
        /// The perplexity that was asked for.
        perplexity: String,
        /// Number of vectors.
        count: usize,
        /// Largest perplexity for them.
        largest: usize,
    },
    /// A number of neighbours that the vectors do not have.
    #[error("{neighbours} neighbours are out of range with {count} vectors: choose from {least} to {}.", count - 1)]
    NeighboursOutOfRange {
        /// The number that was asked for.
        neighbours: usize,
        /// Least number.
        least: usize,
        /// Number of vectors.
        count: usize,
    },
    /// A least distance on the map that is out of range.
    #[error("A least distance of {0} is out of range: choose from 0 to 1.")]
    MinDistOutOfRange(String),
    /// Vectors of another width than those before them.
    #[error("The new vectors have {width} numbers, those of the map {expected}.")]
    OtherWidth {
        /// Values of a new vector.
        width: usize,
        /// Values of a vector of the map.
        expected: usize,
    },
    /// Maps of different numbers of points.
    #[error("Maps of {0} and {1} points cannot be aligned: both must show the same points.")]
    OtherCount(usize, usize),
}

/// "a vector", or "at least" and the number.
fn at_least(count: usize) -> String {
    if count == 1 { "a vector".to_owned() } else { format!("at least {count} vectors") }
}

/// "is one", or "are" and the number.
fn counted(count: usize) -> String {
    match count {
        1 => "is one".to_owned(),
        0 => "are none".to_owned(),
        _ => format!("are {count}"),
    }
}
