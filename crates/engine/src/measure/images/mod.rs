//! Quality of a picture beside another: mean squared error, PSNR and SSIM, summed in f64.

mod ssim;

pub(crate) use ssim::{SSIM_C1, SSIM_C2, gaussian_window};
pub use ssim::{SSIM_WINDOW, ssim};

use pinhole_protocol::{GridShape, Quality};

/// Mean squared error, PSNR (for a peak of 1) and [`ssim`], the mean over channels, of `other` against `clean`. The
/// SSIM is NaN where a side is shorter than [`SSIM_WINDOW`].
///
/// # Panics
/// When a picture has not `shape.len()` values.
pub fn quality(clean: &[f32], other: &[f32], shape: GridShape) -> Quality {
    let GridShape { channels, height, width } = shape;
    let mse = mean_squared_error(clean, other);
    let ssim = if height.min(width) < SSIM_WINDOW {
        f64::NAN
    } else {
        let planes = clean.chunks_exact(height * width).zip(other.chunks_exact(height * width));
        planes.map(|(clean, other)| ssim(clean, other, height, width)).sum::<f64>() / channels as f64
    };
    Quality { mse, psnr_db: psnr_db(mse), ssim }
}

/// Mean squared error of two pictures of the same length.
pub fn mean_squared_error(clean: &[f32], other: &[f32]) -> f64 {
    let sum: f64 = clean.iter().zip(other).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum();
    sum / clean.len() as f64
}

/// Peak signal-to-noise ratio in dB of a mean squared error, for values whose peak is 1; infinite for no error.
pub fn psnr_db(mse: f64) -> f64 {
    -10.0 * mse.log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_pictures_have_no_error() {
        let picture: Vec<f32> = (0..784).map(|i| (i % 29) as f32 / 28.0).collect();
        let quality = quality(&picture, &picture, GridShape::MNIST);
        assert_eq!((quality.mse, quality.psnr_db), (0.0, f64::INFINITY));
        assert!((quality.ssim - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_tenth_everywhere_is_20_db() {
        let quality = quality(&[0.5; 784], &[0.6; 784], GridShape::MNIST);
        assert!((quality.mse - 0.01).abs() < 1e-8);
        assert!((quality.psnr_db - 20.0).abs() < 1e-5);
    }

    #[test]
    fn every_channel_counts_alike() {
        let plane: Vec<f32> = (0..784).map(|i| (i % 29) as f32 / 28.0).collect();
        let dark: Vec<f32> = plane.iter().map(|value| value * 0.5).collect();
        let colour = GridShape { channels: 3, ..GridShape::MNIST };
        let one_off = quality(&plane.repeat(3), &[plane.clone(), dark.clone(), plane.clone()].concat(), colour);
        let alone = quality(&plane, &dark, GridShape::MNIST);
        assert!(
            (one_off.ssim - (2.0 + alone.ssim) / 3.0).abs() < 1e-12 && (one_off.mse - alone.mse / 3.0).abs() < 1e-9
        );
        let tiny = GridShape { channels: 1, height: 1, width: 784 };
        assert!(quality(&plane, &dark, tiny).ssim.is_nan());
    }

    #[test]
    fn quality_falls_as_noise_grows() {
        let clean: Vec<f32> = (0..784).map(|i| f32::from(u8::from(i % 7 < 3))).collect();
        let noisy = |level: f32| -> Vec<f32> {
            clean.iter().enumerate().map(|(i, v)| v + level * ((i * 7919 % 101) as f32 / 50.0 - 1.0)).collect()
        };
        let scores: Vec<Quality> = [0.1, 0.3, 0.9].map(|level| quality(&clean, &noisy(level), GridShape::MNIST)).into();
        assert!(scores.is_sorted_by(|a, b| a.ssim > b.ssim && a.psnr_db > b.psnr_db && a.mse < b.mse));
    }
}
