//! Activations that are fused with a layer. The derivative of each follows from its value, so that a layer saves one
//! tensor and not two.

/// Slope of [`Activation::LeakyRelu`] below 0: PyTorch's default.
pub(crate) const LEAKY_SLOPE: f32 = 0.01;

/// The function `f` that a layer applies to its pre-activation `z`: `y = f(z)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Activation {
    /// `z`; `f' = 1`.
    #[default]
    Linear,
    /// `max(0, z)`; `f' = 1` above 0, else 0.
    Relu,
    /// `z` above 0, `0.01 z` below; `f' = 1` above 0, else 0.01.
    LeakyRelu,
    /// `z` above 0, `e^z - 1` below (Clevert et al. 2016); `f' = 1` above 0, else `y + 1`.
    Elu,
    /// Hyperbolic tangent; `f' = 1 - y^2`.
    Tanh,
    /// Logistic function `1 / (1 + e^-z)`; `f' = y (1 - y)`.
    Sigmoid,
}

impl Activation {
    /// Every activation.
    pub const ALL: [Self; 6] = [Self::Linear, Self::Relu, Self::LeakyRelu, Self::Elu, Self::Tanh, Self::Sigmoid];
}
