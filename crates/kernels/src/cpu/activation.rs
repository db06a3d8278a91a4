//! Non-linearities whose slope is known from what they return, so that a layer keeps one tensor and not two.

use wide::f32x8;

use super::lanes::{load, store};
use super::tile::WIDE;

/// The slope of [`Activation::LeakyRelu`] below 0: PyTorch's default.
pub(crate) const LEAK: f32 = 0.01;

/// What a layer does to its sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Activation {
    /// Nothing.
    #[default]
    Linear,
    /// `max(0, x)`.
    Relu,
    /// `x` above 0, `0.01 x` below.
    LeakyRelu,
    /// `x` above 0, `e^x - 1` below (Clevert et al. 2016).
    Elu,
    /// Hyperbolic tangent.
    Tanh,
    /// Logistic function.
    Sigmoid,
}

impl Activation {
    /// Every activation.
    pub const ALL: [Self; 6] = [Self::Linear, Self::Relu, Self::LeakyRelu, Self::Elu, Self::Tanh, Self::Sigmoid];

    /// The gradient by a layer's sums into `inner`, from the gradient by its outputs and those outputs.
    ///
    /// # Panics
    ///
    /// If the slices differ in length.
    pub fn backward(self, outer: &[f32], outputs: &[f32], inner: &mut [f32]) {
        assert!(outer.len() == inner.len() && outputs.len() == inner.len(), "a gradient for each output");
        let (outers, outer_rest) = outer.as_chunks::<WIDE>();
        let (outputs, output_rest) = outputs.as_chunks::<WIDE>();
        let (inners, inner_rest) = inner.as_chunks_mut::<WIDE>();
        for ((inner, outer), output) in inners.iter_mut().zip(outers).zip(outputs) {
            *inner = self.slope(f32x8::from(*output), f32x8::from(*outer)).to_array();
        }
        store(self.slope(load(output_rest), load(outer_rest)), inner_rest);
    }

    /// `f(sums)`.
    #[inline]
    pub(super) fn forward(self, sums: f32x8) -> f32x8 {
        let zero = f32x8::splat(0.0);
        match self {
            Self::Linear => sums,
            // Compared this way round, what is not a number stays so.
            Self::Relu => sums.simd_le(zero).select(zero, sums),
            Self::LeakyRelu => sums.simd_le(zero).select(sums * f32x8::splat(LEAK), sums),
            Self::Elu | Self::Tanh | Self::Sigmoid => self.curve(sums),
        }
    }

    /// The part of [`forward`](Self::forward) that is too long to stand within a product.
    #[inline(never)]
    fn curve(self, sums: f32x8) -> f32x8 {
        match self {
            Self::Elu => sums.simd_le(f32x8::ZERO).select(sums.exp_m1(), sums),
            Self::Tanh => sums.tanh(),
            _ => f32x8::ONE / (f32x8::ONE + (-sums).exp()),
        }
    }

    /// `outer f'(x)`, where the output is `f(x)`.
    #[inline]
    pub(super) fn slope(self, output: f32x8, outer: f32x8) -> f32x8 {
        let zero = f32x8::splat(0.0);
        match self {
            Self::Linear => outer,
            Self::Relu => output.simd_le(zero).select(zero, outer),
            Self::LeakyRelu => output.simd_le(zero).select(outer * f32x8::splat(LEAK), outer),
            Self::Elu => output.simd_gt(zero).select(outer, outer * (output + f32x8::ONE)),
            Self::Tanh => outer * (f32x8::ONE - output * output),
            Self::Sigmoid => outer * output * (f32x8::ONE - output),
        }
    }
}
