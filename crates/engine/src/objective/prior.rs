//! The distributions that an adversarial code can be given.

use std::f32::consts::TAU;

use burn::tensor::{Device, Tensor};
use pinhole_protocol::Prior;

use crate::network::Chance;

/// Clusters of the ring, as many as there are digits.
const CLUSTERS: usize = 10;

/// Standard deviation of a cluster: neighbours are 0.62 apart.
const CLUSTER_DEVIATION: f32 = 0.1;

/// Draws of `prior`: [samples, numbers of the code].
pub fn prior_draw(prior: Prior, shape: [usize; 2], chance: &mut Chance, device: &Device) -> Tensor<2> {
    match prior {
        Prior::Gaussian => chance.normal(shape, device),
        Prior::Uniform => chance.uniform(shape, device),
        Prior::Ring => ring(shape, chance, device),
    }
}

/// A circle of narrow normals in the first two numbers (Makhzani et al. 2016, section 2.3); of a code of one number, its
/// shadow on a line.
fn ring(shape: [usize; 2], chance: &mut Chance, device: &Device) -> Tensor<2> {
    let [samples, size] = shape;
    let mut centres = vec![0.0; samples * size];
    for centre in centres.chunks_exact_mut(size) {
        let angle = TAU * chance.below(CLUSTERS) as f32 / CLUSTERS as f32;
        centre.iter_mut().zip([angle.cos(), angle.sin()]).for_each(|(value, place)| *value = place);
    }
    let centres = Tensor::<1>::from_floats(centres.as_slice(), device).reshape(shape);
    centres + chance.normal(shape, device).mul_scalar(CLUSTER_DEVIATION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::floats;

    const DRAWS: usize = 20_000;

    fn draws(prior: Prior, size: usize) -> Vec<f32> {
        floats(prior_draw(prior, [DRAWS, size], &mut Chance::of_step(3, 0), &Device::flex()))
    }

    /// Mean and variance of each number.
    fn moments(values: &[f32], size: usize) -> Vec<[f64; 2]> {
        let of = |index: usize| {
            let column = || values.iter().skip(index).step_by(size).map(|&value| f64::from(value));
            let mean = column().sum::<f64>() / DRAWS as f64;
            [mean, column().map(|value| (value - mean).powi(2)).sum::<f64>() / DRAWS as f64]
        };
        (0..size).map(of).collect()
    }

    #[test]
    fn every_prior_has_its_mean_and_variance() {
        let ring = 0.5 + 0.01;
        for (prior, variances) in [
            (Prior::Gaussian, [1.0, 1.0, 1.0]),
            (Prior::Uniform, [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]),
            (Prior::Ring, [ring, ring, 0.01]),
        ] {
            for ([mean, variance], expected) in moments(&draws(prior, 3), 3).into_iter().zip(variances) {
                assert!(mean.abs() < 0.03, "{prior:?}: mean {mean}");
                assert!((variance - expected).abs() < 0.04 * expected, "{prior:?}: {variance} for {expected}");
            }
        }
        assert!(draws(Prior::Uniform, 1).iter().all(|value| (-1.0..=1.0).contains(value)));
    }

    #[test]
    fn the_ring_is_ten_clusters_on_a_circle() {
        let mut sizes = [0_usize; CLUSTERS];
        for point in draws(Prior::Ring, 2).chunks_exact(2) {
            let angle = point[1].atan2(point[0]).rem_euclid(TAU);
            let cluster = (angle / TAU * CLUSTERS as f32).round() as usize % CLUSTERS;
            let centre = TAU * cluster as f32 / CLUSTERS as f32;
            let distance = (point[0] - centre.cos()).hypot(point[1] - centre.sin());
            assert!(distance < 6.0 * CLUSTER_DEVIATION, "{point:?} is far from every cluster");
            sizes[cluster] += 1;
        }
        assert!(sizes.iter().all(|size| (1_800..2_200).contains(size)), "{sizes:?}");
    }

    #[test]
    fn a_ring_on_a_line_stays_within_the_circle() {
        assert!(draws(Prior::Ring, 1).iter().all(|value| value.abs() < 1.6));
    }
}
