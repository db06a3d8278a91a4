//! Resizing of pictures.

/// Width and height of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Size {
    pub(super) const fn square(side: usize) -> Self {
        Self { width: side, height: side }
    }

    /// Indices of the outermost pixels.
    pub(super) fn border(self) -> impl Iterator<Item = usize> {
        let Self { width, height } = self;
        let is_end = move |y: usize| y == 0 || y + 1 == height;
        (0..height).flat_map(move |y| {
            let step = if is_end(y) { 1 } else { (width - 1).max(1) };
            (0..width).step_by(step).map(move |x| y * width + x)
        })
    }

    /// The largest size of the same aspect whose longer side is `side`; no side below 1.
    pub(super) fn fit(self, side: usize) -> Self {
        self.fit_into(Self::square(side))
    }

    /// The largest size of the same aspect inside `frame`; no side below 1.
    pub(super) fn fit_into(self, frame: Self) -> Self {
        let scale = |length: usize, to: usize, from: usize| ((length * to + from / 2) / from).max(1);
        if self.width * frame.height >= self.height * frame.width {
            Self { width: frame.width, height: scale(self.height, frame.width, self.width) }
        } else {
            Self { width: scale(self.width, frame.height, self.height), height: frame.height }
        }
    }
}

/// Resizes a grey picture, row by row, each axis by itself.
///
/// When it shrinks, a pixel is the mean of the area it covers, which neither aliases nor overshoots; when it grows,
/// pixels are interpolated linearly. The same size changes nothing. No side may be 0.
pub(super) fn resize<T: Copy + Into<f32>>(pixels: &[T], from: Size, to: Size) -> Vec<f32> {
    let mut resized = RowResizer::new(from, to);
    pixels.chunks_exact(from.width).for_each(|row| resized.push_row(row));
    resized.finish()
}

/// Enlarges a grey picture by cubic interpolation (Catmull-Rom), which is smooth and overshoots a little at edges.
pub(super) fn enlarge_smoothly<T: Copy + Into<f32>>(pixels: &[T], from: Size, to: Size) -> Vec<f32> {
    let taps = |from, to| (0..to).map(|target| cubic_taps(target, from, to)).collect::<Vec<_>>();
    let mut enlarged = RowResizer::of_taps(from.height, taps(from.width, to.width), &taps(from.height, to.height));
    pixels.chunks_exact(from.width).for_each(|row| enlarged.push_row(row));
    enlarged.finish()
}

/// A resized picture that is given the rows of its source one after the other.
///
/// Each row is resampled once and added to the target rows that it has a weight in, so that a large photograph needs no
/// second copy in floats.
pub(super) struct RowResizer {
    /// Taps of each target column.
    columns: Vec<Vec<Tap>>,
    /// Target rows of each source row, with its weight in them.
    shares: Vec<Vec<(usize, f32)>>,
    next_row: usize,
    /// Target pixels, as far as they are summed.
    sums: Vec<f32>,
}

impl RowResizer {
    /// The resizing of [`resize`].
    pub(super) fn new(from: Size, to: Size) -> Self {
        let taps = |from, to| {
            let pixel = |target| if from >= to { area_taps(target, from, to) } else { linear_taps(target, from, to) };
            (0..to).map(pixel).collect::<Vec<_>>()
        };
        Self::of_taps(from.height, taps(from.width, to.width), &taps(from.height, to.height))
    }

    fn of_taps(height: usize, columns: Vec<Vec<Tap>>, rows: &[Vec<Tap>]) -> Self {
        let mut shares = vec![Vec::new(); height];
        for (target, taps) in rows.iter().enumerate() {
            for tap in taps {
                shares[tap.index].push((target, tap.weight));
            }
        }
        let sums = vec![0.0; columns.len() * rows.len()];
        Self { columns, shares, next_row: 0, sums }
    }

    /// Adds the next row of the source; at most as many as it has.
    pub(super) fn push_row<T: Copy + Into<f32>>(&mut self, row: &[T]) {
        let sum = |taps: &Vec<Tap>| taps.iter().map(|tap| tap.weight * row[tap.index].into()).sum();
        let across: Vec<f32> = self.columns.iter().map(sum).collect();
        for &(target, weight) in &self.shares[self.next_row] {
            let target = &mut self.sums[target * across.len()..][..across.len()];
            for (sum, value) in target.iter_mut().zip(&across) {
                *sum += weight * value;
            }
        }
        self.next_row += 1;
    }

    /// The target's pixels, after the last row of the source.
    pub(super) fn finish(self) -> Vec<f32> {
        self.sums
    }
}

/// A source pixel and its weight in a target pixel; the weights of a target pixel sum to 1.
struct Tap {
    index: usize,
    weight: f32,
}

