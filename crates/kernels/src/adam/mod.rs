//! One step of Adam (Kingma & Ba 2015) or AdamW (Loshchilov & Hutter 2019), in place.
//!
//! With gradient g, moments m and v, and step t:
//!
//! ```text
//! g = g + decay w                            Adam with weight decay, an L2 penalty
//! m = beta_1 m + (1 - beta_1) g
//! v = beta_2 v + (1 - beta_2) g^2
//! w = w - lr decay w                         AdamW
//! w = w - lr m^ / (sqrt(v^) + epsilon)       with m^ = m / (1 - beta_1^t), v^ = v / (1 - beta_2^t)
//! ```
//!
//! Burn composes it of thirteen operations per tensor. Here it is one that reads gradient, parameter and moments once
//! and writes the last three where they lie, if no other tensor shares their memory.

mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(test)]
mod tests;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::{Device, Tensor},
};
use pinhole_numerics::adam::AdamScalars;

/// The hyperparameters of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Learning rate.
    pub learning_rate: f64,
    /// Steps taken with these moments, this one included.
    pub count: usize,
    /// Decay rates of the first and second moment.
    pub betas: [f64; 2],
    /// Added to the root of the second moment.
    pub epsilon: f64,
    /// Weight decay.
    pub weight_decay: WeightDecay,
}

/// Weight decay: a pull of parameters towards 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WeightDecay {
    /// A multiple of the parameter in its gradient, an L2 penalty (Adam).
    InGradient(f64),
    /// A multiple of the learning rate by which parameters shrink, beside the moments (AdamW).
    Decoupled(f64),
}

impl Step {
    /// The scalars of the kernels, as a tensor, so that a recorded step can be replayed with other values. They are
    /// those of [`AdamScalars`], in its order.
    pub fn scalars(&self, device: &Device) -> Tensor<1> {
        Tensor::from_floats(self.adam_scalars().to_array(), device)
    }

    fn adam_scalars(&self) -> AdamScalars {
        let corrections = self.betas.map(|beta| 1.0 - beta.powf(self.count as f64));
        let (weight_scale, l2) = match self.weight_decay {
            WeightDecay::InGradient(decay) => (1.0, decay),
            WeightDecay::Decoupled(decay) => (1.0 - self.learning_rate * decay, 0.0),
        };
        AdamScalars {
            step_size: (self.learning_rate / corrections[0]) as f32,
            v_correction: corrections[1].sqrt().recip() as f32,
            weight_scale: weight_scale as f32,
            l2: l2 as f32,
            betas: self.betas.map(|beta| beta as f32),
            epsilon: self.epsilon as f32,
        }
    }
}

/// The parameter and its moments m and v after a step. All four tensors have one shape; `scalars` is from
/// [`Step::scalars`].
pub fn step<const D: usize>(
    parameter: Tensor<D>,
    gradient: Tensor<D>,
    [m, v]: [Tensor<D>; 2],
    scalars: Tensor<1>,
) -> (Tensor<D>, [Tensor<D>; 2]) {
    let (parameter, m, v) = Dispatch::adam_step(
        parameter.into_dispatch(),
        gradient.into_dispatch(),
        m.into_dispatch(),
        v.into_dispatch(),
        scalars.into_dispatch(),
    );
    (Tensor::from_dispatch(parameter), [Tensor::from_dispatch(m), Tensor::from_dispatch(v)])
}

/// The backend operation of [`step`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex)]
pub trait AdamOps: Backend {
    /// See [`step`].
    fn adam_step(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        m: FloatTensor<Self>,
        v: FloatTensor<Self>,
        scalars: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}
