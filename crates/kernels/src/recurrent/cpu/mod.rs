//! A recurrent layer on the CPU: a product and a pass over the units per step, forward and backward, and a product for
//! the gradient of the weight.

mod cell;

use std::ops::Range;

use burn_flex::{Flex, FlexTensor};
use pinhole_numerics::matmul::Matrix;

use self::cell::{StepGradient, StepInput};
use super::{Cell, RecurrentGradients, RecurrentOps};
use crate::cpu::{BiasActivation, Contiguous, Strided, column_sums, contiguous, matmul};

impl RecurrentOps for Flex {
    fn recurrent(input_gates: FlexTensor, weight: FlexTensor, bias: FlexTensor, cell: Cell) -> FlexTensor {
        Self::recurrent_and_save(input_gates, weight, bias, cell).0
    }
}

impl RecurrentGradients for Flex {
    fn recurrent_and_save(
        input_gates: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        cell: Cell,
    ) -> (FlexTensor, FlexTensor) {
        let [samples, steps, _] = input_gates.layout().shape().dims();
        let (input_gates, weight, bias) = (contiguous(input_gates), Strided::new(weight), contiguous(bias));
        let layer = Layer { cell, sizes: [samples, steps, weight.matrix().shape()[1]] };
        let (states, saved) = layer.forward(input_gates.values(), weight.matrix(), bias.values());
        let tensor = |values, kinds| Contiguous::from_values(layer.shape(kinds), values);
        (tensor(states, 1), tensor(saved, cell.saved()))
    }

    fn recurrent_gradients(
        gradient: FlexTensor,
        weight: FlexTensor,
        states: FlexTensor,
        saved: FlexTensor,
        cell: Cell,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let layer = Layer { cell, sizes: states.layout().shape().dims() };
        let [gradient, states, saved] = [gradient, states, saved].map(contiguous);
        let weight = Strided::new(weight);
        let (input_gates, hidden_gates) =
            layer.backward(gradient.values(), weight.matrix(), states.values(), saved.values());
        let (weight, bias) = layer.weight_gradient(hidden_gates, states.values());
        (Contiguous::from_values(layer.shape(cell.gates()), input_gates), weight, bias)
    }
}

/// The attributes of a recurrent layer. Its tensors are [samples, steps, kinds x units], with some kinds of numbers per
/// unit: 1 in the hidden states, the gates, or what is saved.
#[derive(Clone, Copy)]
struct Layer {
    cell: Cell,
    /// Samples, steps and units.
    sizes: [usize; 3],
}

impl Layer {
    const fn shape(&self, kinds: usize) -> [usize; 3] {
        let [samples, steps, units] = self.sizes;
        [samples, steps, kinds * units]
    }

    fn zeros(&self, kinds: usize) -> Vec<f32> {
        vec![0.0; self.shape(kinds).iter().product()]
    }

    /// Range of a step of a sample.
    const fn range(&self, sample: usize, step: usize, kinds: usize) -> Range<usize> {
        let [_, steps, units] = self.sizes;
        let (row, width) = (sample * steps + step, kinds * units);
        row * width..(row + 1) * width
    }

