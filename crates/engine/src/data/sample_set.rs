//! What a run learns from: pictures or vectors, all of one shape.

use std::{borrow::Cow, ops::Range};

use pinhole_protocol::GridShape;

use super::Labels;
use crate::pixels::unit;

/// Samples of one shape, with labels where they have any: what training, measuring and looking all read.
///
/// The values of a sample lie channel by channel, each row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleSet {
    /// Where from, for people: a file's name, or "3 images".
    pub name: String,
    /// What was done that the user should know, such as files passed over.
    pub warnings: Vec<String>,
    shape: GridShape,
    values: Values,
    labels: Labels,
    /// Vectors only: the values that stand for one column of a table.
    groups: Vec<Range<usize>>,
    /// Vectors only: whether each value is but imputed; empty if none is.
    missing: Vec<bool>,
}

#[derive(Clone, Debug, PartialEq)]
enum Values {
    /// Pictures: 0 is paper (a value of 0), 255 full ink (a value of 1).
    Bytes(Vec<u8>),
    /// Vectors.
    Floats(Vec<f32>),
}

/// How the values of a sample belong together: which of them a corruption hides at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrangement<'a> {
    /// Shape of a sample.
    pub shape: GridShape,
    /// The values of each column of a table, in order; empty for pictures, and where every value is its own column.
    pub groups: &'a [Range<usize>],
}

impl Arrangement<'_> {
    /// Of pictures, or of vectors whose values have nothing to do with each other.
    pub const fn plain(shape: GridShape) -> Self {
        Self { shape, groups: &[] }
    }

    /// Whether there are no neighbours.
    pub const fn is_vector(self) -> bool {
        self.shape.height == 1 && self.shape.width == 1
    }
}

impl Default for SampleSet {
    /// No picture at all.
    fn default() -> Self {
        Self::pictures(String::new(), GridShape::MNIST, Vec::new())
    }
}

impl SampleSet {
    /// Pictures without labels, `shape.len()` bytes each.
    ///
    /// # Panics
    /// When the bytes are no whole number of pictures.
    pub fn pictures(name: impl Into<String>, shape: GridShape, pixels: Vec<u8>) -> Self {
        assert!(!shape.is_empty() && pixels.len().is_multiple_of(shape.len()), "whole pictures");
        Self::new(name.into(), shape, Values::Bytes(pixels))
    }

    /// Vectors without labels. `groups` are the values of each column, which cover a vector in order.
    ///
    /// # Panics
    /// When there is no group, or the values are no whole number of vectors.
    pub fn vectors(name: impl Into<String>, groups: Vec<Range<usize>>, values: Vec<f32>) -> Self {
        let width = groups.last().map_or(0, |group| group.end);
        assert!(width > 0 && values.len().is_multiple_of(width), "whole vectors");
        let shape = GridShape { channels: width, height: 1, width: 1 };
        Self { groups, ..Self::new(name.into(), shape, Values::Floats(values)) }
    }

