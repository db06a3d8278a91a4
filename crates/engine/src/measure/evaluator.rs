//! Evaluation of a model on many samples, batch by batch.

use burn::tensor::{Tensor, TensorData, Transaction};

use super::held_out::HeldOut;
use crate::{EngineError, Model, network::Autoencoder, read_back::read_all};

/// Samples per batch: enough to keep a device busy, few enough that the page stays responsive.
const BATCH_SIZE: usize = 128;

/// A model and the held-out samples that it is evaluated on.
pub(super) struct Evaluator<'a, P> {
    pub model: &'a Model,
    pub held_out: &'a HeldOut,
    /// Yields to the event loop.
    pub pause: &'a P,
}

impl<P: AsyncFn()> Evaluator<'_, P> {
    /// Runs `forward`, a part of the network, on rows of `width` values; returns each of its N output tensors for all
    /// rows, row by row. One awaited read per batch.
    pub async fn run_batches<const N: usize>(
        &self,
        rows: &[f32],
        width: usize,
        forward: impl Fn(&Autoencoder, Tensor<2>) -> [Tensor<2>; N],
    ) -> Result<[Vec<f32>; N], EngineError> {
        let mut outputs: [Vec<f32>; N] = std::array::from_fn(|_| Vec::new());
        for batch in rows.chunks(BATCH_SIZE * width) {
            let data = TensorData::new(batch.to_vec(), [batch.len() / width, width]);
            let tensors = forward(&self.model.network, Tensor::from_data(data, self.model.compute.device()));
            let transaction = tensors.into_iter().fold(Transaction::default(), Transaction::register);
            for (all, values) in outputs.iter_mut().zip(read_all(transaction).await?) {
                all.extend(values);
            }
            (self.pause)().await;
        }
        Ok(outputs)
    }

    /// Reconstructions of inputs, row by row.
    pub async fn reconstruct(&self, inputs: &[f32]) -> Result<Vec<f32>, EngineError> {
        let [reconstructions] =
            self.run_batches(inputs, self.input_width(), |network, batch| [network.forward(batch)]).await?;
        Ok(reconstructions)
    }

    /// Codes of inputs, row by row.
    pub async fn encode(&self, inputs: &[f32]) -> Result<Vec<f32>, EngineError> {
        let [codes] = self.run_batches(inputs, self.input_width(), |network, batch| [network.encode(batch)]).await?;
        Ok(codes)
    }

    /// Number of values of an input.
    pub fn input_width(&self) -> usize {
        self.model.experiment.plan().input.len()
    }

    /// Latent size.
    pub fn code_width(&self) -> usize {
        self.model.experiment.plan().code.len()
    }

    /// Seed of the random numbers of a measure.
    pub fn seed(&self) -> u64 {
        self.model.experiment.spec().seed
    }
}
