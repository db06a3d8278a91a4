//! What samples are called.

use std::collections::BTreeSet;

/// Classes that labels tell apart; a sample may have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    names: Vec<String>,
    of_samples: Vec<Option<u8>>,
}

impl Labels {
    /// Labels that are places in `names`, one for each sample.
    ///
    /// # Panics
    /// When a label is no place in `names`.
    pub fn new(names: Vec<String>, of_samples: Vec<Option<u8>>) -> Self {
        assert!(of_samples.iter().flatten().all(|&label| usize::from(label) < names.len()), "every label has a name");
        Self { names, of_samples }
    }

    /// Digits are called by their own names, whether all ten are there or not.
    pub fn of_digits(digits: impl IntoIterator<Item = u8>) -> Self {
        Self::new((0..10).map(|digit| digit.to_string()).collect(), digits.into_iter().map(Some).collect())
    }

    /// The numbers of a file. They need not begin at 0 or follow each other: a class is a number's place among those that
    /// occur.
    pub fn of_numbers(numbers: &[Option<u8>]) -> Self {
        let different: BTreeSet<u8> = numbers.iter().copied().flatten().collect();
        let places: Vec<u8> = different.into_iter().collect();
        let place = |number: u8| places.binary_search(&number).ok().map(|place| place as u8);
        Self::new(
            places.iter().map(u8::to_string).collect(),
            numbers.iter().map(|number| number.and_then(place)).collect(),
        )
    }

    /// Classes; 0 where nothing has a label.
    pub const fn classes(&self) -> usize {
        self.names.len()
    }

    /// Names of the classes.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A sample's class, below `classes()`.
    pub fn of_sample(&self, index: usize) -> Option<u8> {
        self.of_samples.get(index).copied().flatten()
    }

    /// Samples with a label.
    pub fn labelled(&self) -> usize {
        self.of_samples.iter().flatten().count()
    }

    /// Adds a sample's label, a place in the names.
    pub(super) fn push(&mut self, label: u8) {
        debug_assert!(usize::from(label) < self.names.len(), "every label has a name");
        self.of_samples.push(Some(label));
    }

    pub(super) fn truncate(&mut self, samples: usize) {
        self.of_samples.truncate(samples);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_places_and_keep_their_names() {
        let labels = Labels::of_numbers(&[Some(7), None, Some(3), Some(7), Some(250)]);
        assert_eq!((labels.classes(), labels.names()), (3, &["3".to_owned(), "7".into(), "250".into()][..]));
        let places: Vec<_> = (0..6).map(|index| labels.of_sample(index)).collect();
        assert_eq!(places, [Some(1), None, Some(0), Some(1), Some(2), None]);
        assert_eq!(labels.labelled(), 4);
    }

    #[test]
    fn digits_are_ten_classes_even_if_some_are_absent() {
        assert_eq!(Labels::of_digits([3, 3, 8]).classes(), 10);
        assert_eq!(Labels::default().classes(), 0);
    }
}
