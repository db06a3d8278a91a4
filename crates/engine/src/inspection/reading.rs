//! Many tensors, read at once.

use burn::tensor::{Tensor, Transaction};

use crate::{EngineError, read_back::read_all};

/// Tensors to be read in one transaction, and taken apart afterwards.
#[derive(Default)]
pub(super) struct Reading {
    tensors: Vec<Tensor<1>>,
}

/// The place of a tensor in a reading.
#[derive(Clone, Copy)]
pub(super) struct Place(usize);

impl Reading {
    /// Notes a tensor to read.
    pub fn note<const D: usize>(&mut self, tensor: Tensor<D>) -> Place {
        self.tensors.push(tensor.flatten(0, D - 1));
        Place(self.tensors.len() - 1)
    }

    /// Reads all of them.
    pub async fn read(self) -> Result<Read, EngineError> {
        let transaction = self.tensors.into_iter().fold(Transaction::default(), Transaction::register);
        Ok(Read(read_all(transaction).await?))
    }
}

/// What was read.
pub(super) struct Read(Vec<Vec<f32>>);

impl Read {
    /// The values of a tensor, row by row.
    pub fn values(&self, Place(index): Place) -> &[f32] {
        &self.0[index]
    }
}
