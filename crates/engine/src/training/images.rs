//! Samples that stay on the device for a whole run.

use std::ops::Range;

use burn::tensor::{Device, Int, Tensor, TensorData};
use pinhole_protocol::{Augmentation, GridShape};

use super::augmentation::Augmenter;
use crate::{
    Compute, EngineError,
    data::{SampleLayout, SampleSet},
};

/// Values uploaded in one go: 25 MB, so that the host never holds all of them a second time.
const CHUNK_VALUES: usize = 6_400_000;

/// WebGPU binds parts of a buffer that begin and end at multiples of 256 bytes.
const ALIGNED_INDICES: usize = 64;

/// Stands for no label among those of a batch.
pub(crate) const UNLABELLED: i32 = -1;

/// A run's samples, a row each.
#[derive(Debug)]
pub(super) struct ResidentSamples {
    rows: Tensor<2>,
    /// 1 where a value is known, else 0.
    known: Option<Tensor<2>>,
    labels: Option<Tensor<1, Int>>,
    shape: GridShape,
    groups: Vec<Range<usize>>,
    /// Where they are moved before they train: the host does that.
    on_host: Option<SampleSet>,
    device: Device,
}

impl ResidentSamples {
    /// Uploads the first `count` samples.
    pub fn upload(
        compute: &Compute,
        samples: &SampleSet,
        count: usize,
        augmentation: Augmentation,
    ) -> Result<Self, EngineError> {
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
        let on_host = (!augmentation.is_none()).then(|| samples.clone());
        Ok(Self { rows, known, labels, shape, groups: groups.to_vec(), on_host, device })
    }

    /// Where they are.
    pub const fn device(&self) -> &Device {
        &self.device
    }

    /// How the values of a sample belong together.
    pub fn layout(&self) -> SampleLayout<'_> {
        SampleLayout { shape: self.shape, groups: &self.groups }
    }

    /// The samples with these indices, as a batch.
    pub fn batch(&self, indices: Tensor<1, Int>) -> Tensor<2> {
        self.rows.clone().select(0, indices)
    }

    /// The same, of indices that are on the host.
    pub fn rows_of(&self, indices: &[u32]) -> Tensor<2> {
        self.batch(self.upload_order(indices).narrow(0, 0, indices.len()))
    }

    /// The same, moved.
    pub fn moved_batch(&self, indices: &[u32], augmenter: &mut Augmenter) -> Tensor<2> {
        let Some(samples) = &self.on_host else { return self.rows_of(indices) };
        let mut values = samples.values_of(indices.iter().map(|&index| index as usize));
        augmenter.move_all(&mut values);
        Tensor::from_data(TensorData::new(values, [indices.len(), self.shape.len()]), &self.device)
    }

    /// 1 where a value of theirs is known, else 0; `None` if all of them are.
    pub fn known(&self, indices: Tensor<1, Int>) -> Option<Tensor<2>> {
        self.known.as_ref().map(|known| known.clone().select(0, indices))
    }

    /// Their labels, [`UNLABELLED`] where there is none; `None` if no sample of the set has one.
    pub fn labels(&self, indices: Tensor<1, Int>) -> Option<Tensor<1, Int>> {
        self.labels.as_ref().map(|labels| labels.clone().select(0, indices))
    }

    /// Indices on the device, with others after them: batches whose size is a multiple of [`ALIGNED_INDICES`] are read
    /// where they lie then, not copied.
    pub fn upload_order(&self, indices: &[u32]) -> Tensor<1, Int> {
        let mut indices: Vec<i32> = indices.iter().map(|&index| index.cast_signed()).collect();
        indices.resize(indices.len().max(1).next_multiple_of(ALIGNED_INDICES), 0);
        let count = indices.len();
        Tensor::from_data(TensorData::new(indices, [count]), &self.device)
    }
}
