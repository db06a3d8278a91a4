//! Samples of the priors of an adversarial code: `N(0, I)`, uniform on [-1, 1], or a ring of normal clusters.

use std::f32::consts::TAU;

use burn::tensor::{Device, Tensor};
use pinhole_protocol::Prior;

use crate::network::StepRng;

/// Number of clusters of the ring: one per digit.
const CLUSTERS: usize = 10;

/// Standard deviation of a cluster. Neighbouring centres are 0.62 apart.
const CLUSTER_DEVIATION: f32 = 0.1;

/// Samples of `prior`, [samples, latent size].
pub fn sample_prior(prior: Prior, shape: [usize; 2], rng: &mut StepRng, device: &Device) -> Tensor<2> {
    match prior {
        Prior::Gaussian => rng.normal(shape, device),
        Prior::Uniform => rng.uniform(shape, device),
        Prior::Ring => ring(shape, rng, device),
    }
}

/// Normal clusters around ten points of the unit circle in the first two numbers (Makhzani et al. 2016, section 2.3),
/// the other numbers around 0; for a latent size of 1 the circle's projection on its first axis.
fn ring(shape: [usize; 2], rng: &mut StepRng, device: &Device) -> Tensor<2> {
    let [samples, size] = shape;
    let mut centres = vec![0.0; samples * size];
    for centre in centres.chunks_exact_mut(size) {
        let angle = TAU * rng.index_below(CLUSTERS) as f32 / CLUSTERS as f32;
        centre.iter_mut().zip([angle.cos(), angle.sin()]).for_each(|(value, coordinate)| *value = coordinate);
    }
    let centres = Tensor::<1>::from_floats(centres.as_slice(), device).reshape(shape);
    centres + rng.normal(shape, device).mul_scalar(CLUSTER_DEVIATION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::floats;

    const SAMPLES: usize = 20_000;

    fn samples(prior: Prior, size: usize) -> Vec<f32> {
        floats(sample_prior(prior, [SAMPLES, size], &mut StepRng::new(3, 0), &Device::flex()))
    }

    /// Mean and variance of each number of the code.
    fn moments(values: &[f32], size: usize) -> Vec<[f64; 2]> {
        let of = |index: usize| {
            let column = || values.iter().skip(index).step_by(size).map(|&value| f64::from(value));
            let mean = column().sum::<f64>() / SAMPLES as f64;
            [mean, column().map(|value| (value - mean).powi(2)).sum::<f64>() / SAMPLES as f64]
        };
        (0..size).map(of).collect()
    }

    #[test]
    fn every_prior_has_the_mean_and_variance_of_its_definition() {
        let ring = 0.5 + 0.01;
        for (prior, variances) in [
            (Prior::Gaussian, [1.0, 1.0, 1.0]),
            (Prior::Uniform, [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]),
            (Prior::Ring, [ring, ring, 0.01]),
        ] {
            for ([mean, variance], expected) in moments(&samples(prior, 3), 3).into_iter().zip(variances) {
                assert!(mean.abs() < 0.03, "{prior:?}: mean {mean}");
                assert!((variance - expected).abs() < 0.04 * expected, "{prior:?}: {variance} for {expected}");
            }
        }
        assert!(samples(Prior::Uniform, 1).iter().all(|value| (-1.0..=1.0).contains(value)));
    }

    #[test]
    fn the_ring_has_ten_clusters_of_equal_size_on_a_circle() {
        let mut sizes = [0_usize; CLUSTERS];
        for point in samples(Prior::Ring, 2).chunks_exact(2) {
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
    fn a_ring_of_latent_size_1_stays_within_the_circle() {
        assert!(samples(Prior::Ring, 1).iter().all(|value| value.abs() < 1.6));
    }
}
