//! Two layers whose result is added to what they read (He et al. 2016): `activation(x + second(relu(first(x))))`.

use burn::{
    module::Module,
    nn::{Linear, conv::Conv2d},
    tensor::{Device, Tensor, activation},
};
use pinhole_protocol::{GridShape, LayerPlan};

use super::{conv::conv2d, dense::linear, maps, rows};

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
            Self::Dense(pair) => pair.second.forward(activation::relu(pair.first.forward(batch.clone()))),
            Self::Conv(pair) => {
                let picture = maps(plan.input, batch.clone());
                rows(pair.second.forward(activation::relu(pair.first.forward(picture))))
            }
        };
        batch + change
    }
}
