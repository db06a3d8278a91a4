//! A convolution on the CPU.

use burn_flex::{Flex, FlexTensor};

use super::{Convolution, ConvolutionOps, Direction, result_maps, result_shape, weight_shape};
use crate::{
    Activation,
    cpu::{Finish, Flat, channel_sums},
};

impl ConvolutionOps for Flex {
    fn convolved(
        input: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FlexTensor {
        let (input, weight, bias) = (Flat::of(input), Flat::of(weight), Flat::of(bias));
        let finish = Finish { bias: bias.values(), activation };
        gather(input.values(), weight.values(), finish, convolution, direction)
    }

    fn convolution_input_gradient(
        gradient: FlexTensor,
        output: FlexTensor,
        weight: FlexTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FlexTensor {
        let (gradient, weight) = (Flat::before(gradient, output, activation), Flat::of(weight));
        gather(gradient.values(), weight.values(), Finish::default(), convolution, direction.reversed())
    }

    fn convolution_weight_gradient(
        input: FlexTensor,
        gradient: FlexTensor,
        output: FlexTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> (FlexTensor, FlexTensor) {
        let (input, gradient) = (Flat::of(input), Flat::before(gradient, output, activation));
        let (fine, coarse) = match direction {
            Direction::Down => (&input, &gradient),
            Direction::Up => (&gradient, &input),
        };
        let weight = Flat::filled(weight_shape(&convolution), |weight| {
            convolution.weight_gradient(fine.values(), coarse.values(), weight);
        });
        let [channels, rows, columns] = result_maps(&convolution, direction);
        let bias = Flat::filled([channels], |sums| channel_sums(gradient.values(), rows * columns, sums));
        (weight, bias)
    }
}

fn gather(maps: &[f32], weight: &[f32], finish: Finish, convolution: Convolution, direction: Direction) -> FlexTensor {
    let shape: [usize; 2] = result_shape(&convolution, direction).dims();
    Flat::filled(shape, |result| match direction {
        Direction::Down => convolution.down(maps, weight, finish, result),
        Direction::Up => convolution.up(maps, weight, finish, result),
    })
}
