//! A convolution on the GPU: one product forward, two back.

use burn::{backend::tensor::FloatTensor, tensor::Shape};
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{
    Convolution, ConvolutionGradients, ConvolutionOps, Direction,
    indexing::{ConvLoad, ConvOutput},
    output_maps, output_shape, weight_shape,
};
use crate::{
    Activation,
    gpu::{
        channel_sums, contiguous, empty,
        matmul::{Buffers, Epilogue, Load, Matmul, Operand, RowMajor},
        through_activation,
    },
};

impl ConvolutionOps for CubeBackend {
    fn convolve(
        input: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let maps = Maps { tensor: &contiguous(input), y: None, activation: Activation::Linear };
        let bias = contiguous(bias);
        convolve(&maps, &contiguous(weight), Some((&bias, activation)), convolution, direction)
    }
}

impl ConvolutionGradients for CubeBackend {
    fn convolution_input_gradient(
        gradient: CubeTensor,
        output: CubeTensor,
        weight: CubeTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let y = contiguous(output);
        let (gradient, activation) = through_activation(gradient, &y, activation);
        let maps = Maps { tensor: &gradient, y: Some(&y), activation };
        convolve(&maps, &contiguous(weight), None, convolution, direction.reversed())
    }

    fn convolution_weight_gradient(
        input: CubeTensor,
        gradient: CubeTensor,
        output: CubeTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (input, y) = (contiguous(input), contiguous(output));
        let (gradient, activation) = through_activation(gradient, &y, activation);
        let [output_channels, ..] = output_maps(&convolution, direction);
        let weight = empty(&gradient, Shape::new(weight_shape(&convolution)));
        let bias = empty(&gradient, Shape::new([output_channels]));
        let [channels, ..] = convolution.coarse;
        let coarse = ConvLoad::Channels { channels, positions: convolution.coarse_positions() };
        let fine = ConvLoad::PatchesByPosition(convolution);
        let (lhs, rhs, gradient_of) = match direction {
            Direction::Down => {
                let lhs = Operand::through_activation(activation, coarse);
                ((lhs, &gradient), (Operand::plain(fine), &input), lhs.gradient_of)
            }
            Direction::Up => {
                let rhs = Operand::through_activation(activation, fine);
                ((Operand::plain(coarse), &input), (rhs, &gradient), rhs.gradient_of)
            }
        };
        let matmul = Matmul {
            m: channels,
            k: convolution.samples * convolution.coarse_positions(),
            n: convolution.patch_size(),
            lhs: lhs.0,
            rhs: rhs.0,
            output: RowMajor,
            epilogue: if direction == Direction::Down { Epilogue::RowSums } else { Epilogue::None },
            batch: 1,
        };
        let y = gradient_of.map(|_| &y);
        // Going up, the gradient is the operand that a product reads several times over.
        let vector = (direction == Direction::Down).then_some(&bias);
        matmul.launch(&Buffers { lhs: lhs.1, rhs: rhs.1, output: &weight, y, vector });
        if direction == Direction::Up {
            channel_sums(&gradient, y, activation, &bias);
        }
        (weight, bias)
    }
}

/// Feature maps that a convolution reads; where they are the gradient of an activation's output y, with y.
struct Maps<'a> {
    tensor: &'a CubeTensor,
    y: Option<&'a CubeTensor>,
    activation: Activation,
}

/// The convolution in one direction: a forward pass, or with the gradient as input.
fn convolve(
    maps: &Maps,
    weight: &CubeTensor,
    bias: Option<(&CubeTensor, Activation)>,
    convolution: Convolution,
    direction: Direction,
) -> CubeTensor {
    let output = empty(maps.tensor, output_shape(&convolution, direction));
    let ([coarse, ..], [fine, ..]) = (convolution.coarse, convolution.fine);
    let (samples, taps) = (convolution.samples, convolution.taps());
    let rhs = |load| Operand::through_activation(maps.activation, load);
    let epilogue = bias.map_or(Epilogue::None, |(_, activation)| Epilogue::RowBias(activation));
    let matmul = match direction {
        Direction::Down => Matmul {
            m: coarse,
            k: fine * taps,
            n: samples * convolution.coarse_positions(),
            lhs: Operand::plain(ConvLoad::Matrix(Load::Lanes { k: fine * taps })),
            rhs: rhs(ConvLoad::Patches(convolution)),
            output: ConvOutput::Channels { channels: coarse, positions: convolution.coarse_positions() },
            epilogue,
            batch: 1,
        },
        Direction::Up => Matmul {
            m: fine,
            k: coarse * taps,
            n: samples * convolution.phase_size().iter().product::<usize>(),
            lhs: Operand::plain(ConvLoad::Taps { lanes: fine, convolution }),
            rhs: rhs(ConvLoad::TransposedPatches(convolution)),
            output: ConvOutput::Phases { channels: fine, convolution },
            epilogue,
            batch: 1,
        },
    };
    let y = matmul.rhs.gradient_of.and(maps.y);
    let vector = bias.map(|(bias, _)| bias);
    matmul.launch(&Buffers { lhs: weight, rhs: maps.tensor, output: &output, y, vector });
    output
}
