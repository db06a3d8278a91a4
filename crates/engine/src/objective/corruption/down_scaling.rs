//! Lower resolution, for super-resolution.

use super::{filter::Filter, noise_builder::NoiseBuilder};

/// Averages down to a share `1 - level` of the pixels of each axis, at least one, and repeats them back to the size.
pub(super) fn draw(noise: &mut NoiseBuilder, level: f32) {
    let shape = noise.layout.shape;
    let side = |side: usize| matrix(side, ((1.0 - level) * side as f32).round().max(1.0) as usize);
    noise.filters.push(Filter { rows: side(shape.height), columns: side(shape.width) });
}

/// Matrix [side, side] of the same along one axis: line i is the mean over the area of that one of `small` large pixels
/// in which the middle of pixel i lies.
fn matrix(side: usize, small: usize) -> Vec<f32> {
    // In units of 1 / `small` pixels all edges are whole numbers, so the coverage is exact.
    let covered = |pixel: usize, other: usize| {
        let (start, end) = (pixel * side, (pixel + 1) * side);
        ((other + 1) * small).min(end).saturating_sub((other * small).max(start))
    };
    (0..side)
        .flat_map(|index| {
            let pixel = (2 * index + 1) * small / (2 * side);
            (0..side).map(move |other| covered(pixel, other) as f32 / side as f32)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_pixels_are_means_of_two() {
        let line = |index: usize| matrix(4, 2)[index * 4..][..4].to_vec();
        assert_eq!(line(0), [0.5, 0.5, 0.0, 0.0]);
        assert_eq!([line(1), line(2), line(3)], [line(0), vec![0.0, 0.0, 0.5, 0.5], vec![0.0, 0.0, 0.5, 0.5]]);
    }

    #[test]
    fn a_pixel_between_two_large_ones_is_shared_by_area() {
        let lines = matrix(3, 2);
        let expected = [2.0, 1.0, 0.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0].map(|third: f32| third / 3.0);
        assert!(lines.iter().zip(expected).all(|(line, expected)| (line - expected).abs() < 1e-6), "{lines:?}");
        for small in 1..=28 {
            assert!(matrix(28, small).chunks(28).all(|line| (line.iter().sum::<f32>() - 1.0).abs() < 1e-5));
        }
        let same = matrix(7, 7);
        assert!((0..49).all(|index| (same[index] - f32::from(u8::from(index % 8 == 0))).abs() < 1e-6));
    }
}
