//! Sensitivity of the code to its input: `√(E|J v|²)`, J the Jacobian of the encoder and v a random unit direction.

use pinhole_numerics::random::{Stream, generator};
use rand::RngExt;
use rand_distr::StandardNormal;

use super::{evaluator::Evaluator, measured_value::MeasuredValue};
use crate::EngineError;

/// Length of the step to either side. Each of 784 pixels then changes by about 0.002, far above rounding.
const STEP_LENGTH: f32 = 0.05;

/// Root mean square, over samples, of the derivative of the code along a random unit direction, by central differences.
/// It is the root of `E|J|² / d`, |J| the Frobenius norm and d the number of input values.
pub(super) async fn sensitivity<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let inputs = evaluator.held_out.values();
    let width = evaluator.input_width();
    let directions = directions(evaluator.held_out.len(), width, evaluator.seed());
    let shifted = |step: f32| -> Vec<f32> {
        inputs.iter().zip(&directions).map(|(value, direction)| value + step * direction).collect()
    };
    let before = evaluator.encode(&shifted(-STEP_LENGTH)).await?;
    let after = evaluator.encode(&shifted(STEP_LENGTH)).await?;
    let squares: f64 = before.iter().zip(&after).map(|(&a, &b)| (f64::from(b) - f64::from(a)).powi(2)).sum();
    let sensitivity = (squares / evaluator.held_out.len() as f64).sqrt() / (2.0 * f64::from(STEP_LENGTH));
    Ok(MeasuredValue::new(sensitivity))
}

/// A uniformly random direction of length 1 for each of `count` samples.
fn directions(count: usize, width: usize, seed: u64) -> Vec<f32> {
    let mut rng = generator(seed, Stream::Measure, 1);
    let mut all = Vec::with_capacity(count * width);
    for _ in 0..count {
        let direction: Vec<f32> = (0..width).map(|_| rng.sample(StandardNormal)).collect();
        let length = direction.iter().map(|part| part * part).sum::<f32>().sqrt();
        all.extend(direction.into_iter().map(|part| part / length));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_have_length_1_and_mean_0() {
        let all = directions(400, 9, 3);
        assert!(
            all.chunks(9).all(|direction| (direction.iter().map(|part| part * part).sum::<f32>() - 1.0).abs() < 1e-5)
        );
        let mean = all.iter().step_by(9).sum::<f32>() / 400.0;
        assert!(mean.abs() < 0.05, "{mean}");
    }
}