    fn new(name: String, shape: GridShape, values: Values) -> Self {
        Self {
            name,
            warnings: Vec::new(),
            shape,
            values,
            labels: Labels::default(),
            groups: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// The same samples with labels.
    #[must_use]
    pub fn with_labels(self, labels: Labels) -> Self {
        Self { labels, ..self }
    }

    /// The same vectors, of which these values are missing: they hold what was put in their place. None at all if it is
    /// true of no value.
    ///
    /// # Panics
    /// When it is not said of every value.
    #[must_use]
    pub fn with_missing(self, missing: Vec<bool>) -> Self {
        assert_eq!(missing.len(), self.len() * self.shape.len(), "one for each value");
        Self { missing: if missing.contains(&true) { missing } else { Vec::new() }, ..self }
    }

    /// Shape of each sample.
    pub const fn shape(&self) -> GridShape {
        self.shape
    }

    /// How the values of each sample belong together.
    pub fn arrangement(&self) -> Arrangement<'_> {
        Arrangement { shape: self.shape, groups: &self.groups }
    }

    /// What the samples are called.
    pub const fn labels(&self) -> &Labels {
        &self.labels
    }

    /// How many samples.
    pub const fn len(&self) -> usize {
        let values = match &self.values {
            Values::Bytes(bytes) => bytes.len(),
            Values::Floats(floats) => floats.len(),
        };
        values / self.shape.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether they are pictures, with values from 0 to 1.
    pub const fn is_pictures(&self) -> bool {
        matches!(self.values, Values::Bytes(_))
    }

    /// The bytes of one picture, `index` below `len()`; `None` if the samples are vectors.
    pub fn picture(&self, index: usize) -> Option<&[u8]> {
        match &self.values {
            Values::Bytes(bytes) => Some(&bytes[self.place(index)]),
            Values::Floats(_) => None,
        }
    }

    /// The bytes of all pictures; none if the samples are vectors.
    pub fn pixels(&self) -> &[u8] {
        match &self.values {
            Values::Bytes(bytes) => bytes,
            Values::Floats(_) => &[],
        }
    }

    /// The values of one sample, `index` below `len()`: what a network reads.
    pub fn values(&self, index: usize) -> Cow<'_, [f32]> {
        match &self.values {
            Values::Bytes(bytes) => bytes[self.place(index)].iter().copied().map(unit).collect(),
            Values::Floats(floats) => Cow::Borrowed(&floats[self.place(index)]),
        }
    }

    /// The values of several samples, one after the other.
    pub fn values_of(&self, indices: impl IntoIterator<Item = usize>) -> Vec<f32> {
        let mut values = Vec::new();
        for index in indices {
            match &self.values {
                Values::Bytes(bytes) => values.extend(bytes[self.place(index)].iter().copied().map(unit)),
                Values::Floats(floats) => values.extend_from_slice(&floats[self.place(index)]),
            }
        }
        values
    }

    /// The same set with its pictures, or the first of them, in another shape.
    pub(crate) fn with_pictures(&self, shape: GridShape, pixels: Vec<u8>) -> Self {
        let set = Self::pictures(self.name.clone(), shape, pixels);
        let mut labels = self.labels.clone();
        labels.truncate(set.len());
        Self { warnings: self.warnings.clone(), labels, ..set }
    }

    /// Adds a picture of the set's shape with a label that its labels name.
    ///
    /// # Panics
    /// When it is of another shape, or the set holds vectors.
    pub(super) fn push_picture(&mut self, pixels: &[u8], label: u8) {
        assert_eq!(pixels.len(), self.shape.len(), "a picture of the set's shape");
        match &mut self.values {
            Values::Bytes(bytes) => bytes.extend_from_slice(pixels),
            Values::Floats(_) => panic!("a picture is no vector"),
        }
        self.labels.push(label);
    }

    /// For each value of some samples that follow each other 1 if it is known, 0 if it is missing; `None` if no value of
    /// the whole set is missing.
    pub fn known(&self, samples: Range<usize>) -> Option<Vec<f32>> {
        let values = samples.start * self.shape.len()..samples.end * self.shape.len();
        let known = |&missing: &bool| if missing { 0.0 } else { 1.0 };
        (!self.missing.is_empty()).then(|| self.missing[values].iter().map(known).collect())
    }

    /// Keeps the first `limit` samples.
    pub fn truncate(&mut self, limit: usize) {
        let values = limit.saturating_mul(self.shape.len());
        match &mut self.values {
            Values::Bytes(bytes) => bytes.truncate(values),
            Values::Floats(floats) => floats.truncate(values),
        }
        self.missing.truncate(values);
        self.labels.truncate(limit);
    }

    fn place(&self, index: usize) -> Range<usize> {
        let width = self.shape.len();
        index * width..(index + 1) * width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_bytes_that_stand_for_zero_to_one() {
        let shape = GridShape { channels: 1, height: 1, width: 3 };
        let mut set = SampleSet::pictures("p", shape, vec![0, 51, 255, 9, 9, 9]).with_labels(Labels::of_digits([4, 5]));
        assert_eq!((set.len(), set.picture(1)), (2, Some(&[9; 3][..])));
        assert_eq!(set.values(0).as_ref(), [0.0, 0.2, 1.0]);
        assert_eq!(set.values_of([1, 0])[3..], [0.0, 0.2, 1.0]);
        set.truncate(usize::MAX);
        assert_eq!(set.len(), 2);
        set.truncate(1);
        assert_eq!((set.len(), set.labels().labelled()), (1, 1));
        set.truncate(0);
        assert!(set.is_empty() && SampleSet::default().is_empty());
    }

    #[test]
    fn vectors_keep_their_numbers_and_columns() {
        let set = SampleSet::vectors("v", vec![0..1, 1..3], vec![-2.5, 0.0, 1.0, 7.0, 1.0, 0.0]);
        assert_eq!((set.len(), set.shape().channels, set.picture(0)), (2, 3, None));
        assert_eq!(set.values(1).as_ref(), [7.0, 1.0, 0.0]);
        assert!(set.arrangement().is_vector());
        assert_eq!(set.known(0..2), None);
        let set = set.with_missing(vec![false, true, true, false, false, false]);
        assert_eq!(set.known(0..1), Some(vec![1.0, 0.0, 0.0]));
        assert_eq!(set.known(1..2), Some(vec![1.0; 3]));
    }
}
