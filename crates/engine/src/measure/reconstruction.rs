//! Reconstruction error of samples and of noise.

use pinhole_numerics::random::{Stream, generator};
use rand::RngExt;

use super::{evaluator::Evaluator, images::mean_squared_error, measured_value::MeasuredValue};
use crate::EngineError;

/// Number of inputs of noise: the 100,000 values of 28x28 pictures give the error to a thousandth.
const NOISE_INPUTS: usize = 128;

/// Variance of the uniform distribution on 0 to 1.
const NOISE_VARIANCE: f64 = 1.0 / 12.0;

/// Mean squared error of the reconstructions, with that of the mean training sample as reference.
pub(super) async fn reconstruction_error<P: AsyncFn()>(
    evaluator: &Evaluator<'_, P>,
) -> Result<MeasuredValue, EngineError> {
    let inputs = evaluator.held_out.values();
    let reconstructions = evaluator.reconstruct(inputs).await?;
    let mean = evaluator.held_out.mean().repeat(evaluator.held_out.len());
    Ok(MeasuredValue::with_reference(mean_squared_error(inputs, &reconstructions), mean_squared_error(inputs, &mean)))
}

/// Mean squared error of a student, with its teacher's as reference.
pub(super) async fn student_error<P: AsyncFn()>(
    student: &Evaluator<'_, P>,
    teacher: &Evaluator<'_, P>,
) -> Result<MeasuredValue, EngineError> {
    let inputs = student.held_out.values();
    let errors = [student.reconstruct(inputs).await?, teacher.reconstruct(inputs).await?]
        .map(|reconstructions| mean_squared_error(inputs, &reconstructions));
    Ok(MeasuredValue::with_reference(errors[0], errors[1]))
}

/// Mean squared error of reconstructions of uniform noise, with the variance of the noise as reference.
pub(super) async fn noise_copied<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let mut rng = generator(evaluator.seed(), Stream::Measure, 0);
    let noise: Vec<f32> = (0..NOISE_INPUTS * evaluator.input_width()).map(|_| rng.random()).collect();
    let reconstructions = evaluator.reconstruct(&noise).await?;
    Ok(MeasuredValue {
        samples: NOISE_INPUTS,
        ..MeasuredValue::with_reference(mean_squared_error(&noise, &reconstructions), NOISE_VARIANCE)
    })
}
