//! Sets of samples: pictures or vectors of one shape.

use std::{borrow::Cow, ops::Range, rc::Rc};

use pinhole_anomaly::TableSample;

use pinhole_protocol::{ChangedPictures, GridShape};

use super::{attributes::Attributes, labels::Labels};
use crate::pixels::byte_to_unit;

/// Samples of one shape, with labels if they have any, for training, measuring and inspecting.
///
/// The values of a sample lie channel by channel, each row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleSet {
    /// Name of the source, for people: a file's name, or "3 images".
    pub name: String,
    /// Warnings for the user, for instance about skipped files.
    pub warnings: Vec<String>,
    /// Opened pictures that were changed so that a network knows them.
    pub changed: ChangedPictures,
    shape: GridShape,
    values: Values,
    labels: Labels,
    attributes: Attributes,
    /// Vectors only: the range of values of each column of a table.
    groups: Vec<Range<usize>>,
    /// Vectors only: true for each imputed value; empty if there is none.
    missing: Vec<bool>,
    /// Rows of a table only: the rows as they stand in the file, and their preparation.
    table: Option<Rc<TableSample>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Values {
    /// Pictures: 0 is paper (a value of 0), 255 full ink (a value of 1).
    Bytes(Vec<u8>),
    /// Vectors.
    Floats(Vec<f32>),
}

/// Layout of a sample's values: its shape, and the groups of values that a corruption hides together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleLayout<'a> {
    /// Shape of a sample.
    pub shape: GridShape,
    /// Range of values of each column of a table, in order; empty for pictures, and if every value is a column of its
    /// own.
    pub groups: &'a [Range<usize>],
}

impl SampleLayout<'_> {
    /// Layout of pictures, or of vectors whose values are columns of their own.
    pub const fn ungrouped(shape: GridShape) -> Self {
        Self { shape, groups: &[] }
    }

    /// True for vectors, whose values have no neighbours.
    pub const fn is_vector(self) -> bool {
        self.shape.height == 1 && self.shape.width == 1
    }
}

impl Default for SampleSet {
    /// An empty set of pictures.
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

