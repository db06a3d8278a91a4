//! A sample that training does not see.

use pinhole_protocol::{Experiment, ImageSource};
use rand::RngExt;

use crate::{
    data::{self, ImageSet, StrokeGenerator},
    random::{Stream, generator},
};

/// Digits are drawn for surprises from seeds that no experiment is likely to have.
const HELD_OUT_SEEDS: u64 = 0x5350_5249_5345_0000;

/// An image held out from `experiment` (the one in hand), from those opened if there are any.
pub(super) fn held_out_image(seed: u64, opened: Option<&ImageSet>, experiment: &Experiment) -> Vec<u8> {
    if let Some(images) = opened {
        return pick(seed, images, experiment, &ImageSource::Opened);
    }
    match experiment.data.source {
        ImageSource::Digits8x8 => pick(seed, &data::digits8x8(), experiment, &ImageSource::Digits8x8),
        ImageSource::Strokes | ImageSource::Opened | ImageSource::TableRows => {
            StrokeGenerator::new(HELD_OUT_SEEDS.wrapping_add(seed)).next_image().to_vec()
        }
    }
}

fn pick(seed: u64, images: &ImageSet, experiment: &Experiment, source: &ImageSource) -> Vec<u8> {
    let all = images.len();
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
    let index = generator(seed, Stream::Sample, 0).random_range(0..choice.len());
    images.image(choice[index] as usize).to_vec()
}
