//! A dense layer on the GPU: one product forward, two back.

use burn::{backend::tensor::FloatTensor, tensor::Shape};
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{LinearGradients, LinearOps, WeightLayout};
use crate::{
    Activation,
    gpu::{
        contiguous, empty,
        matmul::{Buffers, Epilogue, Load, Matmul, Operand, RowMajor},
        through_activation,
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
        let (input, weight, bias) = (contiguous(input), contiguous(weight), contiguous(bias));
        let ([samples, inputs], [_, outputs]) = (dims(&input), layout.sizes(dims(&weight)));
        let output = empty(&input, Shape::new([samples, outputs]));
        let matmul = Matmul {
            m: samples,
            k: inputs,
            n: outputs,
            lhs: Operand::plain(Load::Lanes { k: inputs }),
            rhs: Operand::plain(match layout {
                WeightLayout::InputsByOutputs => Load::Steps { lanes: outputs },
                WeightLayout::OutputsByInputs => Load::Lanes { k: inputs },
            }),
            output: RowMajor,
            epilogue: Epilogue::ColumnBias(activation),
            batch: 1,
        };
        matmul.launch(&Buffers { lhs: &input, rhs: &weight, output: &output, y: None, vector: Some(&bias) });
        output
    }
}

impl LinearGradients for CubeBackend {
    fn linear_input_gradient(
        gradient: CubeTensor,
        output: CubeTensor,
        weight: CubeTensor,
        layout: WeightLayout,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let (y, weight) = (contiguous(output), contiguous(weight));
        let (gradient, activation) = through_activation(gradient, &y, activation);
        let ([samples, outputs], [inputs, _]) = (dims(&gradient), layout.sizes(dims(&weight)));
        let input = empty(&gradient, Shape::new([samples, inputs]));
        let lhs = Operand::through_activation(activation, Load::Lanes { k: outputs });
        let matmul = Matmul {
            m: samples,
            k: outputs,
            n: inputs,
            lhs,
            rhs: Operand::plain(match layout {
                WeightLayout::InputsByOutputs => Load::Lanes { k: outputs },
                WeightLayout::OutputsByInputs => Load::Steps { lanes: inputs },
            }),
            output: RowMajor,
            epilogue: Epilogue::None,
            batch: 1,
        };
        let y = lhs.gradient_of.map(|_| &y);
        matmul.launch(&Buffers { lhs: &gradient, rhs: &weight, output: &input, y, vector: None });
        input
    }

    fn linear_weight_gradient(
        input: CubeTensor,
        gradient: CubeTensor,
        output: CubeTensor,
        layout: WeightLayout,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (input, y) = (contiguous(input), contiguous(output));
        let (gradient, activation) = through_activation(gradient, &y, activation);
        let ([samples, inputs], [_, outputs]) = (dims(&input), dims(&gradient));
        let shape = layout.shape([inputs, outputs]);
        let weight = empty(&gradient, Shape::new(shape));
        let bias = empty(&gradient, Shape::new([outputs]));
        let input_operand = Operand::plain(Load::Steps { lanes: inputs });
        let gradient_operand = Operand::through_activation(activation, Load::Steps { lanes: outputs });
        let (lhs, rhs, epilogue) = match layout {
            WeightLayout::InputsByOutputs => {
                ((input_operand, &input), (gradient_operand, &gradient), Epilogue::ColumnSums)
            }
            WeightLayout::OutputsByInputs => {
                ((gradient_operand, &gradient), (input_operand, &input), Epilogue::RowSums)
            }
        };
        let matmul = Matmul {
            m: shape[0],
            k: samples,
            n: shape[1],
            lhs: lhs.0,
            rhs: rhs.0,
            output: RowMajor,
            epilogue,
            batch: 1,
        };
        let y = gradient_operand.gradient_of.map(|_| &y);
        matmul.launch(&Buffers { lhs: lhs.1, rhs: rhs.1, output: &weight, y, vector: Some(&bias) });
        (weight, bias)
    }
}

fn dims(tensor: &CubeTensor) -> [usize; 2] {
    tensor.meta.shape().dims()
}
