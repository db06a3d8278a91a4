//! Held-out samples that are reconstructed during a run, for people to see.

use burn::tensor::{Tensor, TensorData};
use pinhole_protocol::{Bytes, Corruption, GridShape, SampleGrid};

use crate::{
    Compute, EngineError, data::SampleSet, network::Autoencoder, objective::corruption::corrupt, pixels::unit_to_byte,
    read_back::read,
};

/// Samples shown: as many as fit a row of the page.
const SAMPLES: usize = 8;

/// The same samples with the same corruption throughout a run, so that only the network changes.
#[derive(Clone, Debug)]
pub(crate) struct PreviewSamples {
    shape: GridShape,
    originals: Vec<f32>,
    noisy: Vec<f32>,
    grey_range: GreyRange,
}

/// Values shown as black and as white.
#[derive(Clone, Copy, Debug)]
struct GreyRange {
    low: f32,
    high: f32,
}

impl GreyRange {
    /// 0 to 1 for pictures; for vectors the range of `values`.
    fn of(samples: &SampleSet, values: &[f32]) -> Self {
        if samples.is_pictures() {
            return Self { low: 0.0, high: 1.0 };
        }
        let low = values.iter().copied().fold(f32::INFINITY, f32::min);
        let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        // Constant values are shown in middle grey.
        if low < high { Self { low, high } } else { Self { low: low - 0.5, high: high + 0.5 } }
    }

    fn bytes(self, values: &[f32]) -> Bytes {
        Bytes(values.iter().map(|value| unit_to_byte((value - self.low) / (self.high - self.low))).collect())
    }
}

impl PreviewSamples {
    pub fn new(samples: &SampleSet, held_out: &[u32], corruption: Corruption, seed: u64) -> Self {
        let originals = samples.values_of(held_out.iter().take(SAMPLES).map(|&index| index as usize));
        let noisy = corrupt(&originals, samples.layout(), corruption, seed, 0).input;
        Self { shape: samples.shape(), grey_range: GreyRange::of(samples, &originals), originals, noisy }
    }

    /// The samples with their reconstructions by `network`.
    pub async fn reconstruct(&self, network: &Autoencoder, compute: &Compute) -> Result<SampleGrid, EngineError> {
        let width = self.shape.len();
        let count = self.originals.len() / width;
        let batch = Tensor::from_data(TensorData::new(self.noisy.clone(), [count, width]), compute.device());
        let reconstructions = read(network.forward(batch)).await?;
        Ok(SampleGrid {
            shape: self.shape,
            count,
            originals: self.grey_range.bytes(&self.originals),
            noisy: self.grey_range.bytes(&self.noisy),
            rebuilt: self.grey_range.bytes(&reconstructions),
        })
    }
}
