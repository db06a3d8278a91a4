//! Activations on eight lanes, and their derivatives.

use pinhole_numerics::lanes::{LANES, load, store};
use wide::f32x8;

use crate::activation::{Activation, LEAKY_SLOPE};

impl Activation {
    /// Writes the gradient of the pre-activations, `dz = dy f'(z)`, from that of the outputs and the outputs
    /// themselves.
    ///
    /// # Panics
    ///
    /// If the slices differ in length.
    pub(crate) fn backward(self, dy: &[f32], y: &[f32], dz: &mut [f32]) {
        assert!(dy.len() == dz.len() && y.len() == dz.len(), "a gradient for each output");
        let (gradients, gradient_rest) = dy.as_chunks::<LANES>();
        let (outputs, output_rest) = y.as_chunks::<LANES>();
        let (dzs, dz_rest) = dz.as_chunks_mut::<LANES>();
        for ((dz, dy), y) in dzs.iter_mut().zip(gradients).zip(outputs) {
            *dz = self.gradient(f32x8::from(*y), f32x8::from(*dy)).to_array();
        }
        store(self.gradient(load(output_rest), load(gradient_rest)), dz_rest);
    }

    /// The outputs `y = f(z)`.
    #[inline]
    pub(crate) fn forward(self, z: f32x8) -> f32x8 {
        let zero = f32x8::splat(0.0);
        match self {
            Self::Linear => z,
            // Compared this way round, NaN stays NaN.
            Self::Relu => z.simd_le(zero).select(zero, z),
            Self::LeakyRelu => z.simd_le(zero).select(z * f32x8::splat(LEAKY_SLOPE), z),
            Self::Elu | Self::Tanh | Self::Sigmoid => self.transcendental(z),
        }
    }

    /// The activations of [`forward`](Self::forward) that are too long to be inlined in a product.
    #[inline(never)]
    fn transcendental(self, z: f32x8) -> f32x8 {
        match self {
            Self::Elu => z.simd_le(f32x8::ZERO).select(z.exp_m1(), z),
            Self::Tanh => tanh(z),
            _ => f32x8::ONE / (f32x8::ONE + (-z).exp()),
        }
    }

    /// The gradient `dy f'(z)` of z, where `y = f(z)`.
    #[inline]
    pub(crate) fn gradient(self, y: f32x8, dy: f32x8) -> f32x8 {
        let zero = f32x8::splat(0.0);
        match self {
            Self::Linear => dy,
            Self::Relu => y.simd_le(zero).select(zero, dy),
            Self::LeakyRelu => y.simd_le(zero).select(dy * f32x8::splat(LEAKY_SLOPE), dy),
            Self::Elu => y.simd_gt(zero).select(dy, dy * (y + f32x8::ONE)),
            Self::Tanh => dy * (f32x8::ONE - y * y),
            Self::Sigmoid => dy * y * (f32x8::ONE - y),
        }
    }
}

/// Hyperbolic tangent as a quotient of polynomials, by Eigen's coefficients: within 3 units of the last place, in a
/// third of the time of one made of exponentials.
#[inline]
pub(crate) fn tanh(x: f32x8) -> f32x8 {
    /// Beyond this it rounds to 1.
    const LIMIT: f32x8 = f32x8::splat(9.0);
    const ODD: [f32; 7] =
        [-2.760_768_5e-16, 2.000_188e-13, -8.604_672e-11, 5.122_297_2e-8, 1.485_722_4e-5, 6.372_619e-4, 4.893_524_6e-3];
    const EVEN: [f32; 4] = [1.198_258_4e-6, 1.185_347_1e-4, 2.268_434_6e-3, 4.893_525_3e-3];
    // Compared this way round, NaN stays NaN.
    let x = x.simd_gt(LIMIT).select(LIMIT, x);
    let x = x.simd_lt(-LIMIT).select(-LIMIT, x);
    let square = x * x;
    let polynomial = |coefficients: &[f32]| {
        coefficients[1..].iter().fold(f32x8::splat(coefficients[0]), |sum, &next| sum * square + f32x8::splat(next))
    };
    x * polynomial(&ODD) / polynomial(&EVEN)
}
