//! The order in which an epoch visits its images.

use burn::tensor::Tensor;
use pinhole_protocol::Corruption;
use rand::seq::SliceRandom;
use rand_pcg::Pcg32;

use super::images::ResidentImages;
use crate::{
    objective::corruption::DrawnNoise,
    random::{Stream, generator},
};

/// What the network sees, and what it should make of that: [samples, values] each.
#[derive(Debug)]
pub(super) struct Batch {
    pub input: Tensor<2>,
    pub clean: Tensor<2>,
}

/// One pass over some images, in batches, each with its noise. It depends on the seed and the epoch's number only, so
/// that a run that is taken up again goes on as it would have.
#[derive(Debug)]
pub(super) struct Pass {
    order: Vec<u32>,
    next: usize,
    batch_size: usize,
    noise: Pcg32,
}

impl Pass {
    /// Training images in a new order.
    pub fn training(images: &[u32], batch_size: usize, seed: u64, epoch: usize) -> Self {
        let mut order = images.to_vec();
        order.shuffle(&mut generator(seed, Stream::Shuffle, epoch as u64));
        Self { order, next: 0, batch_size, noise: generator(seed, Stream::TrainingNoise, epoch as u64) }
    }

    /// Validation images in their own order, with the same noise every time.
    pub fn validation(images: &[u32], batch_size: usize, seed: u64) -> Self {
        Self { order: images.to_vec(), next: 0, batch_size, noise: generator(seed, Stream::ValidationNoise, 0) }
    }

    /// The next batch with its noise; the last one may be smaller.
    pub fn next_batch(&mut self, images: &ResidentImages, corruption: Corruption) -> Option<Batch> {
        let start = self.next;
        self.next = (start + self.batch_size).min(self.order.len());
        if start == self.next {
            return None;
        }
        let clean = images.batch(&self.order[start..self.next]);
        let [samples, width] = clean.dims();
        let input = match DrawnNoise::draw(corruption, samples, width, &mut self.noise) {
            Some(noise) => noise.apply(clean.clone(), images.device()),
            None => clean.clone(),
        };
        Some(Batch { input, clean })
    }
}
