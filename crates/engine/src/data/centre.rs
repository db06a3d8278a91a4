//! Centring of drawings, as MNIST's digits are.

use pinhole_protocol::GridShape;

use super::{
    canvas::Canvas,
    error::DataError,
    resample::{Size, resize},
};

/// Scales and centres a drawing (row by row, 0 paper, 255 ink) as MNIST's digits are, at any size. Returns
/// `shape.len()` values, 0 to 1.
///
/// The ink's bounding box is scaled to 20/28 of the picture's shorter side, with its aspect kept, each pixel the mean
/// of the area it covers. It is then moved by whole pixels so that its centre of mass is nearest to the middle, pixel
/// (14, 14) of MNIST, but never over the edge. A drawing without ink gives zeros. In a picture of several channels the
/// ink is white.
///
/// # Errors
/// When the drawing does not have `width * height` pixels.
pub fn centre_drawing(pixels: &[u8], width: usize, height: usize, shape: GridShape) -> Result<Vec<f32>, DataError> {
    if width.checked_mul(height) != Some(pixels.len()) {
        return Err(DataError::DrawingSize { pixels: pixels.len(), width, height });
    }
    let Some(ink) = InkBox::around(pixels, width) else { return Ok(vec![0.0; shape.len()]) };
    let cropped: Vec<u8> =
        (ink.top..ink.bottom).flat_map(|y| &pixels[y * width..][ink.left..ink.right]).copied().collect();
    let canvas = Canvas::of(shape);
    let size = ink.size().fit(canvas.box_side());
    let scaled: Vec<f32> =
        resize(&cropped, ink.size(), size).into_iter().map(|value| (value / 255.0).clamp(0.0, 1.0)).collect();
    Ok(paste_by_mass(&scaled, size, canvas).repeat(shape.channels))
}

/// Bounding box of the ink; `right` and `bottom` are exclusive.
struct InkBox {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl InkBox {
    /// `None` without ink.
    fn around(pixels: &[u8], width: usize) -> Option<Self> {
        // The faint edge of a soft brush is not ink: it would make the digit smaller.
        let faintest = (pixels.iter().copied().max()? / 8).max(1);
        let has_ink = |row: &[u8]| row.iter().any(|&value| value >= faintest);
        let top = pixels.chunks_exact(width).position(has_ink)?;
        let bottom = pixels.chunks_exact(width).rposition(has_ink)? + 1;
        let inked = |row: &[u8], from_end: bool| {
            let mut columns = row.iter().map(|&value| value >= faintest);
            if from_end { columns.rposition(|ink| ink) } else { columns.position(|ink| ink) }
        };
        let rows = || pixels.chunks_exact(width);
        let left = rows().filter_map(|row| inked(row, false)).min()?;
        let right = rows().filter_map(|row| inked(row, true)).max()? + 1;
        Some(Self { left, top, right, bottom })
    }

