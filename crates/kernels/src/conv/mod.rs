//! A convolution, or a transposed one, with its activation.
//!
//! As a [dense layer](crate::linear), it is one pass forward and two back. Each is a product with an operand that is never
//! written down: its values are read where the pictures have them. A transposed convolution gathers for each fine place
//! what reaches it; which taps do depends on the place's phase within the stride, so each phase is a product of its own,
//! without the zeros that a general one multiplies.

mod autodiff;
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(feature = "gpu")]
mod places;
#[cfg(test)]
pub(crate) mod tests;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::{Shape, Tensor},
};

use crate::Activation;
pub use crate::cpu::Convolution;

/// Which way a convolution is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From fine to coarse maps: a convolution.
    Down,
    /// From coarse to fine maps: a transposed convolution.
    Up,
}

impl Direction {
    const fn reversed(self) -> Self {
        match self {
            Self::Down => Self::Up,
            Self::Up => Self::Down,
        }
    }
}

/// `activation(input * weight + bias)`.
///
/// `input` is [samples, fine numbers] if the direction is down, else [samples, coarse numbers], and the result the other;
/// `weight` is [coarse channels, fine channels, rows, columns] and `bias` a number for each of the result's channels.
pub fn convolve(
    input: Tensor<2>,
    weight: Tensor<4>,
    bias: Tensor<1>,
    convolution: Convolution,
    direction: Direction,
    activation: Activation,
) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::convolved(
        input.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        convolution,
        direction,
        activation,
    ))
}

/// What a backend does for [`convolve`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait ConvolutionOps: Backend {
    /// See [`convolve`].
    fn convolved(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FloatTensor<Self>;

    /// Gradient of the input from that of the output and the output itself.
    fn convolution_input_gradient(
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FloatTensor<Self>;

    /// Gradients of weight and bias.
    fn convolution_weight_gradient(
        input: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

/// [samples, numbers] of what comes of a convolution.
fn result_shape(convolution: &Convolution, direction: Direction) -> Shape {
    Shape::new([convolution.samples, result_maps(convolution, direction).iter().product()])
}

/// Channels, rows and columns of what comes of a convolution.
const fn result_maps(convolution: &Convolution, direction: Direction) -> [usize; 3] {
    match direction {
        Direction::Down => convolution.coarse,
        Direction::Up => convolution.fine,
    }
}

/// The weight's shape.
const fn weight_shape(convolution: &Convolution) -> [usize; 4] {
    let [rows, columns] = convolution.kernel;
    [convolution.coarse[0], convolution.fine[0], rows, columns]
}
