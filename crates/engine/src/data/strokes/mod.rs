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

/// Usual width of the pen; strokes in MNIST have a median width of 2.6 pixels.
const PEN_WIDTH_PX: f32 = 2.6;

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
        let root = 1.0 + 0.15 * bell(&mut self.rng);
        pen::draw(&paths, PEN_WIDTH_PX / 2.0 * root * root)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::SIDE;

    #[test]
    fn a_seed_draws_the_same_digits_everywhere() {
        // FNV-1a. It changes only when the generator is changed on purpose; then experiments on record give other numbers.
        let hash = strokes(1, 200)
            .pixels
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        assert_eq!(hash, 6_366_319_961_683_238_942);
        assert_ne!(strokes(1, 20).pixels, strokes(2, 20).pixels);
    }

    #[test]
    fn one_after_another_is_the_same_as_all_at_once() {
        let mut generator = StrokeGenerator::new(7);
        let all = strokes(7, 30);
        assert_eq!(all.len(), 30);
        assert!((0..30).all(|index| generator.next_image() == all.image(index)));
    }

    #[test]
    fn digits_sit_where_mnist_has_them() {
        let set = strokes(3, 2000);
        for index in 0..set.len() {
            let image = set.image(index);
            let mass: f64 = image.iter().map(|&value| f64::from(value)).sum();
            assert!(mass > 0.0, "image {index} is empty");
            for place in [|pixel: usize| pixel % SIDE, |pixel: usize| pixel / SIDE] {
                let inked = || (0..PIXELS).filter(|&pixel| image[pixel] > 0).map(place);
                let (first, last) = inked().min().zip(inked().max()).expect("there is ink");
                assert!(last - first < 20, "image {index} spans {first} to {last}");
                let centre =
                    image.iter().enumerate().map(|(pixel, &value)| f64::from(value) * place(pixel) as f64).sum::<f64>()
                        / mass;
                let is_at_edge = first == 0 || last == SIDE - 1;
                assert!((centre - 14.0).abs() < 0.52 || is_at_edge, "image {index} has its mass at {centre}");
            }
        }
    }

    #[test]
    fn ink_and_greys_are_those_of_mnist() {
        let values: Vec<f64> = strokes(5, 3000).pixels.iter().map(|&value| f64::from(value) / 255.0).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let deviation =
            (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / values.len() as f64).sqrt();
        assert!((mean - 0.1307).abs() < 0.01, "MNIST's mean is 0.1307, here {mean}");
        assert!((deviation - 0.3081).abs() < 0.01, "MNIST's deviation is 0.3081, here {deviation}");
    }

    #[test]
    fn every_shape_is_well_formed() {
        for shape in DIGITS.iter().copied().flatten() {
            assert!(shape.share > 0);
            for path in shape.paths {
                assert!(path.len() >= 3, "a curve needs knots between its ends");
                assert!(path.iter().all(|knot| (0.0..=90.0).contains(&knot.x) && (0.0..=100.0).contains(&knot.y)));
            }
        }
    }
}
