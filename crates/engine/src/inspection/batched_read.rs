//! Many tensors read from the device in one transaction.

use burn::tensor::{Tensor, Transaction};

use crate::{EngineError, read_back::read_all};

/// Tensors to be read in one transaction.
#[derive(Default)]
pub(super) struct BatchedRead {
    tensors: Vec<Tensor<1>>,
}

/// Index of a tensor in a batched read.
#[derive(Clone, Copy)]
pub(super) struct TensorIndex(usize);

impl BatchedRead {
    /// Adds a tensor.
    pub fn add<const D: usize>(&mut self, tensor: Tensor<D>) -> TensorIndex {
        self.tensors.push(tensor.flatten(0, D - 1));
        TensorIndex(self.tensors.len() - 1)
    }

    /// Reads all tensors.
    pub async fn read(self) -> Result<ReadValues, EngineError> {
        let transaction = self.tensors.into_iter().fold(Transaction::default(), Transaction::register);
        Ok(ReadValues(read_all(transaction).await?))
    }
}

/// Values of all tensors of a batched read.
pub(super) struct ReadValues(Vec<Vec<f32>>);

impl ReadValues {
    /// Values of one tensor in row-major order.
    pub fn values(&self, TensorIndex(index): TensorIndex) -> &[f32] {
        &self.0[index]
    }
}
