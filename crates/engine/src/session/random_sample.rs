//! Random samples that the current experiment does not train on.

use std::ops::Range;

use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{Experiment, GridShape, ImageSource};
use rand::RngExt;

use crate::data::{self, SampleSet, StrokeGenerator};

/// First of the generator's seeds for random samples: no experiment is likely to have them.
const FIRST_SEED: u64 = 0x5350_5249_5345_0000;

/// A random picture of shape `shape`, as bytes, that `experiment` does not train on: one of the opened images, if there are
/// any, else one of the experiment's source.
pub(super) fn held_out_picture(
    seed: u64,
    opened: Option<&SampleSet>,
    experiment: &Experiment,
    shape: GridShape,
) -> Vec<u8> {
    if let Some(images) = opened {
        return data::fit_pictures(images, pick(seed, images.len(), experiment, &ImageSource::Opened), shape);
    }
    match experiment.data.source {
        ImageSource::Digits8x8 => {
            let digits = data::digits8x8(shape);
            data::fit_pictures(&digits, pick(seed, digits.len(), experiment, &ImageSource::Digits8x8), shape)
        }
        ImageSource::Strokes | ImageSource::Opened | ImageSource::TableRows => {
            StrokeGenerator::new(FIRST_SEED.wrapping_add(seed), shape).next_digit().1
        }
    }
}

/// Index range of one random image of `count`. If the experiment trains on this source, it is one that it does not train on.
fn pick(seed: u64, count: usize, experiment: &Experiment, source: &ImageSource) -> Range<usize> {
    let mut candidates: Vec<u32> = (0..count as u32).collect();
    if &experiment.data.source == source {
        let used = experiment.data.limit.map_or(count, |limit| limit.min(count));
        let mut unseen = data::split(used, experiment.schedule.validation_share, experiment.seed).validation;
        unseen.extend(used as u32..count as u32);
        // If there is none, any image will do.
        if !unseen.is_empty() {
            candidates = unseen;
        }
    }
    let index = candidates[generator(seed, Stream::Sample, 0).random_range(0..candidates.len())] as usize;
    index..index + 1
}
