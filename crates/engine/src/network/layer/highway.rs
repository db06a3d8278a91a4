//! A highway layer (Srivastava et al. 2015): `gate * relu(transform(x)) + (1 - gate) * x`, `gate` between 0 and 1.

use burn::{
    module::Module,
    nn::Linear,
    tensor::{Device, Tensor},
};

use pinhole_kernels::Activation;

use super::dense::{self, linear};

/// What is new, and how much of it passes.
#[derive(Module, Debug)]
pub(super) struct Highway {
    transform: Linear,
    gate: Linear,
}

impl Highway {
    pub fn new(width: usize, device: &Device) -> Self {
        Self { transform: linear([width; 2], device), gate: linear([width; 2], device) }
    }

    pub fn forward(&self, batch: Tensor<2>) -> Tensor<2> {
        let fresh = dense::apply(&self.transform, batch.clone(), Activation::Relu);
        let gate = dense::apply(&self.gate, batch.clone(), Activation::Sigmoid);
        // x + g (h - x) is g h + (1 - g) x with one product less.
        batch.clone() + gate * (fresh - batch)
    }
}