    const fn size(&self) -> Size {
        Size { width: self.right - self.left, height: self.bottom - self.top }
    }
}

/// Pastes ink into a black picture, with its centre of mass nearest to the middle.
fn paste_by_mass(ink: &[f32], size: Size, canvas: Canvas) -> Vec<f32> {
    let (mut mass, mut moment_x, mut moment_y) = (0.0, 0.0, 0.0);
    for (y, row) in ink.chunks_exact(size.width).enumerate() {
        for (x, value) in row.iter().enumerate() {
            mass += value;
            moment_x += value * x as f32;
            moment_y += value * y as f32;
        }
    }
    let mut picture = vec![0.0; canvas.len()];
    if mass == 0.0 {
        return picture;
    }
    let place = |moment: f32, length: usize, side: usize| {
        let start = (side as f32 / 2.0 - moment / mass).round().max(0.0) as usize;
        start.min(side - length)
    };
    let left = place(moment_x, size.width, canvas.width);
    let top = place(moment_y, size.height, canvas.height);
    for (target, row) in picture.chunks_exact_mut(canvas.width).skip(top).zip(ink.chunks_exact(size.width)) {
        target[left..left + size.width].copy_from_slice(row);
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAD: usize = 280;
    const SIDE: usize = 28;
    const PIXELS: usize = SIDE * SIDE;
    const BOX_SIDE: usize = 20;

    /// The drawing centred as an MNIST digit.
    fn centred(pixels: &[u8], width: usize, height: usize) -> Vec<f32> {
        centre_drawing(pixels, width, height, GridShape::MNIST).expect("sizes match")
    }

    /// A pad with discs of ink along lines through `points`.
    fn draw(points: &[(f32, f32)], radius: f32) -> Vec<u8> {
        let mut pad = vec![0; PAD * PAD];
        for pair in points.windows(2) {
            for step in 0_u8..=60 {
                let t = f32::from(step) / 60.0;
                let (x, y) = (pair[0].0 + t * (pair[1].0 - pair[0].0), pair[0].1 + t * (pair[1].1 - pair[0].1));
                for (index, pixel) in pad.iter_mut().enumerate() {
                    let (dx, dy) = ((index % PAD) as f32 - x, (index / PAD) as f32 - y);
                    if dx * dx + dy * dy <= radius * radius {
                        *pixel = 255;
                    }
                }
            }
        }
        pad
    }

    fn bounds(picture: &[f32]) -> (usize, usize) {
        let lit = |index: usize| picture[index] > 0.0;
        let span = |used: Vec<usize>| used.iter().max().zip(used.iter().min()).map_or(0, |(max, min)| max - min + 1);
        let lit_pixels = || (0..PIXELS).filter(|&index| lit(index));
        (span(lit_pixels().map(|i| i % SIDE).collect()), span(lit_pixels().map(|i| i / SIDE).collect()))
    }

    fn centre_of_mass(picture: &[f32]) -> (f32, f32) {
        let mass: f32 = picture.iter().sum();
        let x: f32 = picture.iter().enumerate().map(|(i, v)| v * (i % SIDE) as f32).sum();
        let y: f32 = picture.iter().enumerate().map(|(i, v)| v * (i / SIDE) as f32).sum();
        (x / mass, y / mass)
    }

    #[test]
    fn an_empty_pad_stays_empty() {
        assert_eq!(centred(&[0; 100], 20, 5), vec![0.0; PIXELS]);
        assert_eq!(centred(&[], 0, 0), vec![0.0; PIXELS]);
    }

    #[test]
    fn a_size_that_does_not_match_is_refused() {
        let refusal = |width| centre_drawing(&[0; 100], width, 20, GridShape::MNIST).map_err(|error| error.to_string());
        let error = refusal(20).expect_err("400 pixels announced");
        assert!(error.contains("100 pixels") && error.contains("20x20"), "{error}");
        assert!(refusal(usize::MAX).is_err());
    }

    #[test]
    fn a_dot_is_centred_wherever_it_was() {
        for corner in [(3.0, 3.0), (270.0, 100.0)] {
            let picture = centred(&draw(&[corner, corner], 4.0), PAD, PAD);
            assert_eq!(bounds(&picture), (BOX_SIDE, BOX_SIDE));
        }
    }

    #[test]
    fn one_pixel_of_ink_is_enough() {
        let mut pad = [0; 9];
        pad[4] = 1;
        let picture = centred(&pad, 3, 3);
        assert!(picture.iter().any(|&value| value > 0.0));
    }

    #[test]
    fn other_shapes_have_the_same_drawing_in_their_middle() {
        let drawing = draw(&[(60.0, 60.0), (60.0, 220.0), (150.0, 220.0)], 10.0);
        for (channels, height, width, longer) in [(1, 16, 16, 11), (3, 64, 64, 46), (1, 40, 20, 14)] {
            let shape = GridShape { channels, height, width };
            let picture = centre_drawing(&drawing, PAD, PAD, shape).expect("sizes match");
            assert_eq!(picture.len(), shape.len());
            let plane = &picture[..height * width];
            assert!(picture.chunks(height * width).all(|other| other == plane), "the ink is white");
            let rows: Vec<usize> =
                (0..height).filter(|y| plane[y * width..][..width].iter().any(|&value| value > 0.0)).collect();
            assert_eq!(rows.len(), longer, "{height}x{width}");
            let mass: f32 = plane.iter().sum();
            let centre = plane.iter().enumerate().map(|(i, v)| v * (i / width) as f32).sum::<f32>() / mass;
            assert!((centre - height as f32 / 2.0).abs() < 0.6, "{height}x{width} has its mass at {centre}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn drawings_are_centred_as_mnists_digits_are(
            points in proptest::collection::vec((20.0_f32..260.0, 20.0_f32..260.0), 2..5), radius in 5.0_f32..14.0
        ) {
            let picture = centred(&draw(&points, radius), PAD, PAD);
            let (width, height) = bounds(&picture);
            prop_assert_eq!(width.max(height), BOX_SIDE);
            prop_assert!(picture.iter().all(|value| (0.0..=1.0).contains(value)));
            let (x, y) = centre_of_mass(&picture);
            // The box can move by 8 pixels, so a mass far off its middle is followed to the edge and no further.
            let at_edge = |on_edge: fn(usize) -> bool| (0..PIXELS).any(|i| on_edge(i) && picture[i] > 0.0);
            let at_side = at_edge(|i| i % SIDE == 0 || i % SIDE == SIDE - 1);
            let at_top_or_bottom = at_edge(|i| !(SIDE..PIXELS - SIDE).contains(&i));
            prop_assert!((x - 14.0).abs() <= 0.501 || at_side, "centre of mass in column {}", x);
            prop_assert!((y - 14.0).abs() <= 0.501 || at_top_or_bottom, "centre of mass in row {}", y);
        }

        #[test]
        fn any_bytes_are_a_drawing(pixels in proptest::collection::vec(any::<u8>(), 1..400), width in 1_usize..20) {
            let height = pixels.len() / width;
            let picture = centred(&pixels[..width * height], width, height);
            prop_assert!(picture.iter().all(|value| (0.0..=1.0).contains(value)));
        }
    }
}
