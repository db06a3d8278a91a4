//! Sending many samples through a model, some at a time.

use burn::tensor::{Tensor, TensorData, Transaction};

use super::HeldOut;
use crate::{EngineError, Model, network::Autoencoder, read_back::read_all};

/// Samples at once: enough to keep a device busy, few enough that a page is heard in between.
const BATCH: usize = 128;

/// What is measured, and on what.
pub(super) struct Subject<'a, P> {
    pub model: &'a Model,
    pub held_out: &'a HeldOut,
    /// Lets the event loop turn.
    pub pause: &'a P,
}

impl<P: AsyncFn()> Subject<'_, P> {
    /// Sends rows of `width` values through a part of the model's network, and answers what `through` makes of them, each
    /// of its tensors for all rows. One awaited read a batch.
    pub async fn send<const N: usize>(
        &self,
        rows: &[f32],
        width: usize,
        through: impl Fn(&Autoencoder, Tensor<2>) -> [Tensor<2>; N],
    ) -> Result<[Vec<f32>; N], EngineError> {
        let mut read: [Vec<f32>; N] = std::array::from_fn(|_| Vec::new());
        for batch in rows.chunks(BATCH * width) {
            let data = TensorData::new(batch.to_vec(), [batch.len() / width, width]);
            let made = through(&self.model.network, Tensor::from_data(data, self.model.compute.device()));
            let transaction = made.into_iter().fold(Transaction::default(), Transaction::register);
            for (all, values) in read.iter_mut().zip(read_all(transaction).await?) {
                all.extend(values);
            }
            (self.pause)().await;
        }
        Ok(read)
    }

    /// What the model makes of inputs.
    pub async fn rebuild(&self, inputs: &[f32]) -> Result<Vec<f32>, EngineError> {
        let [rebuilt] = self.send(inputs, self.input_width(), |network, batch| [network.forward(batch)]).await?;
        Ok(rebuilt)
    }

    /// The codes of inputs.
    pub async fn encode(&self, inputs: &[f32]) -> Result<Vec<f32>, EngineError> {
        let [codes] = self.send(inputs, self.input_width(), |network, batch| [network.encode(batch)]).await?;
        Ok(codes)
    }

    /// Values of an input.
    pub fn input_width(&self) -> usize {
        self.model.experiment.plan().input.len()
    }

    /// Numbers of a code.
    pub fn code_width(&self) -> usize {
        self.model.experiment.plan().code.len()
    }

    /// Fixes what is drawn to measure by.
    pub fn seed(&self) -> u64 {
        self.model.experiment.spec().seed
    }
}
