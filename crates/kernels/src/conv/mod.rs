//! A convolution, or a transposed one, with its activation.
//!
//! ```text
//! forward    y  = f(x * W + b)
//! backward   dz = dy f'(z)              from y (crate::Activation)
//!            dx = dz *^T W              the convolution in the other direction
//!            dW = x *^T dz              summed over samples and positions
//!            db = sum of dz over samples and positions
//! ```
//!
//! As a [dense layer](crate::linear), it is one pass forward and two back. Each is a product with an operand that is
//! never written to memory (implicit GEMM): its values are read where the feature maps have them. A transposed
//! convolution gathers what reaches each fine position; which taps do depends on the position's phase within the
//! stride, so each phase is a product of its own, without the zeros that a general one multiplies.

mod autodiff;
mod convolution;
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(feature = "gpu")]
mod indexing;
#[cfg(test)]
pub(crate) mod tests;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::{Shape, Tensor},
};

pub use self::convolution::Convolution;
use crate::Activation;

/// The direction in which a convolution is read.
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
/// `input` is [samples, fine values] if the direction is down, else [samples, coarse values], and the result the other;
/// `weight` is [coarse channels, fine channels, rows, columns] and `bias` [channels of the result].
pub fn convolve(
    input: Tensor<2>,
    weight: Tensor<4>,
    bias: Tensor<1>,
    convolution: Convolution,
    direction: Direction,
    activation: Activation,
) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::convolve(
        input.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        convolution,
        direction,
        activation,
    ))
}

/// The backend operation of [`convolve`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait ConvolutionOps: Backend {
    /// See [`convolve`].
    fn convolve(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FloatTensor<Self>;
}

/// The gradients of [`convolve`], on a backend without autodiff.
pub trait ConvolutionGradients: ConvolutionOps {
    /// Gradient of the input, from that of the output and the output itself.
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

/// Shape of the output, [samples, values].
fn output_shape(convolution: &Convolution, direction: Direction) -> Shape {
    Shape::new([convolution.samples, output_maps(convolution, direction).iter().product()])
}

/// Channels, rows and columns of the output's feature maps.
const fn output_maps(convolution: &Convolution, direction: Direction) -> [usize; 3] {
    match direction {
        Direction::Down => convolution.coarse,
        Direction::Up => convolution.fine,
    }
}

/// Shape of the weight, [coarse channels, fine channels, rows, columns].
const fn weight_shape(convolution: &Convolution) -> [usize; 4] {
    let [rows, columns] = convolution.kernel;
    [convolution.coarse[0], convolution.fine[0], rows, columns]
}