/// Taps of a mean over an area. In units of 1 / `to` source pixels all bounds are whole numbers, so the coverage is
/// exact.
fn area_taps(target: usize, from: usize, to: usize) -> Vec<Tap> {
    let (start, end) = (target * from, (target + 1) * from);
    (start / to..end.div_ceil(to))
        .map(|index| {
            let covered = ((index + 1) * to).min(end) - (index * to).max(start);
            Tap { index, weight: covered as f32 / from as f32 }
        })
        .collect()
}

fn linear_taps(target: usize, from: usize, to: usize) -> Vec<Tap> {
    let (index, fraction) = source_position(target, from, to);
    [(index, 1.0 - fraction), (index + 1, fraction)]
        .map(|(index, weight)| Tap { index: inside(index, from), weight })
        .into()
}

fn cubic_taps(target: usize, from: usize, to: usize) -> Vec<Tap> {
    let (index, t) = source_position(target, from, to);
    let weights =
        [((2.0 - t) * t - 1.0) * t, (3.0 * t - 5.0) * t * t + 2.0, ((4.0 - 3.0 * t) * t + 1.0) * t, (t - 1.0) * t * t];
    weights
        .into_iter()
        .zip(index - 1..)
        .map(|(weight, index)| Tap { index: inside(index, from), weight: weight / 2.0 })
        .collect()
}

/// The source pixel whose middle lies just before the target's, and the distance between the two middles, 0 to 1.
fn source_position(target: usize, from: usize, to: usize) -> (isize, f32) {
    let position = (target as f32 + 0.5) * from as f32 / to as f32 - 0.5;
    (position.floor() as isize, position - position.floor())
}

/// The index clamped to the picture: beyond the edge, the edge's pixels are repeated.
fn inside(index: isize, length: usize) -> usize {
    index.clamp(0, length.cast_signed() - 1) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_size_changes_nothing() {
        let pixels: [u8; 256] = std::array::from_fn(|index| index as u8);
        let same = resize(&pixels, Size::square(16), Size::square(16));
        assert_eq!(same, pixels.map(f32::from));
    }

    #[test]
    fn smaller_pixels_are_means_of_areas() {
        let halved =
            resize(&[0_u8, 10, 20, 30, 40, 50, 60, 70], Size { width: 4, height: 2 }, Size { width: 2, height: 1 });
        assert_eq!(halved, [25.0, 45.0]);
        let thirds = resize(&[3.0_f32, 6.0, 9.0], Size { width: 3, height: 1 }, Size { width: 2, height: 1 });
        assert_eq!(thirds, [4.0, 8.0]);
    }

    #[test]
    fn larger_pictures_are_interpolated() {
        let doubled = resize(&[0.0_f32, 4.0], Size { width: 2, height: 1 }, Size { width: 4, height: 1 });
        assert_eq!(doubled, [0.0, 1.0, 3.0, 4.0]);
    }

    #[test]
    fn a_smooth_enlargement_passes_through_its_pixels() {
        let pixels = [0.0_f32, 0.0, 6.0, 1.0, 0.0];
        let tripled = enlarge_smoothly(&pixels, Size { width: 5, height: 1 }, Size { width: 15, height: 1 });
        for (index, pixel) in pixels.iter().enumerate() {
            assert!((tripled[3 * index + 1] - pixel).abs() < 1e-5);
        }
    }

    #[test]
    fn a_size_is_fitted_by_its_longer_side() {
        assert_eq!(Size { width: 100, height: 50 }.fit(20), Size { width: 20, height: 10 });
        assert_eq!(Size { width: 1, height: 500 }.fit(20), Size { width: 1, height: 20 });
        assert_eq!(Size { width: 3, height: 2 }.fit(28), Size { width: 28, height: 19 });
        let wide = Size { width: 64, height: 16 };
        assert_eq!(Size { width: 20, height: 20 }.fit_into(wide), Size::square(16));
        assert_eq!(Size { width: 100, height: 10 }.fit_into(wide), Size { width: 64, height: 6 });
    }

    #[test]
    fn each_outermost_pixel_is_counted_once() {
        let border = |width, height| Size { width, height }.border().collect::<Vec<_>>();
        assert_eq!(border(3, 3), [0, 1, 2, 3, 5, 6, 7, 8]);
        assert_eq!((border(1, 3), border(2, 1)), (vec![0, 1, 2], vec![0, 1]));
    }

    proptest! {
        #[test]
        fn a_flat_picture_stays_flat(width in 1_usize..50, height in 1_usize..50, to_width in 1_usize..40, to_height in 1_usize..40) {
            let from = Size { width, height };
            let flat = resize(&vec![200_u8; width * height], from, Size { width: to_width, height: to_height });
            prop_assert_eq!(flat.len(), to_width * to_height);
            prop_assert!(flat.iter().all(|value| (value - 200.0).abs() < 1e-3));
        }
    }
}
