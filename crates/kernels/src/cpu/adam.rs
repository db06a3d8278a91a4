//! Adam in one pass. Burn's takes thirteen over each tensor, and eight times as long in wasm.

use wide::f32x8;

use super::lanes::{load, store};
use super::tile::WIDE;
use crate::adam::SCALARS;

/// Moves `parameter` and both moments, all of one length, by a step of these [scalars](crate::adam::Step::values).
///
/// # Panics
///
/// If the slices differ in length.
pub fn adam_step(
    scalars: [f32; SCALARS],
    parameter: &mut [f32],
    gradient: &[f32],
    first: &mut [f32],
    second: &mut [f32],
) {
    let counts = [gradient.len(), first.len(), second.len()];
    assert_eq!(counts, [parameter.len(); 3], "a gradient and two moments for each parameter");
    let numbers = Numbers::new(scalars);
    let (parameters, parameter_rest) = parameter.as_chunks_mut::<WIDE>();
    let (gradients, gradient_rest) = gradient.as_chunks::<WIDE>();
    let (firsts, first_rest) = first.as_chunks_mut::<WIDE>();
    let (seconds, second_rest) = second.as_chunks_mut::<WIDE>();
    let moments = firsts.iter_mut().zip(seconds);
    for ((parameter, gradient), (first, second)) in parameters.iter_mut().zip(gradients).zip(moments) {
        let lanes = [*parameter, *gradient, *first, *second].map(f32x8::from);
        [*parameter, *first, *second] = numbers.step(lanes).map(f32x8::to_array);
    }
    let lanes = [&*parameter_rest, gradient_rest, &*first_rest, &*second_rest].map(load);
    for (rest, lanes) in [parameter_rest, first_rest, second_rest].into_iter().zip(numbers.step(lanes)) {
        store(lanes, rest);
    }
}

/// The scalars of a step in all lanes.
struct Numbers {
    rate: f32x8,
    root: f32x8,
    kept: f32x8,
    added: f32x8,
    betas: [f32x8; 2],
    rests: [f32x8; 2],
    epsilon: f32x8,
}

impl Numbers {
    fn new(scalars: [f32; SCALARS]) -> Self {
        let [rate, root, kept, added, first, second, epsilon] = scalars.map(f32x8::splat);
        let betas = [first, second];
        Self { rate, root, kept, added, betas, rests: betas.map(|beta| f32x8::ONE - beta), epsilon }
    }

    /// Parameter, gradient and moments in; parameter and moments out.
    #[inline]
    fn step(&self, [parameter, gradient, mean, variance]: [f32x8; 4]) -> [f32x8; 3] {
        let gradient = gradient + self.added * parameter;
        let mean = mean * self.betas[0] + gradient * self.rests[0];
        let variance = variance * self.betas[1] + gradient * gradient * self.rests[1];
        let step = self.rate * mean / (variance.sqrt() * self.root + self.epsilon);
        [parameter * self.kept - step, mean, variance]
    }
}
