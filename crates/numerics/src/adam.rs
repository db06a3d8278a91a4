//! Adam and AdamW in one pass over a tensor. Burn's takes thirteen, and eight times as long in wasm.
//!
//! Adam (Kingma & Ba 2015), with gradient g, moments m and v, and step t:
//!
//! ```text
//! g = g + l2 w                      (decay as an L2 penalty; 0 for AdamW)
//! m = beta_1 m + (1 - beta_1) g
//! v = beta_2 v + (1 - beta_2) g^2
//! w = (1 - lr decay) w - lr / (1 - beta_1^t) * m / (sqrt(v) / sqrt(1 - beta_2^t) + epsilon)
//! ```
//!
//! where `decay` is that of AdamW (Loshchilov & Hutter 2019), 0 for Adam.

use wide::f32x8;

use crate::lanes::{LANES, load, store};

/// Scalars of a step, equal for all weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamScalars {
    /// `lr / (1 - beta_1^t)`: the learning rate with the bias correction of m.
    pub step_size: f32,
    /// `1 / sqrt(1 - beta_2^t)`: the bias correction of sqrt(v).
    pub v_correction: f32,
    /// `1 - lr decay`: what AdamW leaves of a weight.
    pub weight_scale: f32,
    /// Share of the weight that is added to its gradient.
    pub l2: f32,
    /// Shares of m and v that stay.
    pub betas: [f32; 2],
    /// Added to the root of v.
    pub epsilon: f32,
}

impl AdamScalars {
    /// Number of scalars.
    pub const COUNT: usize = 7;

    /// The scalars in the order of the fields.
    pub const fn to_array(self) -> [f32; Self::COUNT] {
        let [beta_1, beta_2] = self.betas;
        [self.step_size, self.v_correction, self.weight_scale, self.l2, beta_1, beta_2, self.epsilon]
    }

    /// True if weights decay, in one way or the other.
    fn decays(&self) -> bool {
        self.weight_scale.to_bits() != 1.0_f32.to_bits() || self.l2.to_bits() != 0
    }

    /// The scalars from [`to_array`](Self::to_array).
    pub const fn from_array(scalars: [f32; Self::COUNT]) -> Self {
        let [step_size, v_correction, weight_scale, l2, beta_1, beta_2, epsilon] = scalars;
        Self { step_size, v_correction, weight_scale, l2, betas: [beta_1, beta_2], epsilon }
    }
}

/// Moves `weight` and both moments, all of one length, by one step.
///
/// # Panics
///
/// If the slices differ in length.
pub fn adam_step(scalars: AdamScalars, weight: &mut [f32], gradient: &[f32], m: &mut [f32], v: &mut [f32]) {
    assert_eq!([gradient.len(), m.len(), v.len()], [weight.len(); 3], "a gradient and two moments per weight");
    if scalars.decays() {
        step_all::<true>(&Vectors::new(scalars), weight, gradient, m, v);
    } else {
        step_all::<false>(&Vectors::new(scalars), weight, gradient, m, v);
    }
}

/// The step of all weights. `DECAYS` is false where no weight decays: its terms would cost a fifth of the time.
fn step_all<const DECAYS: bool>(vectors: &Vectors, weight: &mut [f32], gradient: &[f32], m: &mut [f32], v: &mut [f32]) {
    let (weights, weight_rest) = weight.as_chunks_mut::<LANES>();
    let (gradients, gradient_rest) = gradient.as_chunks::<LANES>();
    let (ms, m_rest) = m.as_chunks_mut::<LANES>();
    let (vs, v_rest) = v.as_chunks_mut::<LANES>();
    for ((weight, gradient), (m, v)) in weights.iter_mut().zip(gradients).zip(ms.iter_mut().zip(vs)) {
        let lanes = [*weight, *gradient, *m, *v].map(f32x8::from);
        [*weight, *m, *v] = vectors.step::<DECAYS>(lanes).map(f32x8::to_array);
    }
    let lanes = [&*weight_rest, gradient_rest, &*m_rest, &*v_rest].map(load);
    for (rest, lanes) in [weight_rest, m_rest, v_rest].into_iter().zip(vectors.step::<DECAYS>(lanes)) {
        store(lanes, rest);
    }
}

/// The scalars of a step in all lanes.
struct Vectors {
    step_size: f32x8,
    v_correction: f32x8,
    weight_scale: f32x8,
    l2: f32x8,
    betas: [f32x8; 2],
    one_minus_betas: [f32x8; 2],
    epsilon: f32x8,
}

impl Vectors {
    fn new(scalars: AdamScalars) -> Self {
        let betas = scalars.betas.map(f32x8::splat);
        Self {
            step_size: f32x8::splat(scalars.step_size),
            v_correction: f32x8::splat(scalars.v_correction),
            weight_scale: f32x8::splat(scalars.weight_scale),
            l2: f32x8::splat(scalars.l2),
            betas,
            one_minus_betas: betas.map(|beta| f32x8::ONE - beta),
            epsilon: f32x8::splat(scalars.epsilon),
        }
    }

    /// Weight, m and v after the step, from weight, gradient, m and v.
    #[inline]
    fn step<const DECAYS: bool>(&self, [weight, gradient, m, v]: [f32x8; 4]) -> [f32x8; 3] {
        let (g, weight) =
            if DECAYS { (gradient + self.l2 * weight, weight * self.weight_scale) } else { (gradient, weight) };
        let m = m * self.betas[0] + g * self.one_minus_betas[0];
        let v = v * self.betas[1] + g * g * self.one_minus_betas[1];
        let step = self.step_size * m / (v.sqrt() * self.v_correction + self.epsilon);
        [weight - step, m, v]
    }
}