    /// One step of all samples, [samples, kinds x units].
    fn step<'a>(&self, values: &'a [f32], step: usize, kinds: usize) -> Matrix<'a> {
        let [samples, steps, units] = self.sizes;
        let width = kinds * units;
        Matrix::strided(&values[step * width..], [samples, width], [steps * width, 1])
    }

    /// The last kind of the step before, or zeros at the first step.
    fn previous<'a>(&self, values: &'a [f32], sample: usize, step: usize, kinds: usize, zeros: &'a [f32]) -> &'a [f32] {
        let [_, _, units] = self.sizes;
        match step.checked_sub(1) {
            Some(previous) => &values[self.range(sample, previous, kinds)][(kinds - 1) * units..],
            None => zeros,
        }
    }

    /// The hidden states, and what is saved of every step.
    fn forward(&self, input_gates: &[f32], weight: Matrix, bias: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let Self { cell, sizes: [samples, steps, units] } = *self;
        let (gates, saved_kinds, zeros) = (cell.gates(), cell.saved(), vec![0.0; units]);
        let (mut states, mut saved) = (self.zeros(1), self.zeros(saved_kinds));
        let mut hidden_gates = bias.repeat(samples);
        for step in 0..steps {
            if step > 0 {
                let epilogue = BiasActivation { bias, ..BiasActivation::default() };
                matmul(self.step(&states, step - 1, 1), weight.transposed(), epilogue, &mut hidden_gates);
            }
            for (sample, hidden_gates) in hidden_gates.chunks_exact(gates * units).enumerate() {
                let (earlier_states, states) = states.split_at_mut(self.range(sample, step, 1).start);
                let (earlier_saved, saved) = saved.split_at_mut(self.range(sample, step, saved_kinds).start);
                let previous = match cell {
                    Cell::Lstm => self.previous(earlier_saved, sample, step, saved_kinds, &zeros),
                    Cell::Gru => self.previous(earlier_states, sample, step, 1, &zeros),
                };
                let input_gates = &input_gates[self.range(sample, step, gates)];
                let input = StepInput { input_gates, hidden_gates, previous };
                cell.forward(input, &mut states[..units], &mut saved[..saved_kinds * units]);
            }
        }
        (states, saved)
    }

    /// Gradients of the input's and of the hidden state's part of the gates, at every step.
    fn backward(&self, gradient: &[f32], weight: Matrix, states: &[f32], saved: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let Self { cell, sizes: [samples, steps, units] } = *self;
        let (gates, saved_kinds, zeros) = (cell.gates(), cell.saved(), vec![0.0; units]);
        let (mut input_gates, mut hidden_gates) = (self.zeros(gates), self.zeros(gates));
        let (mut dh, mut carried) = (vec![0.0; samples * units], vec![0.0; samples * units]);
        for step in (0..steps).rev() {
            if step + 1 < steps {
                matmul(self.step(&hidden_gates, step + 1, gates), weight, BiasActivation::default(), &mut dh);
            }
            let samples = dh.chunks_exact_mut(units).zip(carried.chunks_exact_mut(units));
            for (sample, (dh, carried)) in samples.enumerate() {
                for (sum, value) in dh.iter_mut().zip(&gradient[self.range(sample, step, 1)]) {
                    *sum += value;
                }
                let previous = match cell {
                    Cell::Lstm => self.previous(saved, sample, step, saved_kinds, &zeros),
                    Cell::Gru => self.previous(states, sample, step, 1, &zeros),
                };
                if cell == Cell::Gru {
                    dh.iter_mut().zip(&*carried).for_each(|(sum, value)| *sum += value);
                }
                let range = self.range(sample, step, gates);
                let mut step_gradient = StepGradient {
                    input_gates: &mut input_gates[range.clone()],
                    hidden_gates: &mut hidden_gates[range],
                    previous: carried,
                };
                cell.backward(dh, previous, &saved[self.range(sample, step, saved_kinds)], &mut step_gradient);
            }
        }
        (input_gates, hidden_gates)
    }

    /// Gradients of weight and bias, from that of the hidden state's part of the gates.
    fn weight_gradient(&self, mut hidden_gates: Vec<f32>, states: &[f32]) -> (FlexTensor, FlexTensor) {
        let Self { cell, sizes: [samples, steps, units] } = *self;
        let width = cell.gates() * units;
        let bias = Contiguous::filled([width], |sums| column_sums(&hidden_gates, sums));
        // A first step had a state of zeros. The others had that of the row before, so both are read as one run of
        // rows.
        for sample in 0..samples {
            hidden_gates[self.range(sample, 0, cell.gates())].fill(0.0);
        }
        let rows = (samples * steps).saturating_sub(1);
        let gradient = Matrix::new(&hidden_gates[width..], [rows, width]).transposed();
        let states = Matrix::new(&states[..rows * units], [rows, units]);
        let weight = Contiguous::filled([width, units], |weight| {
            matmul(gradient, states, BiasActivation::default(), weight);
        });
        (weight, bias)
    }
}
