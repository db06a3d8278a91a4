//! A step of recurrent units, each sample's all at once.

use wide::f32x8;

use super::activation::tanh;
use super::lanes::{load, store};
use super::tile::WIDE;
use crate::recurrent::Cell;

/// What a sample's units read as they go a step. Of every slice with several numbers a unit, those of a kind lie together.
#[derive(Clone, Copy)]
pub struct Heard<'a> {
    /// What the input says to the gates.
    pub said: &'a [f32],
    /// What the state says to them.
    pub remembered: &'a [f32],
    /// What the step before left: the LSTM's cell, or the GRU's state.
    pub before: &'a [f32],
}

/// Gradients of what a sample's units read.
pub struct HeardGradient<'a> {
    /// Of what the input said to the gates.
    pub said: &'a mut [f32],
    /// Of what the state said to them.
    pub remembered: &'a mut [f32],
    /// Of what the step before left, as far as it comes not through the gates.
    pub before: &'a mut [f32],
}

impl Cell {
    /// A step: the `state` after it, and what is `kept` of it for the way back.
    pub fn advance(self, heard: Heard, state: &mut [f32], kept: &mut [f32]) {
        let units = state.len();
        for first in (0..units).step_by(WIDE) {
            let of = |values: &[f32], kind| load(&values[kind * units + first..][..units - first]);
            let mut keep = |lanes, kind| store(lanes, &mut kept[kind * units + first..][..units - first]);
            let (said, remembered) = (|gate| of(heard.said, gate), |gate| of(heard.remembered, gate));
            let before = of(heard.before, 0);
            let after = match self {
                Self::Lstm => {
                    let [write, forget, output] = [0, 1, 3].map(|gate| sigmoid(said(gate) + remembered(gate)));
                    let candidate = tanh(said(2) + remembered(2));
                    let cell = write * candidate + forget * before;
                    [write, forget, candidate, output, cell]
                        .into_iter()
                        .enumerate()
                        .for_each(|(kind, lanes)| keep(lanes, kind));
                    output * tanh(cell)
                }
                Self::Gru => {
                    let [reset, renew] = [0, 1].map(|gate| sigmoid(said(gate) + remembered(gate)));
                    let recalled = remembered(2);
                    let candidate = tanh(said(2) + reset * recalled);
                    [reset, renew, candidate, recalled]
                        .into_iter()
                        .enumerate()
                        .for_each(|(kind, lanes)| keep(lanes, kind));
                    candidate + renew * (before - candidate)
                }
            };
            store(after, &mut state[first..]);
        }
    }

    /// The same step back, from the gradient of its state. In `gradient.before` is what the step after it handed back
    /// beside the gates: of the LSTM's cell, while the GRU's is in `state` already.
    pub fn go_back(self, state: &[f32], before: &[f32], kept: &[f32], gradient: &mut HeardGradient) {
        let units = state.len();
        for first in (0..units).step_by(WIDE) {
            let of = |values: &[f32], kind| load(&values[kind * units + first..][..units - first]);
            let (kept, state, before) = (|kind| of(kept, kind), of(state, 0), of(before, 0));
            let mut say = |lanes, gate| store(lanes, &mut gradient.said[gate * units + first..][..units - first]);
            let mut remember =
                |lanes, gate| store(lanes, &mut gradient.remembered[gate * units + first..][..units - first]);
            let handed_back = match self {
                Self::Lstm => {
                    let [write, forget, candidate, output, cell] = [0, 1, 2, 3, 4].map(kept);
                    let squashed = tanh(cell);
                    let cell = of(gradient.before, 0) + state * output * (f32x8::ONE - squashed * squashed);
                    let gates = [
                        cell * candidate * logistic_slope(write),
                        cell * before * logistic_slope(forget),
                        cell * write * (f32x8::ONE - candidate * candidate),
                        state * squashed * logistic_slope(output),
                    ];
                    for (gate, lanes) in gates.into_iter().enumerate() {
                        say(lanes, gate);
                        remember(lanes, gate);
                    }
                    cell * forget
                }
                Self::Gru => {
                    let [reset, renew, candidate, recalled] = [0, 1, 2, 3].map(kept);
                    let of_candidate = state * (f32x8::ONE - renew) * (f32x8::ONE - candidate * candidate);
                    let of_reset = of_candidate * recalled * logistic_slope(reset);
                    let of_renew = state * (before - candidate) * logistic_slope(renew);
                    [of_reset, of_renew, of_candidate]
                        .into_iter()
                        .enumerate()
                        .for_each(|(gate, lanes)| say(lanes, gate));
                    let of_state = [of_reset, of_renew, of_candidate * reset];
                    of_state.into_iter().enumerate().for_each(|(gate, lanes)| remember(lanes, gate));
                    state * renew
                }
            };
            store(handed_back, &mut gradient.before[first..]);
        }
    }
}

/// The logistic function. Near 0 it is not as exact as an activation's, which matters to no gate, and twice as fast.
#[inline]
fn sigmoid(sums: f32x8) -> f32x8 {
    let half = f32x8::splat(0.5);
    half + half * tanh(half * sums)
}

/// The slope of the logistic function where it has the value `y`.
#[inline]
fn logistic_slope(y: f32x8) -> f32x8 {
    y * (f32x8::ONE - y)
}
