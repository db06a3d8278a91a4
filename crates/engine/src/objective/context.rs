//! Inputs that the terms of a loss share.

use burn::tensor::Tensor;
use pinhole_protocol::CheckedExperiment;

use super::batch::Batch;
use crate::network::{Autoencoder, Forward};

/// Inputs of the loss of one batch: the batch and the network's forward pass over it.
pub(super) struct LossContext<'a> {
    pub experiment: &'a CheckedExperiment,
    pub network: &'a Autoencoder,
    pub batch: &'a Batch,
    pub forward: &'a Forward,
}

impl LossContext<'_> {
    /// Nats per sample as nats per value, which add up with a reconstruction error that is a mean over values.
    pub fn nats_per_value(&self, nats_per_sample: Tensor<1>) -> Tensor<1> {
        nats_per_sample.div_scalar(self.experiment.plan().input.len() as f32)
    }
}
