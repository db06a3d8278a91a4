//! Error of the reconstructions of corrupted inputs.

use super::{
    evaluator::Evaluator,
    images::{mean_squared_error, psnr_db},
    measured_value::MeasuredValue,
};
use crate::{
    EngineError,
    objective::corruption::{Corrupted, corrupt},
};

/// PSNR in dB of the reconstructions of corrupted inputs, with that of the corrupted inputs as reference.
pub(super) async fn denoising_psnr<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let clean = evaluator.held_out.values();
    let corrupted = corrupted(evaluator);
    let output = evaluator.reconstruct(&corrupted.input).await?;
    let psnr = |other: &[f32]| psnr_db(mean_squared_error(clean, other));
    Ok(MeasuredValue::with_reference(psnr(&output), psnr(&corrupted.input)))
}

/// Mean squared error of hidden values, with that of the mean training sample as reference.
pub(super) async fn hidden_error<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let clean = evaluator.held_out.values();
    let Corrupted { input, hidden } = corrupted(evaluator);
    let output = evaluator.reconstruct(&input).await?;
    let mean = evaluator.held_out.mean().repeat(evaluator.held_out.len());
    let hidden = hidden.unwrap_or_default();
    Ok(MeasuredValue::with_reference(masked_error(clean, &output, &hidden), masked_error(clean, &mean, &hidden)))
}

/// The held-out samples, corrupted at exactly the level of the experiment.
fn corrupted<P>(evaluator: &Evaluator<'_, P>) -> Corrupted<Vec<f32>> {
    let corruption = evaluator.model.experiment.spec().objective.corruption;
    corrupt(
        evaluator.held_out.values(),
        evaluator.held_out.layout(),
        corruption,
        evaluator.model.experiment.spec().seed,
        0,
    )
}

/// Mean squared error over those values where `mask` is not 0.
pub(crate) fn masked_error(clean: &[f32], other: &[f32], mask: &[f32]) -> f64 {
    let (mut squares, mut count) = (0.0, 0_usize);
    for ((&a, &b), _) in clean.iter().zip(other).zip(mask).filter(|(_, mask)| **mask > 0.0) {
        squares += (f64::from(a) - f64::from(b)).powi(2);
        count += 1;
    }
    squares / count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_under_the_mask_count() {
        let error = masked_error(&[0.0, 1.0, 2.0, 3.0], &[9.0, 3.0, 9.0, 3.0], &[0.0, 1.0, 0.0, 1.0]);
        assert!((error - 2.0).abs() < 1e-12, "{error}");
    }
}
