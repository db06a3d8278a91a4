//! Against steps composed of Burn's own operations, on every device.

use burn::tensor::{Distribution, Tensor, activation};

use super::{Cell, recurrent};
use crate::tests::{assert_close, on_every_device};

/// Samples, steps, units: even and ragged, one step, one of everything, more units than a workgroup has threads or a
/// thread's reach.
const SHAPES: [[usize; 3]; 7] = [[33, 3, 70], [16, 5, 8], [7, 4, 5], [3, 1, 6], [1, 1, 1], [33, 3, 12], [2, 3, 300]];

fn composed(said: &Tensor<3>, weight: &Tensor<2>, bias: &Tensor<1>, cell: Cell) -> Tensor<3> {
    let [samples, steps, _] = said.dims();
    let [_, units] = weight.dims();
    let mut state: Tensor<2> = Tensor::zeros([samples, units], &said.device());
    let mut memory = state.clone();
    let mut states: Vec<Tensor<3>> = Vec::new();
    for step in 0..steps {
        let input: Tensor<2> = said.clone().narrow(1, step, 1).squeeze_dim(1);
        let remembered = state.clone().matmul(weight.clone().transpose()) + bias.clone().unsqueeze();
        let gate = |values: &Tensor<2>, index: usize| values.clone().narrow(1, index * units, units);
        let sum = |index| gate(&input, index) + gate(&remembered, index);
        state = match cell {
            Cell::Lstm => {
                let [write, forget, output] = [0, 1, 3].map(|index| activation::sigmoid(sum(index)));
                memory = forget * memory + write * sum(2).tanh();
                output * memory.clone().tanh()
            }
            Cell::Gru => {
                let [reset, renew] = [0, 1].map(|index| activation::sigmoid(sum(index)));
                let candidate = (gate(&input, 2) + reset * gate(&remembered, 2)).tanh();
                candidate.clone() + renew * (state - candidate)
            }
        };
        states.push(state.clone().unsqueeze_dim(1));
    }
    Tensor::cat(states, 1)
}

#[test]
fn value_and_gradients_are_those_of_the_composition() {
    on_every_device(|name, device| {
        let device = device.autodiff();
        for cell in [Cell::Lstm, Cell::Gru] {
            for [samples, steps, units] in SHAPES {
                let what = format!("{name} {cell:?} {samples}x{steps}x{units}");
                let width = cell.gates() * units;
                let uniform = Distribution::Uniform(-1.0, 1.0);
                let said = Tensor::<3>::random([samples, steps, width], uniform, &device).require_grad();
                let weight = Tensor::<2>::random([width, units], uniform, &device) * (2.0 / (units as f32).sqrt());
                let weight = weight.detach().require_grad();
                let bias = Tensor::<1>::random([width], uniform, &device).require_grad();
                let wanted_of = Tensor::<3>::random([samples, steps, units], uniform, &device);

                let ours = recurrent(said.clone(), weight.clone(), bias.clone(), cell);
                let burns = composed(&said, &weight, &bias, cell);
                assert_close(&ours, &burns, &what);
                let ours = (ours * wanted_of.clone()).sum().backward();
                let burns = (burns * wanted_of).sum().backward();
                assert_close(&said.grad(&ours).unwrap(), &said.grad(&burns).unwrap(), &format!("{what}, said"));
                assert_close(&weight.grad(&ours).unwrap(), &weight.grad(&burns).unwrap(), &format!("{what}, weight"));
                assert_close(&bias.grad(&ours).unwrap(), &bias.grad(&burns).unwrap(), &format!("{what}, bias"));
            }
        }
    });
}

#[test]
fn without_gradients_the_states_are_the_same() {
    on_every_device(|name, device| {
        let uniform = Distribution::Uniform(-1.0, 1.0);
        // Turned over, so that it lies otherwise than it is seen.
        let said = Tensor::<3>::random([4, 6, 20], uniform, &device).swap_dims(0, 1);
        let (weight, bias) = (Tensor::random([20, 5], uniform, &device), Tensor::random([20], uniform, &device));
        let ours = recurrent(said.clone(), weight.clone(), bias.clone(), Cell::Lstm);
        assert_close(&ours, &composed(&said, &weight, &bias, Cell::Lstm), name);
    });
}
