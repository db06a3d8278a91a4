//! The backward pass of a convolution.

use burn::backend::{Autodiff, autodiff::checkpoint::strategy::CheckpointStrategy, tensor::FloatTensor};

use super::{Convolution, ConvolutionGradients, ConvolutionOps, Direction};
use crate::{
    Activation,
    backward_op::{self, LayerOperation},
};

/// The attributes of a convolution layer.
#[derive(Clone, Copy, Debug)]
struct ConvolutionLayer {
    convolution: Convolution,
    direction: Direction,
    activation: Activation,
}

impl<B: ConvolutionGradients> LayerOperation<B> for ConvolutionLayer {
    fn forward(self, input: FloatTensor<B>, weight: FloatTensor<B>, bias: FloatTensor<B>) -> FloatTensor<B> {
        let Self { convolution, direction, activation } = self;
        B::convolve(input, weight, bias, convolution, direction, activation)
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

impl<B: ConvolutionGradients, C: CheckpointStrategy> ConvolutionOps for Autodiff<B, C> {
    fn convolve(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FloatTensor<Self> {
        backward_op::forward::<B, C, _>(ConvolutionLayer { convolution, direction, activation }, input, weight, bias)
    }
}
