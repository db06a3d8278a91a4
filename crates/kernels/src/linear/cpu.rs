//! A dense layer on the CPU: one product forward, two back.

use burn_flex::{Flex, FlexTensor};

use super::{LinearOps, WeightLayout};
use crate::{
    Activation,
    cpu::{Finish, Flat, Matrix, Strided, column_sums, product},
};

impl LinearOps for Flex {
    fn linear_activated(
        input: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        layout: WeightLayout,
        activation: Activation,
    ) -> FlexTensor {
        let (input, weight, bias) = (Strided::of(input), Strided::of(weight), Flat::of(bias));
        let (input, weight) = (input.matrix(), by_outputs(weight.matrix(), layout));
        let finish = Finish { bias: bias.values(), activation };
        Flat::filled([input.shape()[0], weight.shape()[1]], |output| product(input, weight, finish, output))
    }

    fn linear_input_gradient(
        gradient: FlexTensor,
        output: FlexTensor,
        weight: FlexTensor,
        layout: WeightLayout,
        activation: Activation,
    ) -> FlexTensor {
        let (gradient, weight) = (Flat::before(gradient, output, activation), Strided::of(weight));
        let (gradient, weight) = (gradient.matrix(), by_outputs(weight.matrix(), layout).transposed());
        let shape = [gradient.shape()[0], weight.shape()[1]];
        Flat::filled(shape, |input| product(gradient, weight, Finish::default(), input))
    }

    fn linear_weight_gradient(
        input: FlexTensor,
        gradient: FlexTensor,
        output: FlexTensor,
        layout: WeightLayout,
        activation: Activation,
    ) -> (FlexTensor, FlexTensor) {
        let (input, gradient) = (Strided::of(input), Flat::before(gradient, output, activation));
        let outputs = gradient.matrix().shape()[1];
        let (left, right) = match layout {
            WeightLayout::InputsByOutputs => (input.matrix(), gradient.matrix()),
            WeightLayout::OutputsByInputs => (gradient.matrix(), input.matrix()),
        };
        let left = left.transposed();
        let weight = Flat::filled([left.shape()[0], right.shape()[1]], |weight| {
            product(left, right, Finish::default(), weight);
        });
        (weight, Flat::filled([outputs], |sums| column_sums(gradient.values(), sums)))
    }
}

/// The weight as [inputs, outputs].
const fn by_outputs(weight: Matrix, layout: WeightLayout) -> Matrix {
    match layout {
        WeightLayout::InputsByOutputs => weight,
        WeightLayout::OutputsByInputs => weight.transposed(),
    }
}
