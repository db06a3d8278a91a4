//! One step of Adam (Kingma & Ba 2015) or AdamW (Loshchilov & Hutter 2019), in place.
//!
//! Burn composes it of thirteen operations a tensor. Here it is one that reads gradient, parameter and moments once and
//! writes the last three where they lie, if nothing else holds them.

mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(test)]
mod tests;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::{Device, Tensor},
};

/// What a step is made of, apart from tensors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// How far a step goes.
    pub learning_rate: f64,
    /// Steps taken with these moments, this one included.
    pub count: usize,
    /// How much of the first and second moment stays.
    pub betas: [f64; 2],
    /// Added to the root of the second moment.
    pub epsilon: f64,
    /// What draws parameters to 0.
    pub weight_decay: WeightDecay,
}

/// How parameters are drawn to 0, by the square of their size times half of a factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WeightDecay {
    /// As a part of the gradient (Adam).
    InGradient(f64),
    /// Beside the moments (AdamW).
    Decoupled(f64),
}

/// Values of a step, in the order of `Step::scalars`.
pub(crate) const SCALARS: usize = 7;

impl Step {
    /// What the kernels want to know, as a tensor, so that a recorded step can be replayed with other values:
    /// the first moment's weight (learning rate over its bias correction), the second moment's (one over the root of
    /// its), what stays of a parameter, what of it is added to the gradient, the two betas, epsilon.
    pub fn scalars(&self, device: &Device) -> Tensor<1> {
        Tensor::from_floats(self.values(), device)
    }

    pub(crate) fn values(&self) -> [f32; SCALARS] {
        let corrections = self.betas.map(|beta| 1.0 - beta.powf(self.count as f64));
        let (stays, added) = match self.weight_decay {
            WeightDecay::InGradient(decay) => (1.0, decay),
            WeightDecay::Decoupled(decay) => (1.0 - self.learning_rate * decay, 0.0),
        };
        let first = self.learning_rate / corrections[0];
        [first, corrections[1].sqrt().recip(), stays, added, self.betas[0], self.betas[1], self.epsilon]
            .map(|value| value as f32)
    }
}

/// Takes a step: answers parameter and moments after it. All four tensors are of one shape.
pub fn step<const D: usize>(
    parameter: Tensor<D>,
    gradient: Tensor<D>,
    [first, second]: [Tensor<D>; 2],
    scalars: Tensor<1>,
) -> (Tensor<D>, [Tensor<D>; 2]) {
    let (parameter, first, second) = Dispatch::adam_step(
        parameter.into_dispatch(),
        gradient.into_dispatch(),
        first.into_dispatch(),
        second.into_dispatch(),
        scalars.into_dispatch(),
    );
    (Tensor::from_dispatch(parameter), [Tensor::from_dispatch(first), Tensor::from_dispatch(second)])
}

/// What a backend does for [`step`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex)]
pub trait AdamOps: Backend {
    /// See [`step`].
    fn adam_step(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        scalars: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}
