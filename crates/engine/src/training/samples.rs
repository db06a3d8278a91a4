//! Held-out images to look at while a run goes on.

use burn::tensor::{Tensor, TensorData};
use pinhole_protocol::{Bytes, Corruption, GridShape, SampleGrid};

use crate::{
    Compute, EngineError,
    data::ImageSet,
    network::Autoencoder,
    objective::corruption::corrupt_picture,
    pixels::{grey, unit},
};

/// As many as fit a row.
const COUNT: usize = 8;

/// The same few images and the same noise throughout, so that only the network changes.
#[derive(Debug)]
pub(super) struct Samples {
    originals: Vec<u8>,
    noisy: Vec<f32>,
}

impl Samples {
    pub fn new(images: &ImageSet, held_out: &[u32], corruption: Corruption, seed: u64) -> Self {
        let originals: Vec<u8> =
            held_out.iter().take(COUNT).flat_map(|&index| images.image(index as usize)).copied().collect();
        let clean: Vec<f32> = originals.iter().map(|&grey| unit(grey)).collect();
        Self { originals, noisy: corrupt_picture(&clean, corruption, seed, 0) }
    }

    /// What `network` makes of them.
    pub async fn show(&self, network: &Autoencoder, compute: &Compute) -> Result<SampleGrid, EngineError> {
        const WIDTH: usize = GridShape::MNIST.len();
        let count = self.originals.len() / WIDTH;
        let batch = Tensor::from_data(TensorData::new(self.noisy.clone(), [count, WIDTH]), compute.device());
        let rebuilt = network.forward(batch).into_data_async().await?;
        Ok(SampleGrid {
            count,
            originals: Bytes(self.originals.clone()),
            noisy: Bytes(self.noisy.iter().copied().map(grey).collect()),
            rebuilt: Bytes(rebuilt.iter::<f32>().map(grey).collect()),
        })
    }
}
