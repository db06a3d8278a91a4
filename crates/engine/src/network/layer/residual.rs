//! Residual block (He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", CVPR 2016):
//! `y = x + W_2 relu(W_1 x + b_1) + b_2`, with dense layers on a vector and 3x3 convolutions on a picture. The
//! activation after the sum is the layer's own.

use burn::{
    module::Module,
    nn::{Linear, conv::Conv2d},
    tensor::{Device, Tensor},
};
use pinhole_kernels::Activation;
use pinhole_protocol::{GridShape, LayerPlan};

use super::{
    conv::{self, zero_conv2d},
    dense::{self, zero_linear},
};

/// The two layers of a residual block.
#[derive(Module, Debug)]
pub(super) enum Residual {
    Dense(Pair<Linear>),
    Conv(Pair<Conv2d>),
}

/// Two layers, one after the other.
#[derive(Module, Debug)]
pub(super) struct Pair<M: Module> {
    first: M,
    second: M,
}

impl Residual {
    pub fn new(shape: GridShape, device: &Device) -> Self {
        if shape.height == 1 && shape.width == 1 {
            let layer = || zero_linear([shape.channels; 2], device);
            Self::Dense(Pair { first: layer(), second: layer() })
        } else {
            let layer = || zero_conv2d([shape.channels; 2], 1, device);
            Self::Conv(Pair { first: layer(), second: layer() })
        }
    }

    /// [samples, values] to [samples, values].
    pub fn forward(&self, plan: &LayerPlan, x: Tensor<2>) -> Tensor<2> {
        let residual = match self {
            Self::Dense(pair) => {
                let hidden = dense::forward(&pair.first, x.clone(), Activation::Relu);
                dense::forward(&pair.second, hidden, Activation::Linear)
            }
            Self::Conv(pair) => {
                let hidden = conv::forward(&pair.first, plan, x.clone(), Activation::Relu);
                conv::forward(&pair.second, plan, hidden, Activation::Linear)
            }
        };
        x + residual
    }
}
