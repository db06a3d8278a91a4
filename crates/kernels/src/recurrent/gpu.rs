//! A recurrent layer on the GPU: one kernel through time forward, one back, and a product for the gradient of the
//! weight.

use burn::{backend::ops::FloatTensorOps, tensor::Shape};
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{
    Cell, RecurrentGradients, RecurrentOps,
    wgsl::{TimeLoop, backward, forward},
};
use crate::gpu::{
    Kernel, contiguous, empty, launch,
    matmul::{Buffers, Epilogue, Load, Matmul, Operand, RowMajor},
};

impl RecurrentOps for CubeBackend {
    fn recurrent(input_gates: CubeTensor, weight: CubeTensor, bias: CubeTensor, cell: Cell) -> CubeTensor {
        Self::recurrent_and_save(input_gates, weight, bias, cell).0
    }
}

impl RecurrentGradients for CubeBackend {
    fn recurrent_and_save(
        input_gates: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        cell: Cell,
    ) -> (CubeTensor, CubeTensor) {
        let [samples, steps, _] = input_gates.meta.shape().dims();
        let [_, units] = weight.meta.shape().dims();
        // Transposed, what neighbouring threads read of it is contiguous.
        let weight = contiguous(Self::float_transpose(weight));
        let (input_gates, bias) = (contiguous(input_gates), contiguous(bias));
        let states = empty(&input_gates, Shape::new([samples, steps, units]));
        let saved = empty(&input_gates, Shape::new([samples, steps, cell.saved() * units]));
        let time_loop = TimeLoop::forward(cell, [samples, steps, units]);
        let kernel = Kernel::new(("forward", time_loop), time_loop.workgroup(), |(_, time_loop)| forward(time_loop));
        launch(kernel, time_loop.workgroups(), &[&input_gates, &weight, &bias, &states, &saved]);
        (states, saved)
    }

    fn recurrent_gradients(
        gradient: CubeTensor,
        weight: CubeTensor,
        states: CubeTensor,
        saved: CubeTensor,
        cell: Cell,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let [samples, steps, units] = states.meta.shape().dims();
        let (gradient, weight) = (contiguous(gradient), contiguous(weight));
        let gates_shape = Shape::new([samples, steps, cell.gates() * units]);
        let input_gates = empty(&gradient, gates_shape.clone());
        let carried = empty(&gradient, Shape::new([samples, units]));
        let time_loop = TimeLoop::backward(cell, [samples, steps, units]);
        let kernel = Kernel::new(("backward", time_loop), time_loop.workgroup(), |(_, time_loop)| backward(time_loop));
        let mut buffers = vec![&gradient, &weight, &saved, &carried, &input_gates];
        // An LSTM adds the two parts of its gates, so their gradients are one.
        let hidden_gates = (cell == Cell::Gru).then(|| empty(&gradient, gates_shape));
        if let Some(hidden_gates) = &hidden_gates {
            buffers.extend([&states, hidden_gates]);
        }
        launch(kernel, time_loop.workgroups(), &buffers);
        let (weight, bias) = weight_gradient(hidden_gates.as_ref().unwrap_or(&input_gates), &states);
        (input_gates, weight, bias)
    }
}

/// Gradients of weight and bias, from that of the hidden state's part of the gates, [samples, steps, gates x units].
fn weight_gradient(hidden_gates: &CubeTensor, states: &CubeTensor) -> (CubeTensor, CubeTensor) {
    let [samples, steps, units] = states.meta.shape().dims();
    let [_, _, gates] = hidden_gates.meta.shape().dims();
    let weight = empty(states, Shape::new([gates, units]));
    let bias = empty(states, Shape::new([gates]));
    let matmul = Matmul {
        m: gates,
        k: samples * steps,
        n: units,
        lhs: Operand::plain(Load::Steps { lanes: gates }),
        rhs: Operand::plain(Load::PreviousSteps { lanes: units, sequence: steps }),
        output: RowMajor,
        epilogue: Epilogue::RowSums,
        batch: 1,
    };
    matmul.launch(&Buffers { lhs: hidden_gates, rhs: states, output: &weight, y: None, vector: Some(&bias) });
    (weight, bias)
}
