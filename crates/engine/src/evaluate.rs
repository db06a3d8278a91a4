//! Evaluation of a denoiser on a set of images.

use pinhole_protocol::{Corruption, Quality};

use crate::{
    EngineError, Model,
    data::{self, SampleSet},
    measure::images,
    objective::corruption::corrupt,
};

/// Images per batch.
const BATCH: usize = 256;

/// Mean quality of the corrupted and of the denoised images, both compared with the clean ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// The corrupted input.
    pub noisy: Quality,
    /// The reconstruction.
    pub denoised: Quality,
}

/// Corrupts every image, fitted to the network's input shape, at exactly the corruption's level, and reconstructs it.
/// MSE and SSIM are means over the images; the PSNR is that of the mean MSE, so that a perfect image does not make it
/// infinite.
///
/// # Errors
/// When there is no image, the images are not compatible with the model, or the device fails.
pub async fn evaluate(
    model: &Model,
    images: &SampleSet,
    corruption: Corruption,
    seed: u64,
) -> Result<Evaluation, EngineError> {
    if images.is_empty() {
        return Err(EngineError::setting("data.source", "There is no image to measure the model on."));
    }
    let images = data::fit_to_input(images, model.experiment().plan().input)?;
    let shape = images.shape();
    let mut noisy_sum = QualitySum::default();
    let mut denoised_sum = QualitySum::default();
    for start in (0..images.len()).step_by(BATCH) {
        let indices = start..(start + BATCH).min(images.len());
        let clean = images.values_of(indices.clone());
        let noisy: Vec<f32> = clean
            .chunks(shape.len())
            .zip(indices)
            .flat_map(|(picture, index)| corrupt(picture, images.layout(), corruption, seed, index as u64).input)
            .collect();
        let denoised = model.reconstruct(&noisy).await?;
        let pictures = |values| <[f32]>::chunks(values, shape.len());
        for ((clean, noisy), denoised) in pictures(&clean).zip(pictures(&noisy)).zip(pictures(&denoised)) {
            noisy_sum.add(images::quality(clean, noisy, shape));
            denoised_sum.add(images::quality(clean, denoised, shape));
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
        Quality { mse, psnr_db: images::psnr_db(mse), ssim: self.ssim / count }
    }
}
