//! Where the run stands, in one line.

use pinhole_protocol::{DeviceKind, Event, Progress, TrainingEnd, TrainingPhase};
use yew::prelude::*;

use super::state::RunPhase;
use crate::{
    engine::{EngineState, News, use_engine_state, use_news},
    parts::figures::{duration, grouped},
};

/// A screen reader reads each change out: news come faster than it can speak.
const SAY_EVERY_MS: f64 = 900.0;

#[derive(Properties, PartialEq)]
pub struct StatusLineProps {
    pub phase: RunPhase,
}

/// The live line and a progress bar.
#[component]
pub fn StatusLine(props: &StatusLineProps) -> Html {
    let progress = use_state_eq(|| None::<Progress>);
    let newest = use_mut_ref(|| None::<Progress>);
    let said_at = use_mut_ref(|| 0.0_f64);
    {
        let progress = progress.clone();
        use_news(move |news| match news {
            News::Event(Event::Progress(heard)) => {
                let mut newest = newest.borrow_mut();
                *newest = Some(with_last_loss(heard, newest.as_ref()));
                let now = js_sys::Date::now();
                let is_turn =
                    progress.as_ref().is_none_or(|said| said.phase != heard.phase || said.epoch != heard.epoch);
                if is_turn || now - *said_at.borrow() >= SAY_EVERY_MS {
                    *said_at.borrow_mut() = now;
                    progress.set(newest.clone());
                }
            }
            News::Event(Event::TrainingStarted { .. }) => {
                newest.borrow_mut().take();
                progress.set(None);
            }
            News::Event(Event::TrainingEnded(_)) => progress.set(newest.borrow().clone()),
            _ => {}
        });
    }
    let device = match use_engine_state() {
        EngineState::Ready(device) if device.kind == DeviceKind::WebGpu => format!("WebGPU, {}", device.name),
        EngineState::Ready(device) => device.name,
        _ => "engine loading".into(),
    };
    let (slug, text) = describe(&props.phase, progress.as_ref());
    let share = progress.as_ref().map_or(0.0, |progress| progress.step as f64 / progress.steps.max(1) as f64);
    // A bar without a value says that something goes on, but not how far it is.
    let value = (props.phase != RunPhase::Active(TrainingPhase::Preparing)).then(|| share.to_string());
    html! {
        <div class="status" data-phase={slug}>
            <p role="status" data-testid="status" data-phase={slug}>{ text }{ " · " }{ device }</p>
            if props.phase.is_active() {
                <progress aria-label="Training progress" {value} max="1"></progress>
            }
        </div>
    }
}

/// News without a new loss (of a pause, say) leave the last one standing.
fn with_last_loss(heard: &Progress, last: Option<&Progress>) -> Progress {
    let mut progress = heard.clone();
    if progress.recent_losses.is_empty() {
        progress.recent_losses = last.map_or_else(Vec::new, |last| last.recent_losses.clone());
    }
    progress
}

fn describe(phase: &RunPhase, progress: Option<&Progress>) -> (&'static str, String) {
    let place = progress.map(place).unwrap_or_default();
    match phase {
        RunPhase::Idle => ("idle", "No training yet".into()),
        RunPhase::Active(TrainingPhase::Preparing) => ("preparing", "Preparing images and network".into()),
        RunPhase::Active(TrainingPhase::Running) => {
            let speed = progress.map(pace).unwrap_or_default();
            ("running", format!("{place}{speed}"))
        }
        RunPhase::Active(TrainingPhase::Paused) => ("paused", format!("Paused · {place}")),
        RunPhase::Ended(end) => {
            let (slug, verb) = match end {
                TrainingEnd::Finished => ("finished", "Finished"),
                TrainingEnd::Stopped => ("stopped", "Stopped, best weights kept"),
                TrainingEnd::EarlyStopped => ("early_stopped", "Stopped early, best weights kept"),
                TrainingEnd::Diverged(_) => ("diverged", "Diverged, last good weights kept"),
            };
            (slug, format!("{verb} · {place}"))
        }
    }
}

fn place(progress: &Progress) -> String {
    let loss = progress.recent_losses.last().map_or_else(String::new, |loss| format!(" · loss {loss:.4}"));
    format!("Epoch {} of {}{loss}", progress.epoch, progress.epochs)
}

fn pace(progress: &Progress) -> String {
    let speed = grouped(progress.images_per_s.max(0.0).round() as usize);
    format!(" · {speed} images/s · {} left", duration(progress.remaining_s))
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
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_running_line_has_epoch_loss_speed_and_time() {
        let (slug, text) = describe(&RunPhase::Active(TrainingPhase::Running), Some(&progress()));
        assert_eq!(slug, "running");
        assert_eq!(text, "Epoch 2 of 5 · loss 0.0234 · 5,432 images/s · 1 min 15 s left");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_end_keeps_the_last_loss() {
        let (slug, text) = describe(&RunPhase::Ended(TrainingEnd::Stopped), Some(&progress()));
        assert_eq!((slug, text.as_str()), ("stopped", "Stopped, best weights kept · Epoch 2 of 5 · loss 0.0234"));
    }
}
