//! Real digits that ship with the program.

use std::io::Read;

use flate2::read::GzDecoder;

use pinhole_protocol::GridShape;

use super::{
    Labels, SampleSet, centre_drawing,
    resample::{Size, enlarge_smoothly},
    tint::Tinter,
};

/// 1,797 images of 8x8 bytes, 0 to 16, each with its class (`assets/NOTICE` says whose, `assets/digits8x8.py` how it was
/// made).
const PACKED: &[u8] = include_bytes!("../../assets/digits8x8.bin.gz");

/// Pixels in a row of an image in the file.
const SMALL_SIDE: usize = 8;

/// With a pixel of paper around it, so that strokes at the edge are rounded off like all others.
const FRAMED_SIDE: usize = SMALL_SIDE + 2;

/// Pixels that one becomes before the result is centred; centring then averages them, which makes grey edges.
const ENLARGEMENT: usize = 6;

/// A pixel's value when all of the 4x4 block it counts is ink.
const FULL: f32 = 16.0;

/// Ink in a block below which there is paper, and above which there is full ink.
const EDGE: [f32; 2] = [0.3, 0.72];

/// Fixes the colours of tinted digits.
const TINT_SEED: u64 = 8;

/// The 1,797 real digits of the test part of "Optical Recognition of Handwritten Digits" (Alpaydin and Kaynak, UCI 1998,
/// CC BY 4.0) with their labels, enlarged and centred as MNIST's are, in pictures of any shape with 1 channel or, tinted,
/// with 3.
///
/// # Panics
/// Never: the file is part of the program, and a test reads it.
pub fn digits8x8(shape: GridShape) -> SampleSet {
    let mut packed = Vec::new();
    GzDecoder::new(PACKED).read_to_end(&mut packed).expect("the file in the program is whole");
    let (rows, _) = packed.as_chunks::<{ SMALL_SIDE * SMALL_SIDE + 1 }>();
    let mut tinter = Tinter::new(TINT_SEED);
    let mut pixels = Vec::with_capacity(rows.len() * shape.len());
    for [small @ .., _] in rows {
        let grey = enlarge(small, GridShape { channels: 1, ..shape });
        pixels.extend(if shape.channels == 3 { tinter.tint(&grey) } else { grey });
    }
    let labels = Labels::of_digits(rows.iter().map(|[.., label]| *label));
    SampleSet::pictures("UCI digits, enlarged", shape, pixels).with_labels(labels)
}

/// The blocks' counts are a blurred picture of a line of ink: interpolated smoothly and cut at about half, the line's
/// outline comes back.
fn enlarge(small: &[u8], shape: GridShape) -> Vec<u8> {
    let mut framed = [0; FRAMED_SIDE * FRAMED_SIDE];
    for (target, row) in framed.chunks_exact_mut(FRAMED_SIDE).skip(1).zip(small.chunks_exact(SMALL_SIDE)) {
        target[1..=SMALL_SIDE].copy_from_slice(row);
    }
    let side = FRAMED_SIDE * ENLARGEMENT;
    let smooth = enlarge_smoothly(&framed, Size::square(FRAMED_SIDE), Size::square(side));
    let ink = |value: &f32| {
        let cover = ((value / FULL - EDGE[0]) / (EDGE[1] - EDGE[0])).clamp(0.0, 1.0);
        (255.0 * cover).round() as u8
    };
    let drawing: Vec<u8> = smooth.iter().map(ink).collect();
    let centred = centre_drawing(&drawing, side, side, shape).expect("the drawing has side x side pixels");
    centred.into_iter().map(|value| (255.0 * value).round() as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 28;
    const PIXELS: usize = SIDE * SIDE;

    #[test]
    fn all_are_there_and_look_like_mnist() {
        let digits = digits8x8(GridShape::MNIST);
        assert_eq!(digits.len(), 1797);
        for index in 0..digits.len() {
            let image = digits.picture(index).expect("digits are pictures");
            let span = |place: fn(usize) -> usize| {
                let inked = || (0..PIXELS).filter(|&pixel| image[pixel] > 0).map(place);
                inked().max().zip(inked().min()).map_or(0, |(last, first)| last - first + 1)
            };
            let longer = span(|pixel| pixel % SIDE).max(span(|pixel| pixel / SIDE));
            // The box's outermost row may hold ink too faint for a byte.
            assert!((19..=20).contains(&longer), "image {index} has {longer} pixels on its longer side");
            assert!(image.iter().any(|&value| value > 200), "image {index} is pale");
        }
        let mean = digits.pixels().iter().map(|&value| f64::from(value)).sum::<f64>() / (1797 * PIXELS) as f64 / 255.0;
        assert!((0.10..0.16).contains(&mean), "MNIST's mean is 0.131, here {mean}");
    }
    #[test]
    fn every_digit_has_its_label() {
        let digits = digits8x8(GridShape { channels: 3, height: 16, width: 16 });
        assert_eq!((digits.len(), digits.shape().channels), (1797, 3));
        // UCI's own counts of the ten classes.
        let count = |class| (0..1797).filter(|&index| digits.labels().of_sample(index) == Some(class)).count();
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(count), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    }
}
