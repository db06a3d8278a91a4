//! Samples that stay on the device for a whole run.

use std::ops::Range;

use burn::tensor::{Device, Int, Tensor, TensorData};
use pinhole_protocol::{Experiment, GridShape};

use super::augmentation::Augmenter;
use crate::{
    Compute, EngineError,
    data::{AttributeScale, SampleLayout, SampleSet, Split},
    objective::BatchAttributes,
};

/// Values per upload: 25 MB, so that the host never holds all of them a second time.
const CHUNK_VALUES: usize = 6_400_000;

/// WebGPU binds slices of a buffer that begin and end at multiples of 256 bytes: 64 indices.
const ALIGNED_INDICES: usize = 64;

/// Label of samples without a label.
pub(crate) const UNLABELLED: i32 = -1;

/// Samples of a run on the device, [samples, values].
#[derive(Debug)]
pub(super) struct ResidentSamples {
    rows: Tensor<2>,
    /// 1 where a value is known, 0 where it is missing, [samples, values].
    known: Option<Tensor<2>>,
    labels: Option<Tensor<1, Int>>,
    /// The attributes that the experiment learns.
    attributes: Option<BatchAttributes>,
    shape: GridShape,
    groups: Vec<Range<usize>>,
    /// The samples on the host, if they are augmented there.
    host_samples: Option<SampleSet>,
    device: Device,
}

impl ResidentSamples {
    /// Uploads the samples of a split, and of their attributes those that the experiment learns, standardised by the
    /// training samples.
    pub fn upload(
        compute: &Compute,
        samples: &SampleSet,
        split: &Split,
        experiment: &Experiment,
    ) -> Result<Self, EngineError> {
        let count = split.train.len() + split.validation.len();
        let width = samples.shape().len();
        compute.check_fits(count * width * size_of::<f32>(), "data.limit", "use fewer images")?;
        let device = compute.device().clone();
        let mut rows = Tensor::<2>::empty([count, width], &device);
        let chunk_len = (CHUNK_VALUES / width).max(1);
        for start in (0..count).step_by(chunk_len) {
            let end = (start + chunk_len).min(count);
            let chunk =
                Tensor::from_data(TensorData::new(samples.values_of(start..end), [end - start, width]), &device);
            rows = rows.slice_assign([start..end, 0..width], chunk);
        }
        let known =
            samples.known(0..count).map(|known| Tensor::from_data(TensorData::new(known, [count, width]), &device));
        let label = |index| samples.labels().of_sample(index).map_or(UNLABELLED, i32::from);
        let labels = (samples.labels().classes() > 0).then(|| {
            let labels: Vec<i32> = (0..count).map(label).collect();
            Tensor::from_data(TensorData::new(labels, [count]), &device)
        });
        let SampleLayout { shape, groups } = samples.layout();
        let host_samples = (!experiment.schedule.augmentation.is_none()).then(|| samples.clone());
        let attributes = attributes(samples, split, experiment, &device);
        Ok(Self { rows, known, labels, attributes, shape, groups: groups.to_vec(), host_samples, device })
    }

    /// The device that holds the samples.
    pub const fn device(&self) -> &Device {
        &self.device
    }

    /// Shape of a sample, and the groups of values that a corruption hides together.
    pub fn layout(&self) -> SampleLayout<'_> {
        SampleLayout { shape: self.shape, groups: &self.groups }
    }

    /// Batch of the samples with these indices, [indices, values].
    pub fn batch(&self, indices: Tensor<1, Int>) -> Tensor<2> {
        self.rows.clone().select(0, indices)
    }

    /// As [`Self::batch`], with indices on the host.
    pub fn batch_of(&self, indices: &[u32]) -> Tensor<2> {
        self.batch(self.upload_indices(indices).narrow(0, 0, indices.len()))
    }

    /// As [`Self::batch_of`], augmented.
    pub fn augmented_batch(&self, indices: &[u32], augmenter: &mut Augmenter) -> Tensor<2> {
        let Some(samples) = &self.host_samples else { return self.batch_of(indices) };
        let mut values = samples.values_of(indices.iter().map(|&index| index as usize));
        augmenter.augment(&mut values);
        Tensor::from_data(TensorData::new(values, [indices.len(), self.shape.len()]), &self.device)
    }

    /// 1 where a value of these samples is known, 0 where it is missing; `None` if no value of the set is missing.
    pub fn known(&self, indices: Tensor<1, Int>) -> Option<Tensor<2>> {
        self.known.as_ref().map(|known| known.clone().select(0, indices))
    }

    /// Labels of these samples, [`UNLABELLED`] where a sample has none; `None` if no sample of the set has one.
    pub fn labels(&self, indices: Tensor<1, Int>) -> Option<Tensor<1, Int>> {
        self.labels.as_ref().map(|labels| labels.clone().select(0, indices))
    }

    /// Attributes of these samples; `None` if the experiment learns none.
    pub fn attributes(&self, indices: Tensor<1, Int>) -> Option<BatchAttributes> {
        let BatchAttributes { values, known } = self.attributes.clone()?;
        Some(BatchAttributes { values: values.select(0, indices.clone()), known: known.select(0, indices) })
    }

    /// Uploads indices, padded to a multiple of [`ALIGNED_INDICES`]: slices of such a size are bound where they lie,
    /// not copied.
    pub fn upload_indices(&self, indices: &[u32]) -> Tensor<1, Int> {
        let mut indices: Vec<i32> = indices.iter().map(|&index| index.cast_signed()).collect();
        indices.resize(indices.len().max(1).next_multiple_of(ALIGNED_INDICES), 0);
        let count = indices.len();
        Tensor::from_data(TensorData::new(indices, [count]), &self.device)
    }
}

/// Scale of an attribute in the training samples of a split; `None` if the samples do not have it.
pub(super) fn attribute_scale(samples: &SampleSet, split: &Split, name: &str) -> Option<AttributeScale> {
    samples.attributes().find(name).map(|attribute| attribute.scale(&split.train))
}

/// The attributes that the experiment learns of all samples of a split, in the experiment's order.
fn attributes(samples: &SampleSet, split: &Split, experiment: &Experiment, device: &Device) -> Option<BatchAttributes> {
    let names = experiment.attributes();
    let count = split.train.len() + split.validation.len();
    let scaled: Vec<_> = names
        .iter()
        .filter_map(|name| Some((samples.attributes().find(name)?, attribute_scale(samples, split, name)?)))
        .collect();
    if names.is_empty() || scaled.len() < names.len() {
        return None;
    }
    let of_sample = |sample: usize| scaled.iter().map(move |(attribute, scale)| (attribute.values[sample], *scale));
    let cells = || (0..count).flat_map(of_sample);
    let values: Vec<f32> = cells().map(|(value, scale)| value.map_or(0.0, |value| scale.standardise(value))).collect();
    let known: Vec<f32> = cells().map(|(value, _)| f32::from(value.is_some())).collect();
    let upload = |values| Tensor::from_data(TensorData::new(values, [count, names.len()]), device);
    Some(BatchAttributes { values: upload(values), known: upload(known) })
}
