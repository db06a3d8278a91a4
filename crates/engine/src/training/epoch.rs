//! The order in which an epoch visits its samples.

use burn::tensor::{Int, Tensor};
use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{Corruption, Schedule};
use rand::seq::SliceRandom;
use rand_pcg::Pcg32;

use super::{augmentation::Augmenter, images::ResidentSamples};
use crate::objective::{
    Batch,
    corruption::{Corrupted, DrawnNoise},
};

/// One pass over some samples, in batches, each with its noise. It depends on the seed and the epoch's number only, so
/// that a run that is taken up again goes on as it would have.
#[derive(Debug)]
pub(super) struct Pass {
    order: Vec<u32>,
    /// The same on the device, of which a batch takes a part: an upload a step would stop the device a step.
    resident_order: Tensor<1, Int>,
    next: usize,
    batch_size: usize,
    noise: Pcg32,
    augmenter: Option<Augmenter>,
}

impl Pass {
    /// Training samples in a new order, moved as the schedule says.
    pub fn training(samples: &ResidentSamples, indices: &[u32], schedule: &Schedule, seed: u64, epoch: usize) -> Self {
        let stream = |stream| generator(seed, stream, epoch as u64);
        let mut order = indices.to_vec();
        order.shuffle(&mut stream(Stream::Shuffle));
        let augmentation = schedule.augmentation;
        let augmenter = (!augmentation.is_none())
            .then(|| Augmenter::new(augmentation, samples.arrangement().shape, stream(Stream::Augmentation)));
        let noise = stream(Stream::TrainingNoise);
        let resident_order = samples.upload_order(&order);
        Self { order, resident_order, next: 0, batch_size: schedule.batch_size, noise, augmenter }
    }

    /// Validation samples in their own order, as they are, with the same noise every time.
    pub fn validation(samples: &ResidentSamples, indices: &[u32], schedule: &Schedule, seed: u64) -> Self {
        Self {
            order: indices.to_vec(),
            resident_order: samples.upload_order(indices),
            next: 0,
            batch_size: schedule.batch_size,
            noise: generator(seed, Stream::ValidationNoise, 0),
            augmenter: None,
        }
    }

    /// Samples of the next `batches` batches.
    pub fn samples_ahead(&self, batches: usize) -> usize {
        (batches * self.batch_size).min(self.order.len() - self.next)
    }

    /// The next batch with its noise; the last one may be smaller.
    pub fn next_batch(&mut self, samples: &ResidentSamples, corruption: Corruption) -> Option<Batch> {
        let start = self.next;
        self.next = (start + self.batch_size).min(self.order.len());
        if start == self.next {
            return None;
        }
        let count = self.next - start;
        let indices = self.resident_order.clone().narrow(0, start, count);
        let clean = match &mut self.augmenter {
            Some(augmenter) => samples.moved_batch(&self.order[start..self.next], augmenter),
            None => samples.batch(indices.clone()),
        };
        let Corrupted { input, hidden } =
            match DrawnNoise::draw(corruption, count, samples.arrangement(), &mut self.noise) {
                Some(noise) => noise.apply(clean.clone(), samples.device()),
                None => Corrupted { input: clean.clone(), hidden: None },
            };
        Some(Batch { input, clean, hidden, known: samples.known(indices.clone()), labels: samples.labels(indices) })
    }
}
