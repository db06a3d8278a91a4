//! A convolution on the CPU.

mod coarse;
mod fine;
mod grid;
mod patches;
mod slices;
#[cfg(test)]
mod tests;

use burn_flex::{Flex, FlexTensor};

use super::{Convolution, ConvolutionGradients, ConvolutionOps, Direction, output_maps, output_shape, weight_shape};
use crate::{
    Activation,
    cpu::{BiasActivation, Contiguous, channel_sums, contiguous},
};

impl ConvolutionOps for Flex {
    fn convolve(
        input: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FlexTensor {
        let (input, weight, bias) = (contiguous(input), contiguous(weight), contiguous(bias));
        let epilogue = BiasActivation { bias: bias.values(), activation };
        convolve(input.values(), weight.values(), epilogue, convolution, direction)
    }
}

impl ConvolutionGradients for Flex {
    fn convolution_input_gradient(
        gradient: FlexTensor,
        output: FlexTensor,
        weight: FlexTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FlexTensor {
        let (dz, weight) = (Contiguous::through_activation(gradient, output, activation), contiguous(weight));
        convolve(dz.values(), weight.values(), BiasActivation::default(), convolution, direction.reversed())
    }

    fn convolution_weight_gradient(
        input: FlexTensor,
        gradient: FlexTensor,
        output: FlexTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> (FlexTensor, FlexTensor) {
        let (input, dz) = (contiguous(input), Contiguous::through_activation(gradient, output, activation));
        let (fine, coarse) = match direction {
            Direction::Down => (&input, &dz),
            Direction::Up => (&dz, &input),
        };
        let weight = Contiguous::filled(weight_shape(&convolution), |weight| {
            convolution.weight_gradient(fine.values(), coarse.values(), weight);
        });
        let [channels, rows, columns] = output_maps(&convolution, direction);
        let bias = Contiguous::filled([channels], |sums| channel_sums(dz.values(), rows * columns, sums));
        (weight, bias)
    }
}

fn convolve(
    maps: &[f32],
    weight: &[f32],
    epilogue: BiasActivation,
    convolution: Convolution,
    direction: Direction,
) -> FlexTensor {
    let shape: [usize; 2] = output_shape(&convolution, direction).dims();
    Contiguous::filled(shape, |output| match direction {
        Direction::Down => convolution.down(maps, weight, epilogue, output),
        Direction::Up => convolution.up(maps, weight, epilogue, output),
    })
}