    /// Vectors without labels. `groups` are the ranges of values of each column, which cover a vector in order.
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
            changed: ChangedPictures::default(),
            shape,
            values,
            labels: Labels::default(),
            attributes: Attributes::default(),
            groups: Vec::new(),
            missing: Vec::new(),
            table: None,
        }
    }

    /// The same samples with labels.
    #[must_use]
    pub fn with_labels(self, labels: Labels) -> Self {
        Self { labels, ..self }
    }

    /// The same samples with numeric attributes.
    #[must_use]
    pub fn with_attributes(self, attributes: Attributes) -> Self {
        Self { attributes, ..self }
    }

    /// The same vectors with a mark for each missing value, which holds an imputed number; no marks if no value is
    /// missing.
    ///
    /// # Panics
    /// When there is not one mark per value.
    #[must_use]
    pub fn with_missing(self, missing: Vec<bool>) -> Self {
        assert_eq!(missing.len(), self.len() * self.shape.len(), "one for each value");
        Self { missing: if missing.contains(&true) { missing } else { Vec::new() }, ..self }
    }

    /// The same vectors with the rows of a table that they were prepared from.
    #[must_use]
    pub fn with_table(self, table: TableSample) -> Self {
        Self { table: Some(Rc::new(table)), ..self }
    }

    /// Rows of a table that the vectors were prepared from, one per sample; `None` for pictures.
    pub const fn table(&self) -> Option<&Rc<TableSample>> {
        self.table.as_ref()
    }

    /// Shape of each sample.
    pub const fn shape(&self) -> GridShape {
        self.shape
    }

    /// Layout of each sample's values.
    pub fn layout(&self) -> SampleLayout<'_> {
        SampleLayout { shape: self.shape, groups: &self.groups }
    }

    /// Labels of the samples.
    pub const fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Numeric attributes of the samples.
    pub const fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// Number of samples.
    pub const fn len(&self) -> usize {
        let values = match &self.values {
            Values::Bytes(bytes) => bytes.len(),
            Values::Floats(floats) => floats.len(),
        };
        values / self.shape.len()
    }

    /// True if there are no samples.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// True for pictures, with values from 0 to 1.
    pub const fn is_pictures(&self) -> bool {
        matches!(self.values, Values::Bytes(_))
    }

    /// The bytes of one picture, `index` below `len()`; `None` if the samples are vectors.
    pub fn picture(&self, index: usize) -> Option<&[u8]> {
        match &self.values {
            Values::Bytes(bytes) => Some(&bytes[self.range(index)]),
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

    /// Values of one sample, `index` below `len()`, as a network reads them.
    pub fn values(&self, index: usize) -> Cow<'_, [f32]> {
        match &self.values {
            Values::Bytes(bytes) => bytes[self.range(index)].iter().copied().map(byte_to_unit).collect(),
            Values::Floats(floats) => Cow::Borrowed(&floats[self.range(index)]),
        }
    }

    /// Values of several samples, one after the other.
    pub fn values_of(&self, indices: impl IntoIterator<Item = usize>) -> Vec<f32> {
        let mut values = Vec::new();
        for index in indices {
            match &self.values {
                Values::Bytes(bytes) => values.extend(bytes[self.range(index)].iter().copied().map(byte_to_unit)),
                Values::Floats(floats) => values.extend_from_slice(&floats[self.range(index)]),
            }
        }
        values
    }

    /// The set with these pictures in place of its own, or of the first of them.
    pub(crate) fn with_pictures(&self, shape: GridShape, pixels: Vec<u8>) -> Self {
        let set = Self::pictures(self.name.clone(), shape, pixels);
        let (mut labels, mut attributes) = (self.labels.clone(), self.attributes.clone());
        labels.truncate(set.len());
        attributes.truncate(set.len());
        Self { warnings: self.warnings.clone(), changed: self.changed.clone(), labels, attributes, ..set }
    }

    /// Appends a picture of the set's shape with a label among the labels' names, and a number for each attribute.
    ///
    /// # Panics
    /// When it is of another shape, the set holds vectors, or it has other attributes.
    pub(super) fn push_picture(&mut self, pixels: &[u8], label: u8, attributes: &[f32]) {
        assert_eq!(pixels.len(), self.shape.len(), "a picture of the set's shape");
        match &mut self.values {
            Values::Bytes(bytes) => bytes.extend_from_slice(pixels),
            Values::Floats(_) => panic!("a picture is no vector"),
        }
        self.labels.push(label);
        self.attributes.push(attributes);
    }

    /// For each value of consecutive samples, 1 if it is known and 0 if it is missing; `None` if no value of the set is
    /// missing.
    pub fn known(&self, samples: Range<usize>) -> Option<Vec<f32>> {
        let values = samples.start * self.shape.len()..samples.end * self.shape.len();
        let known = |&missing: &bool| if missing { 0.0 } else { 1.0 };
        (!self.missing.is_empty()).then(|| self.missing[values].iter().map(known).collect())
    }

    /// Keeps the first `limit` samples only.
    pub fn truncate(&mut self, limit: usize) {
        let values = limit.saturating_mul(self.shape.len());
        match &mut self.values {
            Values::Bytes(bytes) => bytes.truncate(values),
            Values::Floats(floats) => floats.truncate(values),
        }
        self.missing.truncate(values);
        self.labels.truncate(limit);
        self.attributes.truncate(limit);
    }

    fn range(&self, index: usize) -> Range<usize> {
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
        assert!(set.layout().is_vector());
        assert_eq!(set.known(0..2), None);
        let set = set.with_missing(vec![false, true, true, false, false, false]);
        assert_eq!(set.known(0..1), Some(vec![1.0, 0.0, 0.0]));
        assert_eq!(set.known(1..2), Some(vec![1.0; 3]));
    }
}
