//! The backward pass of a dense layer.

use burn::backend::{Autodiff, autodiff::checkpoint::strategy::CheckpointStrategy, tensor::FloatTensor};

use super::{LinearGradients, LinearOps, WeightLayout};
use crate::{
    Activation,
    backward_op::{self, LayerOperation},
};

/// The attributes of a dense layer.
#[derive(Clone, Copy, Debug)]
struct DenseLayer {
    layout: WeightLayout,
    activation: Activation,
}

impl<B: LinearGradients> LayerOperation<B> for DenseLayer {
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

impl<B: LinearGradients, C: CheckpointStrategy> LinearOps for Autodiff<B, C> {
    fn linear_activated(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layout: WeightLayout,
        activation: Activation,
    ) -> FloatTensor<Self> {
        backward_op::forward::<B, C, _>(DenseLayer { layout, activation }, input, weight, bias)
    }
}
