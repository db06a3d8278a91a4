//! Size and time of a distilled model (student) relative to its teacher.

use std::time::Duration;

use web_time::Instant;

use super::{evaluator::Evaluator, measured_value::MeasuredValue};
use crate::EngineError;

/// Samples of the timed batch.
const TIMED_SAMPLES: usize = 128;
/// Timed rounds, of which the shortest counts: other load makes a round longer, never shorter.
const ROUNDS: usize = 5;

/// Parameters of the student divided by those of the teacher.
pub(super) fn size<P: AsyncFn()>(student: &Evaluator<'_, P>, teacher: &Evaluator<'_, P>) -> MeasuredValue {
    let [small, large] = [student, teacher].map(|evaluator| evaluator.model.experiment.plan().parameters() as f64);
    MeasuredValue::new(small / large)
}

/// Time of the student for a batch divided by that of the teacher, each the shortest of five alternating rounds.
pub(super) async fn time<P: AsyncFn()>(
    student: &Evaluator<'_, P>,
    teacher: &Evaluator<'_, P>,
) -> Result<MeasuredValue, EngineError> {
    let batch = student.held_out.first(TIMED_SAMPLES);
    let mut best = [Duration::MAX; 2];
    // One round more: the first compiles shaders.
    for round in 0..=ROUNDS {
        for (best, evaluator) in best.iter_mut().zip([student, teacher]) {
            let start = Instant::now();
            evaluator.reconstruct(batch).await?;
            if round > 0 {
                *best = start.elapsed().min(*best);
            }
        }
    }
    let [small, large] = best.map(|time| time.as_secs_f64().max(f64::MIN_POSITIVE));
    Ok(MeasuredValue { samples: batch.len() / student.input_width(), ..MeasuredValue::new(small / large) })
}
