//! Errors of reconstructions.

use pinhole_numerics::moments::column_means;

use crate::Vectors;

/// Errors of reconstructions, over all values of all samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReconstructionError {
    /// Mean squared error.
    pub mse: f64,
    /// Mean absolute error.
    pub mae: f64,
    /// Explained variance, `1 - sum |x - x̂|² / sum |x - mean|²` (scikit-learn's `r2_score` with
    /// `multioutput="variance_weighted"`): 1 is perfect, 0 as good as the mean sample. `None` of equal samples.
    pub explained_variance: Option<f64>,
}

/// Compares reconstructions with their samples; `None` of none.
///
/// # Panics
/// When the shapes differ.
pub fn reconstruction_error(samples: &Vectors, reconstructions: &Vectors) -> Option<ReconstructionError> {
    let shape = |vectors: &Vectors| (vectors.len(), vectors.width());
    assert_eq!(shape(samples), shape(reconstructions), "a reconstruction for every sample");
    let means = column_means(samples.values(), samples.width());
    let (mut squares, mut magnitudes, mut deviations) = (0.0, 0.0, 0.0);
    for (sample, reconstruction) in samples.rows().zip(reconstructions.rows()) {
        for ((&value, &other), mean) in sample.iter().zip(reconstruction).zip(&means) {
            let error = f64::from(value) - f64::from(other);
            squares += error * error;
            magnitudes += error.abs();
            deviations += (f64::from(value) - mean).powi(2);
        }
    }
    let count = samples.values().len() as f64;
    (!samples.is_empty()).then(|| ReconstructionError {
        mse: squares / count,
        mae: magnitudes / count,
        explained_variance: (deviations > 0.0).then(|| 1.0 - squares / deviations),
    })
}

/// Peak signal-to-noise ratio in dB, `10 log10(peak² / mse)`, for values of at most `peak`; infinite without an error.
pub fn psnr(mse: f64, peak: f64) -> f64 {
    10.0 * (peak * peak / mse).log10()
}

/// Gain of the signal-to-noise ratio in dB by denoising, `10 log10(sum |noisy - clean|² / sum |denoised - clean|²)`:
/// above 0, the result is nearer to the clean values than the noisy ones were. `None` if the noisy values are clean.
///
/// # Panics
/// When the shapes differ.
pub fn snr_gain(clean: &Vectors, noisy: &Vectors, denoised: &Vectors) -> Option<f64> {
    let before = reconstruction_error(clean, noisy)?.mse;
    let after = reconstruction_error(clean, denoised)?.mse;
    (before > 0.0).then(|| 10.0 * (before / after).log10())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{close, reference};

    #[test]
    fn errors_are_those_of_scikit_learn() {
        let case = reference().reconstruction;
        let (samples, other) = (case.samples.vectors(), case.reconstructions.vectors());
        let found = reconstruction_error(&samples, &other).expect("samples");
        close(found.mse, case.mse);
        close(found.mae, case.mae);
        close(found.explained_variance.expect("samples differ"), case.explained_variance);
        close(psnr(found.mse, 1.0), case.psnr);
    }

    #[test]
    fn a_tenth_of_the_noise_is_a_gain_of_20_db() {
        let vectors = |value: f32| Vectors::new(vec![value; 4], 2).expect("whole");
        let gain = snr_gain(&vectors(0.0), &vectors(1.0), &vectors(0.1)).expect("noise");
        assert!((gain - 20.0).abs() < 1e-6, "{gain}");
        assert_eq!(snr_gain(&vectors(0.0), &vectors(0.0), &vectors(0.1)), None);
    }

    #[test]
    fn equal_samples_have_no_variance_to_explain() {
        let vectors = Vectors::new(vec![0.5; 4], 2).expect("whole");
        let found = reconstruction_error(&vectors, &vectors).expect("samples");
        assert_eq!(found, ReconstructionError { mse: 0.0, mae: 0.0, explained_variance: None });
        let none = Vectors::new(vec![], 2).expect("whole");
        assert_eq!(reconstruction_error(&none, &none), None);
    }
}
