//! A step of a recurrent cell on the CPU, all units of a sample at once. The equations are in the layer's head,
//! [`recurrent`](crate::recurrent).

use pinhole_numerics::lanes::{LANES, load, store};
use wide::f32x8;

use crate::{cpu::tanh, recurrent::Cell};

/// The inputs of a step of one sample. A slice with several numbers per unit has those of one gate together.
#[derive(Clone, Copy)]
pub(super) struct StepInput<'a> {
    /// The input's part of the gates.
    pub input_gates: &'a [f32],
    /// The hidden state's part of the gates.
    pub hidden_gates: &'a [f32],
    /// From the step before: the LSTM's cell state c, or the GRU's hidden state h.
    pub previous: &'a [f32],
}

/// Gradients of the inputs of a step of one sample.
pub(super) struct StepGradient<'a> {
    /// Gradient of the input's part of the gates.
    pub input_gates: &'a mut [f32],
    /// Gradient of the hidden state's part of the gates.
    pub hidden_gates: &'a mut [f32],
    /// Gradient of `previous`, except through the gates.
    pub previous: &'a mut [f32],
}

impl Cell {
    /// Writes the hidden state h after a step, and what is `saved` of it for the backward pass.
    pub(super) fn forward(self, input: StepInput, state: &mut [f32], saved: &mut [f32]) {
        let units = state.len();
        for first in (0..units).step_by(LANES) {
            let lanes_of = |values: &[f32], kind| load(&values[kind * units + first..][..units - first]);
            let input_part = |gate| lanes_of(input.input_gates, gate);
            let hidden_part = |gate| lanes_of(input.hidden_gates, gate);
            let previous = lanes_of(input.previous, 0);
            let mut save = |kinds: &[f32x8]| {
                for (kind, &lanes) in kinds.iter().enumerate() {
                    store(lanes, &mut saved[kind * units + first..][..units - first]);
                }
            };
            let next = match self {
                Self::Lstm => {
                    // Input gate i, forget gate f, cell gate g, output gate o.
                    let [i, f, o] = [0, 1, 3].map(|gate| sigmoid(input_part(gate) + hidden_part(gate)));
                    let g = tanh(input_part(2) + hidden_part(2));
                    let cell = i * g + f * previous;
                    save(&[i, f, g, o, cell]);
                    o * tanh(cell)
                }
                Self::Gru => {
                    // Reset gate r, update gate z, new gate n.
                    let [r, z] = [0, 1].map(|gate| sigmoid(input_part(gate) + hidden_part(gate)));
                    let hn = hidden_part(2);
                    let n = tanh(input_part(2) + r * hn);
                    save(&[r, z, n, hn]);
                    n + z * (previous - n)
                }
            };
            store(next, &mut state[first..]);
        }
    }

    /// Writes the gradients of a step's inputs, from the gradient `dh` of its hidden state. On entry
    /// `gradient.previous` has what the step after it wrote there: dc of the LSTM, while dh of the GRU includes it
    /// already.
    pub(super) fn backward(self, dh: &[f32], previous: &[f32], saved: &[f32], gradient: &mut StepGradient) {
        let units = dh.len();
        for first in (0..units).step_by(LANES) {
            let lanes_of = |values: &[f32], kind| load(&values[kind * units + first..][..units - first]);
            let (saved, dh, previous) = (|kind| lanes_of(saved, kind), lanes_of(dh, 0), lanes_of(previous, 0));
            let write = |kinds: &[f32x8], values: &mut [f32]| {
                for (kind, &lanes) in kinds.iter().enumerate() {
                    store(lanes, &mut values[kind * units + first..][..units - first]);
                }
            };
            let previous_gradient = match self {
                Self::Lstm => {
                    let [i, f, g, o, cell] = [0, 1, 2, 3, 4].map(saved);
                    let tanh_c = tanh(cell);
                    let dc = lanes_of(gradient.previous, 0) + dh * o * (f32x8::ONE - tanh_c * tanh_c);
                    let gates = [
                        dc * g * sigmoid_derivative(i),
                        dc * previous * sigmoid_derivative(f),
                        dc * i * (f32x8::ONE - g * g),
                        dh * tanh_c * sigmoid_derivative(o),
                    ];
                    write(&gates, gradient.input_gates);
                    write(&gates, gradient.hidden_gates);
                    dc * f
                }
                Self::Gru => {
                    let [r, z, n, hn] = [0, 1, 2, 3].map(saved);
                    let dn = dh * (f32x8::ONE - z) * (f32x8::ONE - n * n);
                    let dr = dn * hn * sigmoid_derivative(r);
                    let dz = dh * (previous - n) * sigmoid_derivative(z);
                    write(&[dr, dz, dn], gradient.input_gates);
                    write(&[dr, dz, dn * r], gradient.hidden_gates);
                    dh * z
                }
            };
            store(previous_gradient, &mut gradient.previous[first..]);
        }
    }
}

/// The logistic function, `(1 + tanh(z / 2)) / 2`. Near 0 it is not as exact as an activation's, which matters to no
/// gate, and twice as fast.
#[inline]
fn sigmoid(z: f32x8) -> f32x8 {
    let half = f32x8::splat(0.5);
    half + half * tanh(half * z)
}

/// The derivative of the logistic function where it has the value `y`.
#[inline]
fn sigmoid_derivative(y: f32x8) -> f32x8 {
    y * (f32x8::ONE - y)
}
