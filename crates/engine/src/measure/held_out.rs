//! Samples to measure a model on.

use std::ops::Range;

use pinhole_protocol::GridShape;

use crate::{
    EngineError, Model,
    data::{SampleLayout, SampleSet},
};

/// Most samples that are measured: shares are then right to about 0.01, and the CPU needs no more than a second.
const MOST: usize = 1_000;

/// Most training samples whose mean is taken: more do not move it visibly.
const MOST_FOR_MEAN: usize = 10_000;

/// Samples that training did not see, and the mean of those that it did.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOut {
    shape: GridShape,
    groups: Vec<Range<usize>>,
    values: Vec<f32>,
    labels: Vec<Option<u8>>,
    mean: Vec<f32>,
}

impl HeldOut {
    /// At most 1,000 of the samples `held_out` of `set`, and the mean of the samples `trained`. Where nothing was held
    /// out, seen samples are better than none.
    pub fn new(set: &SampleSet, held_out: &[u32], trained: &[u32]) -> Self {
        let chosen = if held_out.is_empty() { trained } else { held_out };
        Self::of(set, &chosen[..chosen.len().min(MOST)], trained)
    }

    /// All of `set`, beside the mean of all of `trained`.
    pub fn all(set: &SampleSet, trained: &SampleSet) -> Self {
        let every = |set: &SampleSet| (0..set.len() as u32).collect::<Vec<_>>();
        Self { mean: mean(trained, &every(trained)), ..Self::of(set, &every(set), &[]) }
    }

    fn of(set: &SampleSet, chosen: &[u32], trained: &[u32]) -> Self {
        let indices = chosen.iter().map(|&index| index as usize);
        Self {
            shape: set.shape(),
            groups: set.layout().groups.to_vec(),
            labels: indices.clone().map(|index| set.labels().of_sample(index)).collect(),
            values: set.values_of(indices),
            mean: mean(set, trained),
        }
    }

    /// Whether `model` can be shown these samples.
    ///
    /// # Errors
    /// When there is none, or they are of another size.
    pub fn demand_fit(&self, model: &Model) -> Result<(), EngineError> {
        if self.is_empty() {
            return Err(EngineError::setting("data.source", "There is no sample to show the model: open some."));
        }
        if self.shape.len() != model.experiment.plan().input.len() {
            let message =
                "The samples are of another size than those that the model has learnt: open such as it reads.";
            return Err(EngineError::setting("network.input", message));
        }
        Ok(())
    }

    /// How many samples.
    pub const fn len(&self) -> usize {
        self.values.len() / self.shape.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How the values of a sample belong together.
    pub fn arrangement(&self) -> SampleLayout<'_> {
        SampleLayout { shape: self.shape, groups: &self.groups }
    }

    /// All values, sample after sample.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Each sample's class, where it has one.
    pub fn labels(&self) -> &[Option<u8>] {
        &self.labels
    }

    /// Whether there are labels to judge by.
    pub fn has_labels(&self) -> bool {
        self.labels.iter().flatten().count() >= 2
    }

    /// The mean training sample: the best guess without any code.
    pub fn mean(&self) -> &[f32] {
        &self.mean
    }

    /// The first `count` samples, or all if there are fewer.
    pub fn first(&self, count: usize) -> &[f32] {
        &self.values[..count.saturating_mul(self.shape.len()).min(self.values.len())]
    }
}

fn mean(set: &SampleSet, of: &[u32]) -> Vec<f32> {
    let of = &of[..of.len().min(MOST_FOR_MEAN)];
    let mut sums = vec![0.0_f64; set.shape().len()];
    for &index in of {
        sums.iter_mut().zip(set.values(index as usize).iter()).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    sums.into_iter().map(|sum| (sum / of.len().max(1) as f64) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Labels;

    /// Samples of three pixels, whose first is the sample's number.
    fn set(count: u8) -> SampleSet {
        let shape = GridShape { channels: 1, height: 1, width: 3 };
        let pixels = (0..count).flat_map(|index| [index, 0, 255]).collect();
        SampleSet::pictures("numbered", shape, pixels)
            .with_labels(Labels::of_digits((0..count).map(|index| index % 10)))
    }

    #[test]
    fn held_out_samples_keep_their_labels_and_the_mean_is_that_of_the_others() {
        let held_out = HeldOut::new(&set(20), &[7, 3], &[10, 12]);
        assert_eq!(held_out.len(), 2);
        assert_eq!(held_out.labels(), [Some(7), Some(3)]);
        assert_eq!(held_out.values()[..3], [7.0 / 255.0, 0.0, 1.0]);
        assert!((held_out.mean()[0] - 11.0 / 255.0).abs() < 1e-6 && held_out.mean()[2] > 0.999);
        assert_eq!(held_out.first(1), &held_out.values()[..3]);
        assert_eq!(held_out.first(99).len(), 6);
    }

    #[test]
    fn without_held_out_samples_seen_ones_are_measured() {
        let seen: Vec<u32> = (0..20).collect();
        assert_eq!(HeldOut::new(&set(20), &[], &seen).len(), 20);
    }

    #[test]
    fn a_whole_set_can_be_measured_beside_another() {
        let held_out = HeldOut::all(&set(4), &set(11));
        assert_eq!(held_out.len(), 4);
        assert!((held_out.mean()[0] - 5.0 / 255.0).abs() < 1e-6);
        assert!(held_out.has_labels());
    }
}
