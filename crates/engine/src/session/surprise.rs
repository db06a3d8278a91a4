//! A sample that training does not see.

use std::ops::Range;

use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{Experiment, GridShape, ImageSource};
use rand::RngExt;

use crate::data::{self, SampleSet, StrokeGenerator};

/// Digits are drawn for surprises from seeds that no experiment is likely to have.
const HELD_OUT_SEEDS: u64 = 0x5350_5249_5345_0000;

/// A picture of `shape`, as bytes, held out from `experiment` (the one in hand), from those opened if there are any.
pub(super) fn held_out_picture(
    seed: u64,
    opened: Option<&SampleSet>,
    experiment: &Experiment,
    shape: GridShape,
) -> Vec<u8> {
    if let Some(images) = opened {
        return data::fit(images, pick(seed, images.len(), experiment, &ImageSource::Opened), shape);
    }
    match experiment.data.source {
        ImageSource::Digits8x8 => {
            let digits = data::digits8x8(shape);
            data::fit(&digits, pick(seed, digits.len(), experiment, &ImageSource::Digits8x8), shape)
        }
        ImageSource::Strokes | ImageSource::Opened | ImageSource::TableRows => {
            StrokeGenerator::new(HELD_OUT_SEEDS.wrapping_add(seed), shape).next_digit().1
        }
    }
}

/// The place of one of `all` images that the experiment does not train on, if it trains on these.
fn pick(seed: u64, all: usize, experiment: &Experiment, source: &ImageSource) -> Range<usize> {
    let mut choice: Vec<u32> = (0..all as u32).collect();
    if &experiment.data.source == source {
        let used = experiment.data.limit.map_or(all, |limit| limit.min(all));
        let mut unseen = data::split(used, experiment.schedule.validation_share, experiment.seed).validation;
        unseen.extend(used as u32..all as u32);
        // Without any, a seen one is better than none.
        if !unseen.is_empty() {
            choice = unseen;
        }
    }
    let index = choice[generator(seed, Stream::Sample, 0).random_range(0..choice.len())] as usize;
    index..index + 1
}
