//! Gaussian blur.

use super::{filter::Filter, noise_builder::NoiseBuilder};

/// Standard deviation at level 1, in pixels.
const MAX_SIGMA_PX: f32 = 4.0;

/// End of the kernel in standard deviations: 0.3 % of its weight lies beyond.
const TRUNCATE: f32 = 3.0;

/// Blurs by a Gaussian kernel of standard deviation `4 level` pixels.
pub(super) fn draw(noise: &mut NoiseBuilder, level: f32) {
    let shape = noise.layout.shape;
    let side = |side| matrix(side, MAX_SIGMA_PX * level);
    noise.filters.push(Filter { rows: side(shape.height), columns: side(shape.width) });
}

/// Matrix [side, side] of the blur along one axis. Each line is a Gaussian around its own position, divided by its
/// weight inside the picture: pixels outside are ignored, not black.
fn matrix(side: usize, sigma: f32) -> Vec<f32> {
    // The radius of SciPy's `gaussian_filter`, which the tests compare with.
    let radius = (TRUNCATE * sigma + 0.5).floor() as usize;
    let weight = |distance: usize| {
        let deviations = distance as f32 / sigma.max(f32::MIN_POSITIVE);
        if distance == 0 {
            1.0
        } else if distance > radius {
            0.0
        } else {
            (-0.5 * deviations * deviations).exp()
        }
    };
    (0..side)
        .flat_map(|position| {
            let line: Vec<f32> = (0..side).map(|other| weight(other.abs_diff(position))).collect();
            let inside: f32 = line.iter().sum();
            line.into_iter().map(move |weight| weight / inside)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_gaussian_truncated_at_three_deviations() {
        let line = &matrix(21, 1.0)[10 * 21..11 * 21];
        // exp(-d²/2) / (1 + 2 (e^-0.5 + e^-2 + e^-4.5))
        let expected = [0.399_05, 0.242_03, 0.054_01, 0.004_43, 0.0];
        for (distance, expected) in expected.into_iter().enumerate() {
            assert!((line[10 + distance] - expected).abs() < 1e-5 && (line[10 - distance] - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn at_the_edge_a_line_is_normalised_by_its_weight_inside() {
        let line = &matrix(21, 1.0)[..21];
        // The half of the same kernel: 1 / (1 + e^-0.5 + e^-2 + e^-4.5).
        assert!((line[0] - 0.570_459).abs() < 1e-5 && (line[1] - 0.346_001).abs() < 1e-5, "{line:?}");
        assert!(matrix(9, 4.0).chunks(9).all(|line| (line.iter().sum::<f32>() - 1.0).abs() < 1e-6));
    }

    #[test]
    fn a_tiny_deviation_gives_the_identity() {
        for sigma in [0.0, 1e-9, 0.1] {
            let identity: Vec<f32> = (0..25).map(|index| if index % 6 == 0 { 1.0 } else { 0.0 }).collect();
            assert_eq!(matrix(5, sigma), identity);
        }
    }
}
