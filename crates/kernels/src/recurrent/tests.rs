//! The recurrent layer against steps composed of Burn's own operations, on every device.

use burn::tensor::{Tensor, activation};

use super::{Cell, recurrent};
use crate::tests::{assert_close, uniform, with_every_tile};

/// Samples, steps, units: even and ragged, one step, one of everything, more units than a thread or a workgroup
/// computes at once.
const SHAPES: [[usize; 3]; 7] = [[33, 3, 70], [16, 5, 8], [7, 4, 5], [3, 1, 6], [1, 1, 1], [33, 3, 12], [2, 3, 300]];

/// The hidden states, composed of Burn's operations.
fn composed(input_gates: &Tensor<3>, weight: &Tensor<2>, bias: &Tensor<1>, cell: Cell) -> Tensor<3> {
    let [samples, steps, _] = input_gates.dims();
    let [_, units] = weight.dims();
    let mut state: Tensor<2> = Tensor::zeros([samples, units], &input_gates.device());
    let mut cell_state = state.clone();
    let mut states: Vec<Tensor<3>> = Vec::new();
    for step in 0..steps {
        let input: Tensor<2> = input_gates.clone().narrow(1, step, 1).squeeze_dim(1);
        let hidden_gates = state.clone().matmul(weight.clone().transpose()) + bias.clone().unsqueeze();
        let gate = |values: &Tensor<2>, index: usize| values.clone().narrow(1, index * units, units);
        let sum = |index| gate(&input, index) + gate(&hidden_gates, index);
        state = match cell {
            Cell::Lstm => {
                let [i, f, o] = [0, 1, 3].map(|index| activation::sigmoid(sum(index)));
                cell_state = f * cell_state + i * sum(2).tanh();
                o * cell_state.clone().tanh()
            }
            Cell::Gru => {
                let [r, z] = [0, 1].map(|index| activation::sigmoid(sum(index)));
                let n = (gate(&input, 2) + r * gate(&hidden_gates, 2)).tanh();
                n.clone() + z * (state - n)
            }
        };
        states.push(state.clone().unsqueeze_dim(1));
    }
    Tensor::cat(states, 1)
}

#[test]
fn value_and_gradients_agree_with_burn() {
    with_every_tile(|name, device| {
        let device = device.autodiff();
        for cell in [Cell::Lstm, Cell::Gru] {
            for [samples, steps, units] in SHAPES {
                let case = format!("{name} {cell:?} {samples}x{steps}x{units}");
                let width = cell.gates() * units;
                let input_gates = uniform([samples, steps, width], -1.0..1.0, &device).require_grad();
                let weight = uniform([width, units], -1.0..1.0, &device) * (2.0 / (units as f32).sqrt());
                let weight = weight.detach().require_grad();
                let bias = uniform([width], -1.0..1.0, &device).require_grad();
                let output_gradient = uniform([samples, steps, units], -1.0..1.0, &device);

                let ours = recurrent(input_gates.clone(), weight.clone(), bias.clone(), cell);
                let expected = composed(&input_gates, &weight, &bias, cell);
                assert_close(&ours, &expected, &case);
                let ours = (ours * output_gradient.clone()).sum().backward();
                let expected = (expected * output_gradient).sum().backward();
                assert_close(
                    &input_gates.grad(&ours).unwrap(),
                    &input_gates.grad(&expected).unwrap(),
                    &format!("{case}, input gates"),
                );
                assert_close(
                    &weight.grad(&ours).unwrap(),
                    &weight.grad(&expected).unwrap(),
                    &format!("{case}, weight"),
                );
                assert_close(&bias.grad(&ours).unwrap(), &bias.grad(&expected).unwrap(), &format!("{case}, bias"));
            }
        }
    });
}

#[test]
fn states_without_autodiff_are_the_same() {
    with_every_tile(|name, device| {
        // Transposed, so that it is not contiguous.
        let input_gates = uniform([4, 6, 20], -1.0..1.0, &device).swap_dims(0, 1);
        let (weight, bias) = (uniform([20, 5], -1.0..1.0, &device), uniform([20], -1.0..1.0, &device));
        let ours = recurrent(input_gates.clone(), weight.clone(), bias.clone(), Cell::Lstm);
        assert_close(&ours, &composed(&input_gates, &weight, &bias, Cell::Lstm), name);
    });
}
