//! Status line of the run.

use pinhole_protocol::{Progress, TrainingEnd, TrainingPhase};

use crate::{
    components::format::{duration, fixed, grouped},
    labs::digits::state::RunPhase,
};

/// Slug of the phase, and the text of the status line.
pub fn describe(phase: &RunPhase, progress: Option<&Progress>, learns_from_rows: bool) -> (&'static str, String) {
    let samples = if learns_from_rows { "rows" } else { "images" };
    let position = progress.map(position).unwrap_or_default();
    match phase {
        RunPhase::Idle => ("idle", "No training yet".into()),
        RunPhase::Active(TrainingPhase::Preparing) => ("preparing", format!("Preparing {samples} and network")),
        RunPhase::Active(TrainingPhase::Running) => {
            let throughput = progress.map(|progress| throughput(progress, samples)).unwrap_or_default();
            ("running", format!("{position}{throughput}"))
        }
        RunPhase::Active(TrainingPhase::Paused) => ("paused", format!("Paused · {position}")),
        RunPhase::Ended(end) => {
            let (slug, verb) = match end {
                TrainingEnd::Finished => ("finished", "Finished"),
                TrainingEnd::Stopped => ("stopped", "Stopped, best weights kept"),
                TrainingEnd::EarlyStopped => ("early_stopped", "Stopped early, best weights kept"),
                TrainingEnd::Diverged(_) => ("diverged", "Diverged, last finite weights kept"),
            };
            (slug, format!("{verb} · {position}"))
        }
    }
}

fn position(progress: &Progress) -> String {
    let loss = progress.recent_losses.last().map_or_else(String::new, |loss| format!(" · loss {}", fixed(*loss, 4)));
    format!("Epoch {} of {}{loss}", progress.epoch, progress.epochs)
}

fn throughput(progress: &Progress, samples: &str) -> String {
    let per_second = grouped(progress.images_per_s.max(0.0).round() as usize);
    format!(" · {per_second} {samples}/s · {} left", duration(progress.remaining_s))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn progress() -> Progress {
        Progress {
            phase: TrainingPhase::Running,
            epoch: 2,
            epochs: 5,
            step: 100,
            steps: 350,
            recent_losses: vec![0.1, 0.0234],
            images_per_s: 5432.1,
            remaining_s: 75.0,
            learning_rate: 0.001,
            recent_terms: Vec::new(),
            gradient_norm: 0.0,
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_line_of_a_run_has_epoch_loss_throughput_and_time() {
        let (slug, text) = describe(&RunPhase::Active(TrainingPhase::Running), Some(&progress()), false);
        assert_eq!(slug, "running");
        assert_eq!(text, "Epoch 2 of 5 · loss 0.0234 · 5,432 images/s · 1 min 15 s left");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_end_keeps_the_last_loss() {
        let (slug, text) = describe(&RunPhase::Ended(TrainingEnd::Stopped), Some(&progress()), false);
        assert_eq!((slug, text.as_str()), ("stopped", "Stopped, best weights kept · Epoch 2 of 5 · loss 0.0234"));
    }
}
