//! Held-out samples on which a model is measured.

use std::ops::Range;

use pinhole_protocol::GridShape;

use crate::{
    EngineError, Model,
    data::{Attributes, SampleLayout, SampleSet},
};

/// Most samples to measure on: the standard error of a share is then at most 0.016, and the CPU needs about a second.
const MAX_SAMPLES: usize = 1_000;

/// Most training samples of which the mean is taken: more hardly change it.
const MAX_SAMPLES_FOR_MEAN: usize = 10_000;

/// Samples that are not trained on, and the mean training sample.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOut {
    shape: GridShape,
    groups: Vec<Range<usize>>,
    values: Vec<f32>,
    labels: Vec<Option<u8>>,
    attributes: Attributes,
    mean: Vec<f32>,
}

impl HeldOut {
    /// The samples `held_out` of `set`, at most 1,000, and the mean of the samples `trained`. If none are held out,
    /// training samples take their place.
    pub fn new(set: &SampleSet, held_out: &[u32], trained: &[u32]) -> Self {
        let chosen = if held_out.is_empty() { trained } else { held_out };
        Self::of(set, &chosen[..chosen.len().min(MAX_SAMPLES)], trained)
    }

    /// All samples of `set`, and the mean of all of `trained`.
    pub fn all(set: &SampleSet, trained: &SampleSet) -> Self {
        let all_indices = |set: &SampleSet| (0..set.len() as u32).collect::<Vec<_>>();
        Self { mean: mean(trained, &all_indices(trained)), ..Self::of(set, &all_indices(set), &[]) }
    }

    fn of(set: &SampleSet, chosen: &[u32], trained: &[u32]) -> Self {
        let indices = chosen.iter().map(|&index| index as usize);
        Self {
            shape: set.shape(),
            groups: set.layout().groups.to_vec(),
            labels: indices.clone().map(|index| set.labels().of_sample(index)).collect(),
            attributes: set.attributes().of_samples(chosen),
            values: set.values_of(indices),
            mean: mean(set, trained),
        }
    }

    /// Checks that the samples fit the input of `model`.
    ///
    /// # Errors
    /// When there is no sample, or their size differs.
    pub fn require_fit(&self, model: &Model) -> Result<(), EngineError> {
        if self.is_empty() {
            return Err(EngineError::setting("data.source", "There is no sample to run the model on: open some."));
        }
        if self.shape.len() != model.experiment.plan().input.len() {
            let message = "The samples are of another size than the model's input: open samples of its size.";
            return Err(EngineError::setting("network.input", message));
        }
        Ok(())
    }

    /// Number of samples.
    pub const fn len(&self) -> usize {
        self.values.len() / self.shape.len()
    }

    /// True if there is no sample.
    pub const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Shape of a sample and groups of its values.
    pub fn layout(&self) -> SampleLayout<'_> {
        SampleLayout { shape: self.shape, groups: &self.groups }
    }

    /// All values, sample after sample.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Class of each sample; `None` without a label.
    pub fn labels(&self) -> &[Option<u8>] {
        &self.labels
    }

    /// True if at least two samples have a label.
    pub fn has_labels(&self) -> bool {
        self.labels.iter().flatten().count() >= 2
    }

    /// Numeric attributes of the samples.
    pub const fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// Mean training sample, the best constant reconstruction.
    pub fn mean(&self) -> &[f32] {
        &self.mean
    }

    /// The first `count` samples, or all if there are fewer.
    pub fn first(&self, count: usize) -> &[f32] {
        &self.values[..count.saturating_mul(self.shape.len()).min(self.values.len())]
    }
}

/// Mean of the samples `indices` of a set.
fn mean(set: &SampleSet, indices: &[u32]) -> Vec<f32> {
    let indices = &indices[..indices.len().min(MAX_SAMPLES_FOR_MEAN)];
    let mut sums = vec![0.0_f64; set.shape().len()];
    for &index in indices {
        sums.iter_mut().zip(set.values(index as usize).iter()).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    sums.into_iter().map(|sum| (sum / indices.len().max(1) as f64) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Labels;

    /// Samples of three pixels, the first of which is the sample's index.
    fn set(count: u8) -> SampleSet {
        let shape = GridShape { channels: 1, height: 1, width: 3 };
        let pixels = (0..count).flat_map(|index| [index, 0, 255]).collect();
        SampleSet::pictures("numbered", shape, pixels)
            .with_labels(Labels::of_digits((0..count).map(|index| index % 10)))
    }

    #[test]
    fn held_out_samples_keep_their_labels_and_the_mean_is_of_training_samples() {
        let held_out = HeldOut::new(&set(20), &[7, 3], &[10, 12]);
        assert_eq!(held_out.len(), 2);
        assert_eq!(held_out.labels(), [Some(7), Some(3)]);
        assert_eq!(held_out.values()[..3], [7.0 / 255.0, 0.0, 1.0]);
        assert!((held_out.mean()[0] - 11.0 / 255.0).abs() < 1e-6 && held_out.mean()[2] > 0.999);
        assert_eq!(held_out.first(1), &held_out.values()[..3]);
        assert_eq!(held_out.first(99).len(), 6);
    }

    #[test]
    fn without_held_out_samples_training_samples_are_taken() {
        let trained: Vec<u32> = (0..20).collect();
        assert_eq!(HeldOut::new(&set(20), &[], &trained).len(), 20);
    }

    #[test]
    fn all_takes_a_whole_set_and_the_mean_of_another() {
        let held_out = HeldOut::all(&set(4), &set(11));
        assert_eq!(held_out.len(), 4);
        assert!((held_out.mean()[0] - 5.0 / 255.0).abs() < 1e-6);
        assert!(held_out.has_labels());
    }
}
