//! The order in which an epoch visits its images.

use pinhole_protocol::Corruption;
use rand::seq::SliceRandom;
use rand_pcg::Pcg32;

use crate::{
    objective::corruption::DrawnNoise,
    random::{Stream, generator},
};

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

    /// The next batch; the last one may be smaller.
    pub fn next_batch(&mut self) -> Option<&[u32]> {
        let start = self.next;
        self.next = (start + self.batch_size).min(self.order.len());
        (start < self.next).then(|| &self.order[start..self.next])
    }

    /// Noise for a batch of `samples` images of `width` values.
    pub fn draw_noise(&mut self, corruption: Corruption, samples: usize, width: usize) -> Option<DrawnNoise> {
        DrawnNoise::draw(corruption, samples, width, &mut self.noise)
    }
}
