//! Random colours of ink and paper.

use rand::RngExt;
use rand_pcg::Pcg32;

/// PCG stream of the colours, so that a digit keeps its outline when it is tinted.
const TINT_STREAM: u64 = 0x7143;

/// Upper bound of the paper's value in each channel, so that ink stands out.
const MAX_PAPER: f32 = 0.35;
/// Lower bound of the ink's value in each channel.
const MIN_INK: f32 = 0.3;

/// Tints grey pictures, each in colours of its own.
#[derive(Clone, Debug)]
pub(super) struct Tinter {
    rng: Pcg32,
}

impl Tinter {
    /// A tinter whose colours depend on the seed alone.
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: Pcg32::new(seed, TINT_STREAM) }
    }

    /// Red, green and blue planes of a grey picture: dark paper where it is 0, bright ink where it is 255.
    pub(super) fn tint(&mut self, grey: &[u8]) -> Vec<u8> {
        let full_channel = self.rng.random_range(0..3);
        let colours: [[f32; 2]; 3] = std::array::from_fn(|channel| {
            let paper = MAX_PAPER * self.rng.random::<f32>();
            let ink = MIN_INK + (1.0 - MIN_INK) * self.rng.random::<f32>();
            // One channel is at its maximum, so that every ink is bright.
            [paper, if channel == full_channel { 1.0 } else { ink.max(paper) }]
        });
        colours
            .iter()
            .flat_map(|[paper, ink]| {
                grey.iter().map(move |&cover| (255.0 * paper + f32::from(cover) * (ink - paper)).round() as u8)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_is_brighter_than_paper_in_every_channel_and_full_in_one() {
        let mut tinter = Tinter::new(3);
        for _ in 0..50 {
            let planes = tinter.tint(&[0, 255]);
            assert!(planes.chunks(2).all(|pair| pair[0] <= pair[1] && pair[0] < 90));
            assert!(planes.chunks(2).any(|pair| pair[1] == 255));
        }
    }

    #[test]
    fn colours_are_seeded_and_differ_from_picture_to_picture() {
        let two = |seed| {
            let mut tinter = Tinter::new(seed);
            [tinter.tint(&[0, 255]), tinter.tint(&[0, 255])]
        };
        assert_eq!(two(1), two(1));
        assert_ne!(two(1), two(2));
        assert_ne!(two(1)[0], two(1)[1]);
    }
}
