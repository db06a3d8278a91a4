//! The 8x8 digits of the UCI repository, which ship with the program.

use std::io::Read;

use flate2::read::GzDecoder;

use pinhole_protocol::GridShape;

use super::{
    centre::centre_drawing,
    labels::Labels,
    resample::{Size, enlarge_smoothly},
    sample_set::SampleSet,
    tint::Tinter,
};

/// 1,797 images of 8x8 bytes, 0 to 16, each followed by its class. `assets/NOTICE` names the source,
/// `assets/digits8x8.py` made the file.
const PACKED: &[u8] = include_bytes!("../../assets/digits8x8.bin.gz");

/// Side of an image in the file, in pixels.
const SMALL_SIDE: usize = 8;

/// Side with a border of one pixel of paper, so that strokes at the edge are rounded off like all others.
const FRAMED_SIDE: usize = SMALL_SIDE + 2;

/// Enlargement of a pixel before centring, which then averages pixels to grey edges.
const ENLARGEMENT: usize = 6;

/// Value of a pixel whose 4x4 block is all ink: the number of its ink pixels.
const FULL_INK: f32 = 16.0;

/// Share of ink below which a pixel becomes paper, and above which it becomes full ink.
const EDGE: [f32; 2] = [0.3, 0.72];

/// Seed of the colours of tinted digits.
const TINT_SEED: u64 = 8;

/// The 1,797 digits of the test part of "Optical Recognition of Handwritten Digits" (Alpaydin and Kaynak, UCI 1998, CC
/// BY 4.0) with their labels, enlarged and centred as MNIST's are. Pictures have any size, and 1 channel or, tinted, 3.
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

/// Enlarges an image. Counts of ink pixels per block are a blurred picture of a line: interpolated smoothly and
/// thresholded at about half, the line's outline is restored.
fn enlarge(small: &[u8], shape: GridShape) -> Vec<u8> {
    let mut framed = [0; FRAMED_SIDE * FRAMED_SIDE];
    for (target, row) in framed.chunks_exact_mut(FRAMED_SIDE).skip(1).zip(small.chunks_exact(SMALL_SIDE)) {
        target[1..=SMALL_SIDE].copy_from_slice(row);
    }
    let side = FRAMED_SIDE * ENLARGEMENT;
    let smooth = enlarge_smoothly(&framed, Size::square(FRAMED_SIDE), Size::square(side));
    let ink = |value: &f32| {
        let cover = ((value / FULL_INK - EDGE[0]) / (EDGE[1] - EDGE[0])).clamp(0.0, 1.0);
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
    fn there_are_1797_digits_that_look_like_mnists() {
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
        // Counts of the ten classes as UCI publishes them.
        let count = |class| (0..1797).filter(|&index| digits.labels().of_sample(index) == Some(class)).count();
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(count), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    }
}
