//! How good a model is on many images.

use pinhole_protocol::{Corruption, Quality};

use crate::{EngineError, Model, data::ImageSet, objective::corruption::corrupt_picture, pixels::unit, scoring};

/// Images rebuilt at once.
const BATCH: usize = 256;

/// What a model was given, and what it made of that, both against the clean images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// The corrupted input.
    pub noisy: Quality,
    /// The reconstruction.
    pub denoised: Quality,
}

/// Corrupts every image at exactly the corruption's level and rebuilds it. The squared error and SSIM are means over
/// the images; the PSNR is that of the mean squared error, so that an image without any error cannot make it infinite.
///
/// # Errors
/// When there is no image, or the device fails.
pub async fn evaluate(
    model: &Model,
    images: &ImageSet,
    corruption: Corruption,
    seed: u64,
) -> Result<Evaluation, EngineError> {
    if images.is_empty() {
        return Err(EngineError::setting("data.source", "There is no image to measure the model on."));
    }
    let shape = model.experiment().plan().input;
    let mut noisy_sum = QualitySum::default();
    let mut denoised_sum = QualitySum::default();
    for start in (0..images.len()).step_by(BATCH) {
        let indices = start..(start + BATCH).min(images.len());
        let clean: Vec<Vec<f32>> =
            indices.clone().map(|index| images.image(index).iter().copied().map(unit).collect()).collect();
        let noisy: Vec<f32> = clean
            .iter()
            .zip(indices)
            .flat_map(|(picture, index)| corrupt_picture(picture, corruption, seed, index as u64))
            .collect();
        let denoised = model.rebuild(&noisy).await?;
        for ((clean, noisy), denoised) in clean.iter().zip(noisy.chunks(shape.len())).zip(denoised.chunks(shape.len()))
        {
            noisy_sum.add(scoring::quality(clean, noisy, shape.height, shape.width));
            denoised_sum.add(scoring::quality(clean, denoised, shape.height, shape.width));
        }
    }
    Ok(Evaluation { noisy: noisy_sum.mean(), denoised: denoised_sum.mean() })
}

#[derive(Default)]
struct QualitySum {
    mse: f64,
    ssim: f64,
    count: usize,
}

impl QualitySum {
    fn add(&mut self, quality: Quality) {
        self.mse += quality.mse;
        self.ssim += quality.ssim;
        self.count += 1;
    }

    fn mean(&self) -> Quality {
        let count = self.count as f64;
        let mse = self.mse / count;
        Quality { mse, psnr_db: scoring::psnr_db(mse), ssim: self.ssim / count }
    }
}
