//! The way back through a dense layer.

use burn::backend::{Autodiff, autodiff::checkpoint::strategy::CheckpointStrategy, tensor::FloatTensor};

use super::{LinearOps, WeightLayout};
use crate::{
    Activation,
    way_back::{self, Layer},
};

/// What is not a tensor.
#[derive(Clone, Copy, Debug)]
struct Dense {
    layout: WeightLayout,
    activation: Activation,
}

impl<B: LinearOps> Layer<B> for Dense {
    fn forward(self, input: FloatTensor<B>, weight: FloatTensor<B>, bias: FloatTensor<B>) -> FloatTensor<B> {
        let Self { layout, activation } = self;
        B::linear_activated(input, weight, bias, layout, activation)
    }

    fn input_gradient(
        self,
        gradient: FloatTensor<B>,
        output: FloatTensor<B>,
        weight: FloatTensor<B>,
    ) -> FloatTensor<B> {
        let Self { layout, activation } = self;
        B::linear_input_gradient(gradient, output, weight, layout, activation)
    }

    fn weight_gradient(
        self,
        input: FloatTensor<B>,
        gradient: FloatTensor<B>,
        output: FloatTensor<B>,
    ) -> (FloatTensor<B>, FloatTensor<B>) {
        let Self { layout, activation } = self;
        B::linear_weight_gradient(input, gradient, output, layout, activation)
    }
}

impl<B: LinearOps, C: CheckpointStrategy> LinearOps for Autodiff<B, C> {
    fn linear_activated(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layout: WeightLayout,
        activation: Activation,
    ) -> FloatTensor<Self> {
        way_back::forward::<B, C, _>(Dense { layout, activation }, input, weight, bias)
    }

    fn linear_input_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: WeightLayout,
        _: Activation,
    ) -> FloatTensor<Self> {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }

    fn linear_weight_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: WeightLayout,
        _: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }
}
