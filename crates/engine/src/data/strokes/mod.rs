//! Handwritten-style digits, seeded and endless.
//!
//! A digit is one of its [`shapes`], written by a [`hand`] that bends and trembles, with a [`pen`] of some width, and
//! ends in MNIST's frame. What a denoiser learns from them carries over to real handwriting.

mod hand;
mod pen;
mod shapes;

use rand::RngExt;
use rand_pcg::Pcg32;

use super::{ImageSet, PIXELS};
use hand::bell;
use shapes::{DIGITS, Shape};

/// PCG's stream for the digits, so that they share no numbers with what else an experiment's seed draws.
const STROKES_STREAM: u64 = 0x57_80_4e;

/// Draws digits one after another.
#[derive(Clone, Debug)]
pub struct StrokeGenerator {
    rng: Pcg32,
}

impl StrokeGenerator {
    /// A generator; the same seed draws the same digits, on every machine.
    pub fn new(seed: u64) -> Self {
        Self { rng: Pcg32::new(seed, STROKES_STREAM) }
    }

    /// Draws the next digit, any of the ten: 28x28 bytes, row by row, 0 for paper and 255 for ink.
    pub fn next_image(&mut self) -> [u8; PIXELS] {
        let digit = self.rng.random_range(0..DIGITS.len());
        self.draw(digit)
    }

    fn draw(&mut self, digit: usize) -> [u8; PIXELS] {
        let paths = hand::write(choose(DIGITS[digit], &mut self.rng), &mut self.rng);
        // Squared, for thick pens lie further from the usual one than thin ones do.
        let width_px = 2.6 * (1.0 + 0.15 * bell(&mut self.rng)).powi(2);
        pen::draw(&paths, width_px / 2.0)
    }
}

/// The first `count` digits of `seed`.
pub fn strokes(seed: u64, count: usize) -> ImageSet {
    let mut generator = StrokeGenerator::new(seed);
    let pixels = (0..count).flat_map(|_| generator.next_image()).collect();
    ImageSet { name: "Generated digits".into(), pixels, warnings: Vec::new() }
}

fn choose<'a>(shapes: &'a [Shape], rng: &mut Pcg32) -> &'a Shape {
    let mut left = rng.random_range(0..shapes.iter().map(|shape| shape.share).sum());
    shapes
        .iter()
        .find(|shape| match left.checked_sub(shape.share) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        })
        .expect("the number drawn is below the sum of the shares")
}
