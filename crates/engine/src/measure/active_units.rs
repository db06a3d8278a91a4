//! Number of active units of a variational code.

use pinhole_numerics::moments::column_moments;

/// A unit is active if the variance of its mean over the samples is above this (Burda, Grosse and Salakhutdinov,
/// "Importance Weighted Autoencoders", ICLR 2016, section 5.2).
const MIN_VARIANCE: f64 = 0.01;

/// Number of units u with `Var_x[mu_u(x)] > 0.01`. `mu` are rows of `width` means, one row per sample.
pub fn active_units(mu: &[f32], width: usize) -> usize {
    let (_, deviations) = column_moments(mu.chunks_exact(width.max(1)), width);
    deviations.into_iter().filter(|deviation| deviation.powi(2) > MIN_VARIANCE).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_active_when_their_means_vary() {
        // Of three units the first is constant, the second varies by 0.1 (variance 0.0025), the third by 0.5 (0.0625).
        let mu = [7.0, 0.0, 0.0, 7.0, 0.1, 0.5].repeat(20);
        assert_eq!(active_units(&mu, 3), 1);
    }
}
