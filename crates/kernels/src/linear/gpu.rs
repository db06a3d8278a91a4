//! A dense layer on the GPU: one product forward, two back.

use burn::{backend::tensor::FloatTensor, tensor::Shape};
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{LinearOps, WeightLayout};
use crate::{
    Activation,
    gpu::{
        before, empty,
        product::{Buffers, Epilogue, Load, Operand, Output, Product},
        rows,
    },
};

impl LinearOps for CubeBackend {
    fn linear_activated(
        input: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        layout: WeightLayout,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let (input, weight, bias) = (rows(input), rows(weight), rows(bias));
        let ([samples, inputs], [_, outputs]) = (dims(&input), layout.sizes(dims(&weight)));
        let output = empty(&input, Shape::new([samples, outputs]));
        let product = Product {
            rows: samples,
            inner: inputs,
            columns: outputs,
            a: Operand::plain(Load::Lanes { inner: inputs }),
            b: Operand::plain(match layout {
                WeightLayout::InputsByOutputs => Load::Steps { lanes: outputs },
                WeightLayout::OutputsByInputs => Load::Lanes { inner: inputs },
            }),
            output: Output::Rows,
            epilogue: Epilogue::BiasOfColumn(activation),
            batch: 1,
        };
        product.launch(&Buffers { a: &input, b: &weight, output: &output, activated: None, vector: Some(&bias) });
        output
    }

    fn linear_input_gradient(
        gradient: CubeTensor,
        output: CubeTensor,
        weight: CubeTensor,
        layout: WeightLayout,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let (activated, weight) = (rows(output), rows(weight));
        let (gradient, activation) = before(gradient, &activated, activation);
        let ([samples, outputs], [inputs, _]) = (dims(&gradient), layout.sizes(dims(&weight)));
        let input = empty(&gradient, Shape::new([samples, inputs]));
        let a = Operand::before(activation, Load::Lanes { inner: outputs });
        let product = Product {
            rows: samples,
            inner: outputs,
            columns: inputs,
            a,
            b: Operand::plain(match layout {
                WeightLayout::InputsByOutputs => Load::Lanes { inner: outputs },
                WeightLayout::OutputsByInputs => Load::Steps { lanes: inputs },
            }),
            output: Output::Rows,
            epilogue: Epilogue::None,
            batch: 1,
        };
        let activated = a.gradient_of.map(|_| &activated);
        product.launch(&Buffers { a: &gradient, b: &weight, output: &input, activated, vector: None });
        input
    }

    fn linear_weight_gradient(
        input: CubeTensor,
        gradient: CubeTensor,
        output: CubeTensor,
        layout: WeightLayout,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (input, activated) = (rows(input), rows(output));
        let (gradient, activation) = before(gradient, &activated, activation);
        let ([samples, inputs], [_, outputs]) = (dims(&input), dims(&gradient));
        let shape = layout.shape([inputs, outputs]);
        let weight = empty(&gradient, Shape::new(shape));
        let bias = empty(&gradient, Shape::new([outputs]));
        let of_input = Operand::plain(Load::Steps { lanes: inputs });
        let of_gradient = Operand::before(activation, Load::Steps { lanes: outputs });
        let (a, b, epilogue) = match layout {
            WeightLayout::InputsByOutputs => ((of_input, &input), (of_gradient, &gradient), Epilogue::SumsOfColumns),
            WeightLayout::OutputsByInputs => ((of_gradient, &gradient), (of_input, &input), Epilogue::SumsOfRows),
        };
        let product = Product {
            rows: shape[0],
            inner: samples,
            columns: shape[1],
            a: a.0,
            b: b.0,
            output: Output::Rows,
            epilogue,
            batch: 1,
        };
        let activated = of_gradient.gradient_of.map(|_| &activated);
        product.launch(&Buffers { a: a.1, b: b.1, output: &weight, activated, vector: Some(&bias) });
        (weight, bias)
    }
}

fn dims(tensor: &CubeTensor) -> [usize; 2] {
    tensor.meta.shape().dims()
}
