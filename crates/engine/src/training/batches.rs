//! Batches of an epoch, in shuffled order.

use std::ops::Range;

use burn::tensor::{Int, Tensor};
use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{Corruption, Schedule};
use rand::seq::SliceRandom;
use rand_pcg::Pcg32;

use super::{augmentation::Augmenter, resident_samples::ResidentSamples};
use crate::objective::{
    Batch,
    corruption::{Corrupted, DrawnNoise},
};

/// Iterator over the batches of some samples, each batch with its corruption. Order, corruption and augmentation depend
/// on the seed and the epoch alone, so that a resumed run continues as if it had never stopped.
#[derive(Debug)]
pub(super) struct BatchIter {
    order: Vec<u32>,
    /// The order on the device, of which each batch is a slice: one upload per epoch, as one upload per step would
    /// stall the device.
    resident_order: Tensor<1, Int>,
    next: usize,
    batch_size: usize,
    noise: Pcg32,
    augmenter: Option<Augmenter>,
}

impl BatchIter {
    /// Batches of the training samples in a new order, augmented as the schedule says.
    pub fn training(samples: &ResidentSamples, indices: &[u32], schedule: &Schedule, seed: u64, epoch: usize) -> Self {
        let stream = |stream| generator(seed, stream, epoch as u64);
        let mut order = indices.to_vec();
        order.shuffle(&mut stream(Stream::Shuffle));
        let augmentation = schedule.augmentation;
        let augmenter = (!augmentation.is_none())
            .then(|| Augmenter::new(augmentation, samples.layout().shape, stream(Stream::Augmentation)));
        let noise = stream(Stream::TrainingNoise);
        let resident_order = samples.upload_indices(&order);
        Self { order, resident_order, next: 0, batch_size: schedule.batch_size, noise, augmenter }
    }

    /// Batches of the validation samples in their given order, not augmented, with the same corruption in every epoch.
    pub fn validation(samples: &ResidentSamples, indices: &[u32], schedule: &Schedule, seed: u64) -> Self {
        Self {
            order: indices.to_vec(),
            resident_order: samples.upload_indices(indices),
            next: 0,
            batch_size: schedule.batch_size,
            noise: generator(seed, Stream::ValidationNoise, 0),
            augmenter: None,
        }
    }

    /// Samples in the next `batches` batches.
    pub fn samples_in_next(&self, batches: usize) -> usize {
        (batches * self.batch_size).min(self.order.len() - self.next)
    }

    /// Skips batches: their random numbers are drawn, so that the later batches are the same as after them.
    pub fn skip(&mut self, batches: usize, samples: &ResidentSamples, corruption: Corruption) {
        for _ in 0..batches {
            let Some(batch) = self.next_range() else { break };
            DrawnNoise::draw(corruption, batch.len(), samples.layout(), &mut self.noise);
            self.augmenter.iter_mut().for_each(|augmenter| augmenter.skip(batch.len()));
        }
    }

    /// Returns the next batch, corrupted; the last batch may be smaller.
    pub fn next_batch(&mut self, samples: &ResidentSamples, corruption: Corruption) -> Option<Batch> {
        let range = self.next_range()?;
        let count = range.len();
        let indices = self.resident_order.clone().narrow(0, range.start, count);
        let target = match &mut self.augmenter {
            Some(augmenter) => samples.augmented_batch(&self.order[range], augmenter),
            None => samples.batch(indices.clone()),
        };
        let Corrupted { input, hidden } = match DrawnNoise::draw(corruption, count, samples.layout(), &mut self.noise) {
            Some(noise) => noise.apply(target.clone(), samples.device()),
            None => Corrupted { input: target.clone(), hidden: None },
        };
        Some(Batch {
            input,
            target,
            hidden,
            known: samples.known(indices.clone()),
            labels: samples.labels(indices.clone()),
            attributes: samples.attributes(indices),
        })
    }

    /// Places of the next batch in the order, which count as drawn then; `None` at the end.
    fn next_range(&mut self) -> Option<Range<usize>> {
        let range = self.next..(self.next + self.batch_size).min(self.order.len());
        self.next = range.end;
        (!range.is_empty()).then_some(range)
    }
}
