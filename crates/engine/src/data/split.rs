//! Split of the samples into training and validation.

use rand::seq::SliceRandom;
use rand_pcg::Pcg32;

/// PCG stream of the split, so that it shares no numbers with weights, shuffling or noise of the same seed.
const SPLIT_STREAM: u64 = 0x5911;

/// Indices of the training and validation samples, each in shuffled order; together every sample once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Samples to train on.
    pub train: Vec<u32>,
    /// Samples to validate on.
    pub validation: Vec<u32>,
}

/// Holds out `validation_share` (0 to 1, rounded to whole samples) of `count` samples, chosen by `seed`.
///
/// At least one sample stays to train on; a share above 0 holds out at least one of two or more.
pub fn split(count: usize, validation_share: f32, seed: u64) -> Split {
    let total = u32::try_from(count).unwrap_or(u32::MAX);
    let mut train: Vec<u32> = (0..total).collect();
    train.shuffle(&mut Pcg32::new(seed, SPLIT_STREAM));
    let rounded = (f64::from(total) * f64::from(validation_share.clamp(0.0, 1.0))).round() as usize;
    let min = usize::from(validation_share > 0.0);
    let held_out = rounded.max(min).min(train.len().saturating_sub(1));
    let validation = train.split_off(train.len() - held_out);
    Split { train, validation }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_image_is_on_one_side() {
        for (count, share, held_out) in
            [(1000, 0.1, 100), (7, 0.5, 4), (10, 0.0, 0), (2, 0.01, 1), (1, 0.5, 0), (0, 0.5, 0), (5, 1.0, 4)]
        {
            let Split { train, validation } = split(count, share, 3);
            assert_eq!(validation.len(), held_out, "{count} images, share {share}");
            let mut all = [train, validation].concat();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..count as u32));
        }
    }

    #[test]
    fn the_seed_chooses_and_nothing_else() {
        assert_eq!(split(500, 0.2, 1), split(500, 0.2, 1));
        assert_ne!(split(500, 0.2, 1), split(500, 0.2, 2));
        let chosen = split(500, 0.2, 1).validation;
        let mean = chosen.iter().map(|&index| f64::from(index)).sum::<f64>() / 100.0;
        assert!((200.0..300.0).contains(&mean), "held out from all over, not from one end: mean index {mean}");
    }
}
