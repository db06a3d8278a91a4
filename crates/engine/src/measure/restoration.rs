//! How well corrupted inputs are repaired.

use super::{
    Figure,
    images::{mean_squared_error, psnr_db},
    subject::Subject,
};
use crate::{
    EngineError,
    objective::corruption::{Corrupted, corrupt},
};

/// PSNR of the reconstructions of corrupted inputs, beside that of the corrupted inputs.
pub(super) async fn restoration<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    let clean = subject.held_out.values();
    let corrupted = corrupted(subject);
    let rebuilt = subject.rebuild(&corrupted.input).await?;
    let psnr = |other: &[f32]| psnr_db(mean_squared_error(clean, other));
    Ok(Figure::beside(psnr(&rebuilt), psnr(&corrupted.input)))
}

/// Mean squared error of what is made of hidden values, beside that of the mean training sample there.
pub(super) async fn hidden_error<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    let clean = subject.held_out.values();
    let Corrupted { input, hidden } = corrupted(subject);
    let rebuilt = subject.rebuild(&input).await?;
    let mean = subject.held_out.mean().repeat(subject.held_out.len());
    let hidden = hidden.unwrap_or_default();
    Ok(Figure::beside(masked_error(clean, &rebuilt, &hidden), masked_error(clean, &mean, &hidden)))
}

/// The held-out samples at exactly the level of the experiment's corruption.
fn corrupted<P>(subject: &Subject<'_, P>) -> Corrupted<Vec<f32>> {
    let corruption = subject.model.experiment.spec().objective.corruption;
    corrupt(
        subject.held_out.values(),
        subject.held_out.arrangement(),
        corruption,
        subject.model.experiment.spec().seed,
        0,
    )
}

/// Mean squared error over those values where `mask` is not 0.
fn masked_error(clean: &[f32], other: &[f32], mask: &[f32]) -> f64 {
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
    fn only_hidden_values_are_judged() {
        let error = masked_error(&[0.0, 1.0, 2.0, 3.0], &[9.0, 3.0, 9.0, 3.0], &[0.0, 1.0, 0.0, 1.0]);
        assert!((error - 2.0).abs() < 1e-12, "{error}");
    }
}
