//! Use of the dimensions of a code.

use pinhole_numerics::moments::column_moments;

use crate::Vectors;

/// A dimension is active if its variance is above this share of the greatest.
const ACTIVE_SHARE: f64 = 0.01;

/// Variance of each dimension.
pub fn variances(vectors: &Vectors) -> Vec<f64> {
    let (_, deviations) = column_moments(vectors.rows(), vectors.width());
    deviations.into_iter().map(|deviation| deviation.powi(2)).collect()
}

/// Number of dimensions whose variance is above a hundredth of the greatest. Unlike Burda's threshold of .01, which
/// supposes a prior of unit variance, it holds for codes of any unit.
pub fn active_dimensions(variances: &[f64]) -> usize {
    let greatest = variances.iter().copied().fold(0.0, f64::max);
    variances.iter().filter(|&&variance| variance > ACTIVE_SHARE * greatest).count()
}

/// Effective number of dimensions, (sum of variances)² / sum of squared variances: the participation ratio, from 1 to
/// their number. Of the variances of principal components it does not depend on the axes. 0 without variance.
pub fn participation_ratio(variances: &[f64]) -> f64 {
    let squares: f64 = variances.iter().map(|variance| variance * variance).sum();
    if squares > 0.0 { variances.iter().sum::<f64>().powi(2) / squares } else { 0.0 }
}

/// KL divergence in nats of each dimension's Gaussian from the unit Gaussian, averaged over the samples (Kingma and
/// Welling 2014): `(mu² + exp(logvar) - logvar - 1) / 2`. 0 for each of no samples.
///
/// # Panics
/// When the shapes differ.
pub fn kl_per_dimension(mu: &Vectors, logvar: &Vectors) -> Vec<f64> {
    assert_eq!((mu.len(), mu.width()), (logvar.len(), logvar.width()), "a variance for every mean");
    let mut sums = vec![0.0; mu.width()];
    for (mu, logvar) in mu.rows().zip(logvar.rows()) {
        for ((sum, &mu), &logvar) in sums.iter_mut().zip(mu).zip(logvar) {
            let (mu, logvar) = (f64::from(mu), f64::from(logvar));
            *sum += (mu * mu + logvar.exp_m1() - logvar) / 2.0;
        }
    }
    sums.iter().map(|sum| sum / mu.len().max(1) as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{close, reference};

    #[test]
    fn dimensions_are_active_beside_the_greatest() {
        let vectors = Vectors::new(vec![0.0, 1.0, 5.0, 4.0, 1.0, 5.3, 2.0, 1.0, 5.0], 3).expect("whole");
        let variances = variances(&vectors);
        assert_eq!(active_dimensions(&variances), 1);
        assert_eq!(active_dimensions(&[0.0, 0.0]), 0);
        assert_eq!(active_dimensions(&[1.0, 0.02]), 2);
    }

    #[test]
    fn equal_variances_all_participate() {
        assert!((participation_ratio(&[2.0; 5]) - 5.0).abs() < 1e-12);
        assert!((participation_ratio(&[3.0, 0.0]) - 1.0).abs() < 1e-12);
        assert!(participation_ratio(&[0.0, 0.0]).abs() < 1e-12);
    }

    #[test]
    fn divergences_are_those_of_the_formula() {
        let case = reference().kl;
        let found = kl_per_dimension(&case.mu.vectors(), &case.logvar.vectors());
        found.iter().zip(case.by_dimension).for_each(|(&found, expected)| close(found, expected));
    }
}
