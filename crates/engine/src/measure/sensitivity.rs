//! How much a code answers to small changes of its input.

use pinhole_numerics::random::{Stream, generator};
use rand::RngExt;
use rand_distr::StandardNormal;

use super::{Figure, subject::Subject};
use crate::EngineError;

/// Length of the step to either side. Of 784 pixels each moves by a thousandth, far from rounding.
const STEP: f32 = 0.05;

/// Root mean square of how far codes move when their inputs move by 1 in a random direction: the slope between two steps
/// to either side of each sample, along one direction each. It is the root of the mean squared Frobenius norm of the
/// encoder's Jacobian over the number of input values.
pub(super) async fn sensitivity<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    let inputs = subject.held_out.values();
    let width = subject.input_width();
    let directions = directions(subject.held_out.len(), width, subject.seed());
    let moved = |step: f32| -> Vec<f32> {
        inputs.iter().zip(&directions).map(|(value, direction)| value + step * direction).collect()
    };
    let before = subject.encode(&moved(-STEP)).await?;
    let after = subject.encode(&moved(STEP)).await?;
    let squares: f64 = before.iter().zip(&after).map(|(&a, &b)| (f64::from(b) - f64::from(a)).powi(2)).sum();
    let moved_by = (squares / subject.held_out.len() as f64).sqrt() / (2.0 * f64::from(STEP));
    Ok(Figure::alone(moved_by))
}

/// A direction of length 1 for each of `count` samples, evenly over all.
fn directions(count: usize, width: usize, seed: u64) -> Vec<f32> {
    let mut random = generator(seed, Stream::Measure, 1);
    let mut all = Vec::with_capacity(count * width);
    for _ in 0..count {
        let direction: Vec<f32> = (0..width).map(|_| random.sample(StandardNormal)).collect();
        let length = direction.iter().map(|part| part * part).sum::<f32>().sqrt();
        all.extend(direction.into_iter().map(|part| part / length));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_have_length_one_and_no_preference() {
        let all = directions(400, 9, 3);
        assert!(
            all.chunks(9).all(|direction| (direction.iter().map(|part| part * part).sum::<f32>() - 1.0).abs() < 1e-5)
        );
        let mean = all.iter().step_by(9).sum::<f32>() / 400.0;
        assert!(mean.abs() < 0.05, "{mean}");
    }
}
