//! How well samples come back, and things that are no samples.

use pinhole_numerics::random::{Stream, generator};
use rand::RngExt;

use super::{Figure, images::mean_squared_error, subject::Subject};
use crate::EngineError;

/// Pictures of noise that are rebuilt: 100,000 values of 28x28 give the error to a thousandth.
const NOISE_PICTURES: usize = 128;

/// Variance of evenly drawn numbers from 0 to 1.
const NOISE_VARIANCE: f64 = 1.0 / 12.0;

/// Mean squared error of the reconstructions, beside that of the mean training sample.
pub(super) async fn error<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    let clean = subject.held_out.values();
    let rebuilt = subject.rebuild(clean).await?;
    let mean = subject.held_out.mean().repeat(subject.held_out.len());
    Ok(Figure::beside(mean_squared_error(clean, &rebuilt), mean_squared_error(clean, &mean)))
}

/// Mean squared error of a student, beside its teacher's.
pub(super) async fn student_error<P: AsyncFn()>(
    student: &Subject<'_, P>,
    teacher: &Subject<'_, P>,
) -> Result<Figure, EngineError> {
    let clean = student.held_out.values();
    let errors = [student.rebuild(clean).await?, teacher.rebuild(clean).await?]
        .map(|rebuilt| mean_squared_error(clean, &rebuilt));
    Ok(Figure::beside(errors[0], errors[1]))
}

/// Mean squared error of rebuilt noise, beside the noise's own variance.
pub(super) async fn noise_copied<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    let mut random = generator(subject.seed(), Stream::Measure, 0);
    let noise: Vec<f32> = (0..NOISE_PICTURES * subject.input_width()).map(|_| random.random()).collect();
    let rebuilt = subject.rebuild(&noise).await?;
    Ok(Figure { samples: NOISE_PICTURES, ..Figure::beside(mean_squared_error(&noise, &rebuilt), NOISE_VARIANCE) })
}
