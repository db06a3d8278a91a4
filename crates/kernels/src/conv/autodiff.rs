//! The way back through a convolution.

use burn::backend::{Autodiff, autodiff::checkpoint::strategy::CheckpointStrategy, tensor::FloatTensor};

use super::{Convolution, ConvolutionOps, Direction};
use crate::{
    Activation,
    way_back::{self, Layer},
};

/// What is not a tensor.
#[derive(Clone, Copy, Debug)]
struct Convolved {
    convolution: Convolution,
    direction: Direction,
    activation: Activation,
}

impl<B: ConvolutionOps> Layer<B> for Convolved {
    fn forward(self, input: FloatTensor<B>, weight: FloatTensor<B>, bias: FloatTensor<B>) -> FloatTensor<B> {
        let Self { convolution, direction, activation } = self;
        B::convolved(input, weight, bias, convolution, direction, activation)
    }

    fn input_gradient(
        self,
        gradient: FloatTensor<B>,
        output: FloatTensor<B>,
        weight: FloatTensor<B>,
    ) -> FloatTensor<B> {
        let Self { convolution, direction, activation } = self;
        B::convolution_input_gradient(gradient, output, weight, convolution, direction, activation)
    }

    fn weight_gradient(
        self,
        input: FloatTensor<B>,
        gradient: FloatTensor<B>,
        output: FloatTensor<B>,
    ) -> (FloatTensor<B>, FloatTensor<B>) {
        let Self { convolution, direction, activation } = self;
        B::convolution_weight_gradient(input, gradient, output, convolution, direction, activation)
    }
}

impl<B: ConvolutionOps, C: CheckpointStrategy> ConvolutionOps for Autodiff<B, C> {
    fn convolved(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FloatTensor<Self> {
        way_back::forward::<B, C, _>(Convolved { convolution, direction, activation }, input, weight, bias)
    }

    fn convolution_input_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Convolution,
        _: Direction,
        _: Activation,
    ) -> FloatTensor<Self> {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }

    fn convolution_weight_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Convolution,
        _: Direction,
        _: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }
}
