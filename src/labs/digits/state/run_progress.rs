//! Progress of a run as the status line shows it.

use pinhole_protocol::{Event, Progress};

/// Time between two updates of the status line, so that a screen reader can finish speaking each.
const STATUS_INTERVAL_MS: f64 = 900.0;

/// Newest progress, and the progress shown in the status line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunProgress {
    newest: Option<Progress>,
    shown: Option<Progress>,
    shown_at_ms: f64,
}

impl RunProgress {
    /// Progress that is shown.
    pub const fn shown(&self) -> Option<&Progress> {
        self.shown.as_ref()
    }

    /// Takes an event of the engine. Returns true if another progress is shown.
    pub fn receive(&mut self, event: &Event, now_ms: f64) -> bool {
        match event {
            Event::Progress(progress) => self.take(progress, now_ms),
            Event::TrainingStarted { .. } => {
                *self = Self::default();
                true
            }
            Event::TrainingEnded(_) => {
                self.shown.clone_from(&self.newest);
                true
            }
            _ => false,
        }
    }

    fn take(&mut self, progress: &Progress, now_ms: f64) -> bool {
        self.newest = Some(with_last_loss(progress, self.newest.as_ref()));
        let is_new_phase =
            self.shown.as_ref().is_none_or(|shown| shown.phase != progress.phase || shown.epoch != progress.epoch);
        let is_due = is_new_phase || now_ms - self.shown_at_ms >= STATUS_INTERVAL_MS;
        if is_due {
            self.shown_at_ms = now_ms;
            self.shown.clone_from(&self.newest);
        }
        is_due
    }
}

/// Progress with the losses of the last one, if it has none itself, as on a pause.
fn with_last_loss(progress: &Progress, last: Option<&Progress>) -> Progress {
    let mut progress = progress.clone();
    if progress.recent_losses.is_empty() {
        progress.recent_losses = last.map_or_else(Vec::new, |last| last.recent_losses.clone());
    }
    progress
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{TrainingEnd, TrainingPhase};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::fixtures;

    fn progress(phase: TrainingPhase, step: usize, recent_losses: Vec<f32>) -> Event {
        Event::Progress(Progress { phase, ..fixtures::progress(step, recent_losses) })
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_status_changes_with_the_phase_and_else_about_once_per_second() {
        let mut shown = RunProgress::default();
        let step = |shown: &RunProgress| shown.shown().map(|progress| progress.step);
        assert!(shown.receive(&progress(TrainingPhase::Running, 1, vec![0.5]), 1_000.0));
        assert!(!shown.receive(&progress(TrainingPhase::Running, 2, vec![0.4]), 1_500.0));
        assert_eq!(step(&shown), Some(1));
        assert!(shown.receive(&progress(TrainingPhase::Running, 3, vec![0.3]), 1_900.0));
        assert!(shown.receive(&progress(TrainingPhase::Paused, 4, Vec::new()), 1_950.0), "another phase");
        assert_eq!(
            shown.shown().map(|progress| progress.recent_losses.clone()),
            Some(vec![0.3]),
            "the last loss stays"
        );
        shown.receive(&progress(TrainingPhase::Paused, 9, vec![0.2]), 1_960.0);
        assert!(shown.receive(&Event::TrainingEnded(TrainingEnd::Stopped), 1_970.0));
        assert_eq!(step(&shown), Some(9), "the end shows the newest");
    }
}
