//! Two layers whose result is added to what they read (He et al. 2016): `activation(x + second(relu(first(x))))`.

use burn::{
    module::Module,
    nn::{Linear, conv::Conv2d},
    tensor::{Device, Tensor},
};
use pinhole_kernels::Activation;
use pinhole_protocol::{GridShape, LayerPlan};

use super::{
    conv::{self, conv2d},
    dense::{self, linear},
};

/// On a vector two dense layers, on a picture two convolutions.
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
            let layer = || linear([shape.channels; 2], device);
            Self::Dense(Pair { first: layer(), second: layer() })
        } else {
            let layer = || conv2d([shape.channels; 2], 1, device);
            Self::Conv(Pair { first: layer(), second: layer() })
        }
    }

    pub fn forward(&self, plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
        let change = match self {
            Self::Dense(pair) => {
                let between = dense::apply(&pair.first, batch.clone(), Activation::Relu);
                dense::apply(&pair.second, between, Activation::Linear)
            }
            Self::Conv(pair) => {
                let between = conv::apply(&pair.first, plan, batch.clone(), Activation::Relu);
                conv::apply(&pair.second, plan, between, Activation::Linear)
            }
        };
        batch + change
    }
}
