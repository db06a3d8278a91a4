//! Highway layer (Srivastava, Greff and Schmidhuber, "Highway Networks", 2015): `y = T(x) * H(x) + (1 - T(x)) * x` with
//! `H(x) = relu(x W_H + b_H)` and the transform gate `T(x) = sigmoid(x W_T + b_T)`.

use burn::{
    module::Module,
    nn::Linear,
    tensor::{Device, Tensor},
};
use pinhole_kernels::Activation;

use super::dense::{self, zero_linear};

/// A dense layer and the gate that mixes its output with its input.
#[derive(Module, Debug)]
pub(super) struct Highway {
    transform: Linear,
    gate: Linear,
}

impl Highway {
    pub fn new(width: usize, device: &Device) -> Self {
        Self { transform: zero_linear([width; 2], device), gate: zero_linear([width; 2], device) }
    }

    /// [samples, width] to [samples, width].
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let h = dense::forward(&self.transform, x.clone(), Activation::Relu);
        let t = dense::forward(&self.gate, x.clone(), Activation::Sigmoid);
        // x + t (h - x) is t h + (1 - t) x with one product less.
        x.clone() + t * (h - x)
    }
}
