//! A recurrent layer on the CPU: a product and a pass over the units each step, both ways, and a product for the weight.

use burn_flex::{Flex, FlexTensor};

use super::{Cell, RecurrentOps};
use crate::cpu::{Finish, Flat, Heard, HeardGradient, Matrix, Strided, column_sums, product};

impl RecurrentOps for Flex {
    fn recurrent_states(
        said: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        cell: Cell,
    ) -> (FlexTensor, FlexTensor) {
        let [samples, steps, _] = said.layout().shape().dims();
        let (said, weight, bias) = (Flat::of(said), Strided::of(weight), Flat::of(bias));
        let layer = Layer { cell, sizes: [samples, steps, weight.matrix().shape()[1]] };
        let (states, kept) = layer.forward(said.values(), weight.matrix(), bias.values());
        let tensor = |values, kinds| Flat::from_values(layer.shape(kinds), values);
        (tensor(states, 1), tensor(kept, cell.kept()))
    }

    fn recurrent_gradients(
        gradient: FlexTensor,
        weight: FlexTensor,
        states: FlexTensor,
        kept: FlexTensor,
        cell: Cell,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let layer = Layer { cell, sizes: states.layout().shape().dims() };
        let [gradient, states, kept] = [gradient, states, kept].map(Flat::of);
        let weight = Strided::of(weight);
        let (said, remembered) = layer.backward(gradient.values(), weight.matrix(), states.values(), kept.values());
        let (weight, bias) = layer.weight_gradient(remembered, states.values());
        (Flat::from_values(layer.shape(cell.gates()), said), weight, bias)
    }
}

/// What is not a tensor.
#[derive(Clone, Copy)]
struct Layer {
    cell: Cell,
    /// Samples, steps and units.
    sizes: [usize; 3],
}

impl Layer {
    /// Of a tensor with so many `kinds` of numbers a unit, at each step.
    const fn shape(&self, kinds: usize) -> [usize; 3] {
        let [samples, steps, units] = self.sizes;
        [samples, steps, kinds * units]
    }

    fn zeros(&self, kinds: usize) -> Vec<f32> {
        vec![0.0; self.shape(kinds).iter().product()]
    }

    /// The numbers of such a tensor that belong to a step of a sample.
    const fn at(&self, sample: usize, step: usize, kinds: usize) -> std::ops::Range<usize> {
        let [_, steps, units] = self.sizes;
        let (row, width) = (sample * steps + step, kinds * units);
        row * width..(row + 1) * width
    }

    /// All samples' numbers of one step, [samples, kinds x units].
    fn step<'a>(&self, values: &'a [f32], step: usize, kinds: usize) -> Matrix<'a> {
        let [samples, steps, units] = self.sizes;
        let width = kinds * units;
        Matrix::strided(&values[step * width..], [samples, width], [steps * width, 1])
    }

    /// What a step reads of the one before, of `values` with the numbers of interest last in each step; zeros at first.
    fn before<'a>(&self, values: &'a [f32], sample: usize, step: usize, kinds: usize, zeros: &'a [f32]) -> &'a [f32] {
        let [_, _, units] = self.sizes;
        match step.checked_sub(1) {
            Some(before) => &values[self.at(sample, before, kinds)][(kinds - 1) * units..],
            None => zeros,
        }
    }

    /// States, and what is kept of each step.
    fn forward(&self, said: &[f32], weight: Matrix, bias: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let Self { cell, sizes: [samples, steps, units] } = *self;
        let (gates, keeps, zeros) = (cell.gates(), cell.kept(), vec![0.0; units]);
        let (mut states, mut kept) = (self.zeros(1), self.zeros(keeps));
        let mut remembered = bias.repeat(samples);
        for step in 0..steps {
            if step > 0 {
                let finish = Finish { bias, ..Finish::default() };
                product(self.step(&states, step - 1, 1), weight.transposed(), finish, &mut remembered);
            }
            for (sample, remembered) in remembered.chunks_exact(gates * units).enumerate() {
                let (earlier_states, states) = states.split_at_mut(self.at(sample, step, 1).start);
                let (earlier_kept, kept) = kept.split_at_mut(self.at(sample, step, keeps).start);
                let before = match cell {
                    Cell::Lstm => self.before(earlier_kept, sample, step, keeps, &zeros),
                    Cell::Gru => self.before(earlier_states, sample, step, 1, &zeros),
                };
                let heard = Heard { said: &said[self.at(sample, step, gates)], remembered, before };
                cell.advance(heard, &mut states[..units], &mut kept[..keeps * units]);
            }
        }
        (states, kept)
    }

    /// Gradients of what input and state said to the gates, at every step.
    fn backward(&self, gradient: &[f32], weight: Matrix, states: &[f32], kept: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let Self { cell, sizes: [samples, steps, units] } = *self;
        let (gates, keeps, zeros) = (cell.gates(), cell.kept(), vec![0.0; units]);
        let (mut said, mut remembered) = (self.zeros(gates), self.zeros(gates));
        let (mut through_weight, mut carried) = (vec![0.0; samples * units], vec![0.0; samples * units]);
        for step in (0..steps).rev() {
            if step + 1 < steps {
                product(self.step(&remembered, step + 1, gates), weight, Finish::default(), &mut through_weight);
            }
            let samples = through_weight.chunks_exact_mut(units).zip(carried.chunks_exact_mut(units));
            for (sample, (state, carried)) in samples.enumerate() {
                for (sum, value) in state.iter_mut().zip(&gradient[self.at(sample, step, 1)]) {
                    *sum += value;
                }
                let before = match cell {
                    Cell::Lstm => self.before(kept, sample, step, keeps, &zeros),
                    Cell::Gru => self.before(states, sample, step, 1, &zeros),
                };
                if cell == Cell::Gru {
                    state.iter_mut().zip(&*carried).for_each(|(sum, value)| *sum += value);
                }
                let at = self.at(sample, step, gates);
                let mut heard =
                    HeardGradient { said: &mut said[at.clone()], remembered: &mut remembered[at], before: carried };
                cell.go_back(state, before, &kept[self.at(sample, step, keeps)], &mut heard);
            }
        }
        (said, remembered)
    }

    /// Gradients of weight and bias from that of what the state said.
    fn weight_gradient(&self, mut remembered: Vec<f32>, states: &[f32]) -> (FlexTensor, FlexTensor) {
        let Self { cell, sizes: [samples, steps, units] } = *self;
        let width = cell.gates() * units;
        let bias = Flat::filled([width], |sums| column_sums(&remembered, sums));
        // A first step heard no state. The rest heard that of the row before, so both are read as one run of rows.
        for sample in 0..samples {
            remembered[self.at(sample, 0, cell.gates())].fill(0.0);
        }
        let rows = (samples * steps).saturating_sub(1);
        let gradient = Matrix::new(&remembered[width..], [rows, width]).transposed();
        let states = Matrix::new(&states[..rows * units], [rows, units]);
        let weight = Flat::filled([width, units], |weight| product(gradient, states, Finish::default(), weight));
        (weight, bias)
    }
}
