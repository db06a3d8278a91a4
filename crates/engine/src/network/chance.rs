//! What is random within a training step.

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_numerics::random::{Stream, generator, step_seed};
use rand::{Rng as _, RngExt};
use rand_distr::StandardNormal;
use rand_pcg::Pcg32;

/// Draws of one step. They are made on the host and depend on the seed and the step alone: CPU and GPU see the same
/// numbers, and a run that is taken up again sees those that it would have.
#[derive(Clone, Debug)]
pub struct Chance {
    random: Pcg32,
}

impl Chance {
    /// The draws of step `step` of an experiment with this seed.
    pub fn of_step(seed: u64, step: usize) -> Self {
        Self { random: generator(step_seed(seed, step), Stream::Dropout, 0) }
    }

    /// Independent standard normals.
    pub fn normal(&mut self, shape: [usize; 2], device: &Device) -> Tensor<2> {
        self.tensor(shape, device, |random| random.sample(StandardNormal))
    }

    /// Evenly in -1 to 1.
    pub fn uniform(&mut self, shape: [usize; 2], device: &Device) -> Tensor<2> {
        self.tensor(shape, device, |random| 2.0 * random.random::<f32>() - 1.0)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.random.random_range(0..end)
    }

    /// Inverted dropout: a share of the values becomes 0, and what is kept is scaled up, so that the mean stays.
    pub fn drop_out(&mut self, values: Tensor<2>, share: f32) -> Tensor<2> {
        // A threshold on whole numbers takes half the time of one on floats.
        let dropped = (f64::from(share) * f64::from(u32::MAX)) as u32;
        let scale = 1.0 / (1.0 - share);
        let mask = self.tensor(
            values.dims(),
            &values.device(),
            |random| {
                if random.next_u32() < dropped { 0.0 } else { scale }
            },
        );
        values * mask
    }

    fn tensor(&mut self, shape: [usize; 2], device: &Device, mut draw: impl FnMut(&mut Pcg32) -> f32) -> Tensor<2> {
        let values: Vec<f32> = (0..shape[0] * shape[1]).map(|_| draw(&mut self.random)).collect();
        Tensor::from_data(TensorData::new(values, shape), device)
    }
}

/// Whether a network is learning.
#[derive(Debug)]
pub enum Mode<'a> {
    /// Nothing is random: codes are means, nothing is dropped.
    Inference,
    /// With the step's draws.
    Training(&'a mut Chance),
}
