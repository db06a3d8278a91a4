//! A recurrent layer on the GPU: one kernel through time each way, and a product for the weight.

use burn::{backend::ops::FloatTensorOps, tensor::Shape};
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{
    Cell, RecurrentOps,
    text::{Sweep, backward, forward},
};
use crate::gpu::{
    Kernel, empty, launch,
    product::{Buffers, Epilogue, Load, Operand, Output, Product},
    rows,
};

impl RecurrentOps for CubeBackend {
    fn recurrent_states(
        said: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        cell: Cell,
    ) -> (CubeTensor, CubeTensor) {
        let [samples, steps, _] = said.meta.shape().dims();
        let [_, units] = weight.meta.shape().dims();
        // Turned over, what neighbouring threads read of it lies together.
        let (said, weight, bias) = (rows(said), rows(Self::float_transpose(weight)), rows(bias));
        let states = empty(&said, Shape::new([samples, steps, units]));
        let kept = empty(&said, Shape::new([samples, steps, cell.kept() * units]));
        let sweep = Sweep::forward(cell, [samples, steps, units]);
        let kernel = Kernel::new(("forward", sweep), sweep.workgroup(), |(_, sweep)| forward(sweep));
        launch(kernel, sweep.workgroups(), &[&said, &weight, &bias, &states, &kept]);
        (states, kept)
    }

    fn recurrent_gradients(
        gradient: CubeTensor,
        weight: CubeTensor,
        states: CubeTensor,
        kept: CubeTensor,
        cell: Cell,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let [samples, steps, units] = states.meta.shape().dims();
        let (gradient, weight) = (rows(gradient), rows(weight));
        let of_gates = Shape::new([samples, steps, cell.gates() * units]);
        let said = empty(&gradient, of_gates.clone());
        let carried = empty(&gradient, Shape::new([samples, units]));
        let sweep = Sweep::backward(cell, [samples, steps, units]);
        let kernel = Kernel::new(("backward", sweep), sweep.workgroup(), |(_, sweep)| backward(sweep));
        let mut buffers = vec![&gradient, &weight, &kept, &carried, &said];
        // What the state says to an LSTM is added to what the input says, so their gradients are one.
        let remembered = (cell == Cell::Gru).then(|| empty(&gradient, of_gates));
        if let Some(remembered) = &remembered {
            buffers.extend([&states, remembered]);
        }
        launch(kernel, sweep.workgroups(), &buffers);
        let (weight, bias) = weight_gradient(remembered.as_ref().unwrap_or(&said), &states);
        (said, weight, bias)
    }
}

/// Gradients of weight and bias from that of what the state says, [samples, steps, gates x units].
fn weight_gradient(remembered: &CubeTensor, states: &CubeTensor) -> (CubeTensor, CubeTensor) {
    let [samples, steps, units] = states.meta.shape().dims();
    let [_, _, gates] = remembered.meta.shape().dims();
    let weight = empty(states, Shape::new([gates, units]));
    let bias = empty(states, Shape::new([gates]));
    let product = Product {
        rows: gates,
        inner: samples * steps,
        columns: units,
        a: Operand::plain(Load::Steps { lanes: gates }),
        b: Operand::plain(Load::StepsBefore { lanes: units, sequence: steps }),
        output: Output::Rows,
        epilogue: Epilogue::SumsOfRows,
        batch: 1,
    };
    product.launch(&Buffers { a: remembered, b: states, output: &weight, activated: None, vector: Some(&bias) });
    (weight, bias)
}
