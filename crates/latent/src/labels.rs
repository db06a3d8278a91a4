//! Labels of vectors, some of them missing.

use pinhole_numerics::random::{Stream, generator};
use rand::seq::SliceRandom;

use crate::LatentError;

/// The labelled ones among some vectors, with the classes that their labels make. Classes are numbered from 0, in the
/// order of their labels, and each has at least one vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    rows: Vec<usize>,
    classes: Vec<usize>,
    names: Vec<u8>,
}

impl Labels {
    /// Takes the label of each vector, `None` where it is unknown.
    pub fn new(labels: &[Option<u8>]) -> Self {
        Self::of_rows(labels.iter().enumerate().filter_map(|(row, label)| Some((row, (*label)?))).collect())
    }

    /// Takes labelled vectors, in the order of their indices.
    fn of_rows(labelled: Vec<(usize, u8)>) -> Self {
        let mut names: Vec<u8> = labelled.iter().map(|&(_, label)| label).collect();
        names.sort_unstable();
        names.dedup();
        let class = |label: u8| names.partition_point(|&name| name < label);
        let classes = labelled.iter().map(|&(_, label)| class(label)).collect();
        Self { rows: labelled.into_iter().map(|(row, _)| row).collect(), classes, names }
    }

    /// Number of labelled vectors.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if no vector has a label.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Index of each labelled vector.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Class of each labelled vector.
    pub fn classes(&self) -> &[usize] {
        &self.classes
    }

    /// Label of each class, ascending.
    pub fn names(&self) -> &[u8] {
        &self.names
    }

    /// Label of each labelled vector.
    pub fn values(&self) -> Vec<u8> {
        self.classes.iter().map(|&class| self.names[class]).collect()
    }

    /// Number of vectors of each class.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.names.len()];
        self.classes.iter().for_each(|&class| counts[class] += 1);
        counts
    }

    /// Checks that there are two classes or more.
    ///
    /// # Errors
    /// When there are fewer; `subject` begins the sentence.
    pub fn require_classes(&self, subject: &'static str) -> Result<(), LatentError> {
        match self.names.len() {
            0 => Err(LatentError::TooFewOfKind { subject, kind: "labelled vectors", least: 2, count: 0 }),
            1 => Err(LatentError::OneClass { subject }),
            _ => Ok(()),
        }
    }

    /// A seeded sample of `count` labelled vectors, and the others. The sample is stratified: each class has its share
    /// of it, rounded by largest remainders, but at least one vector. `None` if the sample would be smaller than the
    /// number of classes, or if nothing would be left.
    pub fn split(&self, count: usize, seed: u64) -> Option<(Self, Self)> {
        let counts = self.counts();
        if count >= self.len() || count < counts.len() {
            return None;
        }
        let quotas = quotas(&counts, count);
        let mut is_chosen = vec![false; self.len()];
        let mut rng = generator(seed, Stream::Measure, count as u64);
        for (class, quota) in quotas.into_iter().enumerate() {
            let mut members: Vec<usize> = (0..self.len()).filter(|&index| self.classes[index] == class).collect();
            members.shuffle(&mut rng);
            members[..quota].iter().for_each(|&index| is_chosen[index] = true);
        }
        let part = |chosen: bool| {
            let indices = (0..self.len()).filter(|&index| is_chosen[index] == chosen);
            Self::of_rows(indices.map(|index| (self.rows[index], self.names[self.classes[index]])).collect())
        };
        Some((part(true), part(false)))
    }
}

/// Vectors that each class gives to a sample of `count`, which is at least one per class and at most all.
fn quotas(counts: &[usize], count: usize) -> Vec<usize> {
    let total: usize = counts.iter().sum();
    let mut quotas: Vec<usize> = counts.iter().map(|&members| (members * count / total).max(1)).collect();
    let share = |class: usize| counts[class] as f64 * count as f64 / total as f64;
    loop {
        let chosen: usize = quotas.iter().sum();
        let lack = |class: usize, quotas: &[usize]| share(class) - quotas[class] as f64;
        let order = |&one: &usize, &other: &usize| lack(one, &quotas).total_cmp(&lack(other, &quotas));
        let (class, change): (Option<usize>, isize) = match chosen.cmp(&count) {
            std::cmp::Ordering::Equal => return quotas,
            std::cmp::Ordering::Less => ((0..counts.len()).filter(|&c| quotas[c] < counts[c]).max_by(order), 1),
            std::cmp::Ordering::Greater => ((0..counts.len()).filter(|&c| quotas[c] > 1).min_by(order), -1),
        };
        let class = class.expect("a sample has at least one vector per class, and fewer than all");
        quotas[class] = quotas[class].saturating_add_signed(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_numbered_by_their_labels_and_missing_labels_left_out() {
        let labels = Labels::new(&[Some(7), None, Some(2), Some(7)]);
        assert_eq!((labels.rows(), labels.classes(), labels.names()), (&[0, 2, 3][..], &[1, 0, 1][..], &[2, 7][..]));
        assert_eq!((labels.values(), labels.counts()), (vec![7, 2, 7], vec![1, 2]));
        assert_eq!(labels.require_classes("It"), Ok(()));
        assert_eq!(Labels::new(&[Some(1); 3]).require_classes("It"), Err(LatentError::OneClass { subject: "It" }));
        assert!(Labels::new(&[None; 3]).require_classes("It").is_err_and(|error| error.to_string().contains("none")));
    }

    #[test]
    fn samples_are_stratified_and_seeded() {
        let labels: Vec<_> =
            (0..100).map(|index| Some(if index < 70 { 0 } else { 1 + u8::from(index == 99) })).collect();
        let labels = Labels::new(&labels);
        let (sample, rest) = labels.split(20, 3).expect("enough labels");
        // 14, 5.8 and .2 of twenty; the class with one member gives it.
        assert_eq!((sample.counts(), rest.counts()), (vec![14, 5, 1], vec![56, 24]));
        assert!(sample.rows().iter().all(|row| !rest.rows().contains(row)));
        assert_eq!(labels.split(20, 3), Some((sample.clone(), rest)));
        assert_ne!(labels.split(20, 4).expect("enough labels").0, sample);
        assert!(labels.split(100, 0).is_none() && labels.split(2, 0).is_none());
        assert_eq!(labels.split(99, 0).expect("one is left").1.len(), 1);
    }
}
