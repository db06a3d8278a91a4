//! Random numbers of a training step, drawn on the host.

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_numerics::random::{Stream, generator, step_seed};
use rand::{Rng as _, RngExt};
use rand_distr::StandardNormal;
use rand_pcg::Pcg32;

/// Random numbers of one training step. They depend on the seed and the step alone: CPU and GPU see the same numbers,
/// and a resumed run sees those of a run that was never interrupted.
#[derive(Clone, Debug)]
pub struct StepRng {
    rng: Pcg32,
}

impl StepRng {
    /// The generator of step `step` of an experiment with this seed.
    pub fn new(seed: u64, step: usize) -> Self {
        Self { rng: generator(step_seed(seed, step), Stream::Dropout, 0) }
    }

    /// Independent standard normal numbers.
    pub fn normal(&mut self, shape: [usize; 2], device: &Device) -> Tensor<2> {
        self.tensor(shape, device, |rng| rng.sample(StandardNormal))
    }

    /// Uniform numbers from -1 to 1.
    pub fn uniform(&mut self, shape: [usize; 2], device: &Device) -> Tensor<2> {
        self.tensor(shape, device, |rng| 2.0 * rng.random::<f32>() - 1.0)
    }

    /// A uniform index below `end`.
    pub fn index_below(&mut self, end: usize) -> usize {
        self.rng.random_range(0..end)
    }

    /// Inverted dropout (Srivastava et al. 2014): each value is set to 0 with `probability`, the others are divided by
    /// `1 - probability`, so that the expected value stays.
    pub fn dropout(&mut self, values: Tensor<2>, probability: f32) -> Tensor<2> {
        // A threshold on whole numbers takes half the time of one on floats.
        let threshold = (f64::from(probability) * f64::from(u32::MAX)) as u32;
        let scale = 1.0 / (1.0 - probability);
        let mask =
            self.tensor(values.dims(), &values.device(), |rng| if rng.next_u32() < threshold { 0.0 } else { scale });
        values * mask
    }

    fn tensor(&mut self, shape: [usize; 2], device: &Device, mut draw: impl FnMut(&mut Pcg32) -> f32) -> Tensor<2> {
        let values: Vec<f32> = (0..shape[0] * shape[1]).map(|_| draw(&mut self.rng)).collect();
        Tensor::from_data(TensorData::new(values, shape), device)
    }
}

/// Training or inference, as PyTorch's `train()` and `eval()`.
#[derive(Debug)]
pub enum Mode<'a> {
    /// Deterministic: a variational code is its mean, and dropout is off.
    Inference,
    /// With the random numbers of the step.
    Training(&'a mut StepRng),
}
