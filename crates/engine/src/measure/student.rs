//! What a student saves.

use std::time::Duration;

use web_time::Instant;

use super::{Figure, subject::Subject};
use crate::EngineError;

/// Samples of a batch whose time is taken.
const TIMED_SAMPLES: usize = 128;
/// The best of so many rounds counts: a busy machine makes rounds longer, never shorter.
const ROUNDS: usize = 5;

/// A student's weights as a share of its teacher's.
pub(super) fn size<P: AsyncFn()>(student: &Subject<'_, P>, teacher: &Subject<'_, P>) -> Figure {
    let [small, large] = [student, teacher].map(|subject| subject.model.experiment.plan().parameters() as f64);
    Figure::alone(small / large)
}

/// A student's time for a batch as a share of its teacher's, each the best of five rounds in turn.
pub(super) async fn time<P: AsyncFn()>(
    student: &Subject<'_, P>,
    teacher: &Subject<'_, P>,
) -> Result<Figure, EngineError> {
    let batch = student.held_out.first(TIMED_SAMPLES);
    let mut best = [Duration::MAX; 2];
    // One round more, as the first compiles the GPU's programs.
    for round in 0..=ROUNDS {
        for (best, subject) in best.iter_mut().zip([student, teacher]) {
            let start = Instant::now();
            subject.rebuild(batch).await?;
            if round > 0 {
                *best = start.elapsed().min(*best);
            }
        }
    }
    let [small, large] = best.map(|time| time.as_secs_f64().max(f64::MIN_POSITIVE));
    Ok(Figure { samples: batch.len() / student.input_width(), ..Figure::alone(small / large) })
}
