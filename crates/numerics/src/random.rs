//! Random numbers that depend on nothing but a seed: PCG32 (O'Neill 2014), one stream per use.
//!
//! Weights, shuffling and noise are drawn on the host, so that CPU, GPU, page and terminal all begin with the same
//! numbers. Each use has its own stream: drawing more noise does not change the shuffling.

use rand_pcg::Pcg32;

/// Use of a stream of random numbers. The order of the variants is part of every result: new ones go to the end.
#[derive(Clone, Copy, Debug)]
pub enum Stream {
    /// Initial weights.
    Weights,
    /// Order of an epoch's samples.
    Shuffle,
    /// Corruption of an epoch's training samples.
    TrainingNoise,
    /// Corruption of the validation samples: the same in every epoch, so that losses compare.
    ValidationNoise,
    /// Corruption of pictures that are shown, and of those that a model is measured on.
    PictureNoise,
    /// Choice of a held-out sample to show.
    Sample,
    /// Choice of the rows of a table that train.
    TableRows,
    /// Dropout masks.
    Dropout,
    /// Choice of the prepared rows that are kept, in a training sample or for replay.
    Rows,
    /// Noise, directions and codes of a model's measurements.
    Measure,
    /// Augmentation of an epoch's training pictures.
    Augmentation,
    /// Trees that predict a table's columns.
    ColumnTrees,
    /// Rows drawn anew for the intervals of measures.
    Bootstrap,
    /// Start and samples of a search of neighbours.
    Neighbours,
    /// Start and samples of a map.
    Projection,
}

/// Generator of a stream; `index` distinguishes its parts, such as epochs.
pub fn generator(seed: u64, stream: Stream, index: u64) -> Pcg32 {
    Pcg32::new(mix(seed ^ mix(index)), stream as u64)
}

/// Seed of one step of a run.
pub const fn step_seed(seed: u64, step: usize) -> u64 {
    mix(seed ^ mix(step as u64))
}

/// Finaliser of SplitMix64 (Steele, Lea and Flood 2014): neighbouring seeds give unrelated states.
pub const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn streams_keep_their_numbers() {
        // As every model, detector and sample so far was drawn.
        let first = |stream, index| generator(7, stream, index).next_u32();
        let drawn = [
            first(Stream::Weights, 0),
            first(Stream::Weights, 1),
            first(Stream::TableRows, 0),
            first(Stream::Augmentation, 3),
        ];
        assert_eq!(drawn, [979_708_841, 4_237_175_594, 609_759_607, 2_690_165_624]);
    }
}
