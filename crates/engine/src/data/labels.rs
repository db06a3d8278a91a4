//! Class labels of samples.

use std::collections::BTreeSet;

/// Class of each sample; a sample may have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    names: Vec<String>,
    of_samples: Vec<Option<u8>>,
}

impl Labels {
    /// Labels that are indices into `names`, one for each sample.
    ///
    /// # Panics
    /// When a label is no index into `names`.
    pub fn new(names: Vec<String>, of_samples: Vec<Option<u8>>) -> Self {
        assert!(of_samples.iter().flatten().all(|&label| usize::from(label) < names.len()), "every label has a name");
        Self { names, of_samples }
    }

    /// Labels of digits, with ten classes even if some do not occur.
    pub fn of_digits(digits: impl IntoIterator<Item = u8>) -> Self {
        Self::new((0..10).map(|digit| digit.to_string()).collect(), digits.into_iter().map(Some).collect())
    }

    /// Labels from numbers of a file, which need not begin at 0 or be consecutive: a class is a number's rank among
    /// those that occur.
    pub fn of_numbers(numbers: &[Option<u8>]) -> Self {
        let different: BTreeSet<u8> = numbers.iter().copied().flatten().collect();
        let classes: Vec<u8> = different.into_iter().collect();
        let class = |number: u8| classes.binary_search(&number).ok().map(|class| class as u8);
        Self::new(
            classes.iter().map(u8::to_string).collect(),
            numbers.iter().map(|number| number.and_then(class)).collect(),
        )
    }

    /// Number of classes; 0 without labels.
    pub const fn classes(&self) -> usize {
        self.names.len()
    }

    /// Names of the classes.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Class of a sample, below `classes()`.
    pub fn of_sample(&self, index: usize) -> Option<u8> {
        self.of_samples.get(index).copied().flatten()
    }

    /// Number of samples with a label.
    pub fn labelled(&self) -> usize {
        self.of_samples.iter().flatten().count()
    }

    /// Appends a sample's label, an index into the names.
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
    fn numbers_become_classes_with_their_names() {
        let labels = Labels::of_numbers(&[Some(7), None, Some(3), Some(7), Some(250)]);
        assert_eq!((labels.classes(), labels.names()), (3, &["3".to_owned(), "7".into(), "250".into()][..]));
        let classes: Vec<_> = (0..6).map(|index| labels.of_sample(index)).collect();
        assert_eq!(classes, [Some(1), None, Some(0), Some(1), Some(2), None]);
        assert_eq!(labels.labelled(), 4);
    }

    #[test]
    fn digits_are_ten_classes_even_if_some_are_absent() {
        assert_eq!(Labels::of_digits([3, 3, 8]).classes(), 10);
        assert_eq!(Labels::default().classes(), 0);
    }
}
