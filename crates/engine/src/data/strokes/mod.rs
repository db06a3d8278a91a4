//! Generator of handwritten-style digits, seeded and endless.
//!
//! A digit is one of its [`shapes`], varied by [`handwriting`] and drawn by a [`pen`] of some width, centred as in
//! MNIST. A denoiser trained on these digits also works on real handwriting.

mod handwriting;
mod pen;
mod shapes;

use pinhole_protocol::{GridShape, STROKE_ATTRIBUTES};
use rand::RngExt;
use rand_pcg::Pcg32;

use self::{
    handwriting::{Writing, nearly_normal},
    shapes::{DIGITS, Shape},
};
use super::{
    attributes::{Attribute, Attributes},
    canvas::Canvas,
    labels::Labels,
    sample_set::SampleSet,
    tint::Tinter,
};

/// PCG stream of the digits, so that they share no numbers with other draws of an experiment's seed.
const STROKES_STREAM: u64 = 0x57_80_4e;

/// Usual width of the pen, in pixels of MNIST, whose strokes have a median width of 2.6 pixels.
const PEN_WIDTH_PX: f32 = 2.6;

/// A generated digit.
struct Drawing {
    digit: u8,
    /// Bytes, 0 for paper and 255 for ink.
    pixels: Vec<u8>,
    /// A number for each of [`STROKE_ATTRIBUTES`].
    attributes: [f32; 2],
}

/// Generator of digits, one after another.
#[derive(Clone, Debug)]
pub struct StrokeGenerator {
    rng: Pcg32,
    shape: GridShape,
    tinter: Option<Tinter>,
}

impl StrokeGenerator {
    /// A generator of pictures of a shape with 1 channel (white ink on black) or 3 (tinted ink on tinted paper). The same
    /// seed draws the same digits, on every machine and in every shape.
    pub fn new(seed: u64, shape: GridShape) -> Self {
        let tinter = (shape.channels == 3).then(|| Tinter::new(seed));
        Self { rng: Pcg32::new(seed, STROKES_STREAM), shape, tinter }
    }

    /// Returns the next digit, any of the ten, and its bytes, 0 for paper and 255 for ink.
    pub fn next_digit(&mut self) -> (u8, Vec<u8>) {
        let Drawing { digit, pixels, .. } = self.draw();
        (digit, pixels)
    }

    /// An empty set, to which [`Self::draw_into`] adds digits.
    pub fn empty_set(&self) -> SampleSet {
        SampleSet::pictures("Generated digits", self.shape, Vec::new())
            .with_labels(Labels::of_digits([]))
            .with_attributes(Attributes::new(
                STROKE_ATTRIBUTES.map(|name| Attribute { name: name.into(), values: Vec::new() }).into(),
            ))
    }

    /// Adds one more digit to a set that [`Self::empty_set`] created.
    pub fn draw_into(&mut self, set: &mut SampleSet) {
        let Drawing { digit, pixels, attributes } = self.draw();
        set.push_picture(&pixels, digit, &attributes);
    }

    fn draw(&mut self) -> Drawing {
        let digit = self.rng.random_range(0..DIGITS.len());
        let Writing { paths, slant } = handwriting::write(choose(DIGITS[digit], &mut self.rng), &mut self.rng);
        // Squared, as thick pens lie further from the usual width than thin ones.
        let root = 1.0 + 0.15 * nearly_normal(&mut self.rng);
        let pen_width_px = PEN_WIDTH_PX * root * root;
        let ink = pen::draw(&paths, pen_width_px / 2.0, Canvas::of(self.shape));
        let pixels = match &mut self.tinter {
            Some(tinter) => tinter.tint(&ink),
            None => ink,
        };
        Drawing { digit: digit as u8, pixels, attributes: [slant, pen_width_px] }
    }
}

/// The first `count` digits of `seed` at MNIST's size, with their labels.
pub fn strokes(seed: u64, count: usize) -> SampleSet {
    let mut generator = StrokeGenerator::new(seed, GridShape::MNIST);
    let mut set = generator.empty_set();
    (0..count).for_each(|_| generator.draw_into(&mut set));
    set
}

fn choose<'a>(shapes: &'a [Shape], rng: &mut Pcg32) -> &'a Shape {
    let mut remaining = rng.random_range(0..shapes.iter().map(|shape| shape.weight).sum());
    shapes
        .iter()
        .find(|shape| match remaining.checked_sub(shape.weight) {
            Some(rest) => {
                remaining = rest;
                false
            }
            None => true,
        })
        .expect("the number drawn is below the sum of the weights")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 28;
    const PIXELS: usize = SIDE * SIDE;

    #[test]
    fn a_seed_draws_the_same_digits_everywhere() {
        // FNV-1a. The hash changes only if the generator is changed on purpose; recorded experiments then give other
        // numbers.
        let hash = strokes(1, 200)
            .pixels()
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        assert_eq!(hash, 6_366_319_961_683_238_942);
        assert_ne!(strokes(1, 20), strokes(2, 20));
    }

    #[test]
    fn one_after_another_is_the_same_as_all_at_once() {
        let mut generator = StrokeGenerator::new(7, GridShape::MNIST);
        let all = strokes(7, 30);
        assert_eq!(all.len(), 30);
        for index in 0..30 {
            let (digit, pixels) = generator.next_digit();
            assert_eq!(all.picture(index), Some(&pixels[..]));
            assert_eq!(all.labels().of_sample(index), Some(digit));
        }
    }

    #[test]
    fn a_digit_is_the_same_in_every_shape() {
        let digits = |channels, height, width| {
            let mut generator = StrokeGenerator::new(11, GridShape { channels, height, width });
            (0..20).map(|_| generator.next_digit()).collect::<Vec<_>>()
        };
        let mnist = digits(1, 28, 28);
        for (channels, height, width) in [(1, 16, 16), (1, 64, 64), (3, 32, 32), (1, 20, 40)] {
            for ((digit, pixels), (same, usual)) in digits(channels, height, width).iter().zip(&mnist) {
                assert_eq!((digit, pixels.len()), (same, channels * height * width));
                let share =
                    |pixels: &[u8]| pixels.iter().map(|&value| f64::from(value)).sum::<f64>() / pixels.len() as f64;
                if channels == 1 && height == width {
                    assert!((share(pixels) - share(usual)).abs() < 12.0, "{height}x{width} has as much ink");
                }
            }
        }
        let coloured = &digits(3, 28, 28)[0].1;
        assert_ne!(coloured[..PIXELS], coloured[PIXELS..2 * PIXELS]);
    }

    #[test]
    fn digits_are_centred_as_mnists() {
        let set = strokes(3, 2000);
        for index in 0..set.len() {
            let image = set.picture(index).expect("digits are pictures");
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
        let values: Vec<f64> = strokes(5, 3000).pixels().iter().map(|&value| f64::from(value) / 255.0).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let deviation =
            (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / values.len() as f64).sqrt();
        assert!((mean - 0.1307).abs() < 0.01, "MNIST's mean is 0.1307, here {mean}");
        assert!((deviation - 0.3081).abs() < 0.01, "MNIST's deviation is 0.3081, here {deviation}");
    }

    #[test]
    fn every_shape_is_well_formed() {
        for shape in DIGITS.iter().copied().flatten() {
            assert!(shape.weight > 0);
            for path in shape.paths {
                assert!(path.len() >= 3, "a curve needs knots between its ends");
                assert!(path.iter().all(|knot| (0.0..=90.0).contains(&knot.x) && (0.0..=100.0).contains(&knot.y)));
            }
        }
    }
}
