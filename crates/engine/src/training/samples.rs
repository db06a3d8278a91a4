//! Held-out samples to look at while a run goes on.

use burn::tensor::{Tensor, TensorData};
use pinhole_protocol::{Bytes, Corruption, GridShape, SampleGrid};

use crate::{
    Compute, EngineError, data::SampleSet, network::Autoencoder, objective::corruption::corrupt, pixels::unit_to_byte,
    read_back::read,
};

/// As many as fit a row.
const COUNT: usize = 8;

/// The same few samples and the same noise throughout, so that only the network changes.
#[derive(Clone, Debug)]
pub(crate) struct ShownSamples {
    shape: GridShape,
    originals: Vec<f32>,
    noisy: Vec<f32>,
    spread: Spread,
}

/// What becomes black and what white.
#[derive(Clone, Copy, Debug)]
struct Spread {
    low: f32,
    high: f32,
}

impl Spread {
    /// Pictures as they are; vectors over the range of these.
    fn of(samples: &SampleSet, values: &[f32]) -> Self {
        if samples.is_pictures() {
            return Self { low: 0.0, high: 1.0 };
        }
        let low = values.iter().copied().fold(f32::INFINITY, f32::min);
        let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        // Equal values are middle grey.
        if low < high { Self { low, high } } else { Self { low: low - 0.5, high: high + 0.5 } }
    }

    fn bytes(self, values: &[f32]) -> Bytes {
        Bytes(values.iter().map(|value| unit_to_byte((value - self.low) / (self.high - self.low))).collect())
    }
}

impl ShownSamples {
    pub fn new(samples: &SampleSet, held_out: &[u32], corruption: Corruption, seed: u64) -> Self {
        let originals = samples.values_of(held_out.iter().take(COUNT).map(|&index| index as usize));
        let noisy = corrupt(&originals, samples.layout(), corruption, seed, 0).input;
        Self { shape: samples.shape(), spread: Spread::of(samples, &originals), originals, noisy }
    }

    /// What `network` makes of them.
    pub async fn show(&self, network: &Autoencoder, compute: &Compute) -> Result<SampleGrid, EngineError> {
        let width = self.shape.len();
        let count = self.originals.len() / width;
        let batch = Tensor::from_data(TensorData::new(self.noisy.clone(), [count, width]), compute.device());
        let rebuilt = read(network.forward(batch)).await?;
        Ok(SampleGrid {
            shape: self.shape,
            count,
            originals: self.spread.bytes(&self.originals),
            noisy: self.spread.bytes(&self.noisy),
            rebuilt: self.spread.bytes(&rebuilt),
        })
    }
}
