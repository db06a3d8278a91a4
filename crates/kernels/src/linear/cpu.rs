//! A dense layer on the CPU: one product forward, two back.

use burn_flex::{Flex, FlexTensor};
use pinhole_numerics::matmul::Matrix;

use super::{LinearGradients, LinearOps, WeightLayout};
use crate::{
    Activation,
    cpu::{BiasActivation, Contiguous, Strided, column_sums, contiguous, matmul},
};

impl LinearOps for Flex {
    fn linear_activated(
        input: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        layout: WeightLayout,
        activation: Activation,
    ) -> FlexTensor {
        let (input, weight, bias) = (Strided::new(input), Strided::new(weight), contiguous(bias));
        let (input, weight) = (input.matrix(), inputs_by_outputs(weight.matrix(), layout));
        let epilogue = BiasActivation { bias: bias.values(), activation };
        Contiguous::filled([input.shape()[0], weight.shape()[1]], |output| matmul(input, weight, epilogue, output))
    }
}

impl LinearGradients for Flex {
    fn linear_input_gradient(
        gradient: FlexTensor,
        output: FlexTensor,
        weight: FlexTensor,
        layout: WeightLayout,
        activation: Activation,
    ) -> FlexTensor {
        let (dz, weight) = (Contiguous::through_activation(gradient, output, activation), Strided::new(weight));
        let (dz, weight) = (dz.matrix(), inputs_by_outputs(weight.matrix(), layout).transposed());
        let shape = [dz.shape()[0], weight.shape()[1]];
        Contiguous::filled(shape, |input| matmul(dz, weight, BiasActivation::default(), input))
    }

    fn linear_weight_gradient(
        input: FlexTensor,
        gradient: FlexTensor,
        output: FlexTensor,
        layout: WeightLayout,
        activation: Activation,
    ) -> (FlexTensor, FlexTensor) {
        let (input, dz) = (Strided::new(input), Contiguous::through_activation(gradient, output, activation));
        let outputs = dz.matrix().shape()[1];
        let (lhs, rhs) = match layout {
            WeightLayout::InputsByOutputs => (input.matrix(), dz.matrix()),
            WeightLayout::OutputsByInputs => (dz.matrix(), input.matrix()),
        };
        let lhs = lhs.transposed();
        let weight = Contiguous::filled([lhs.shape()[0], rhs.shape()[1]], |weight| {
            matmul(lhs, rhs, BiasActivation::default(), weight);
        });
        (weight, Contiguous::filled([outputs], |sums| column_sums(dz.values(), sums)))
    }
}

/// The weight as [inputs, outputs].
const fn inputs_by_outputs(weight: Matrix, layout: WeightLayout) -> Matrix {
    match layout {
        WeightLayout::InputsByOutputs => weight,
        WeightLayout::OutputsByInputs => weight.transposed(),
    }
}
