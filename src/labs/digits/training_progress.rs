//! Section on the progress of training: status line, loss curves, and reconstructions of held-out samples.

use std::rc::Rc;

use pinhole_protocol::{Event, Progress, SampleGrid, TrainingPhase};
use yew::prelude::*;

use super::{state::RunPhase, status};
use crate::{
    components::{
        format::shortest,
        loss_chart::{self, use_loss_chart},
        sample_grid::{self, SampleCanvases, SampleLook},
    },
    engine_client::{EngineUpdate, use_engine_updates},
    services::Services,
};

/// Time between two updates of the status line, so that a screen reader can finish speaking each.
const STATUS_INTERVAL_MS: f64 = 900.0;

#[derive(Properties, PartialEq)]
pub struct TrainingProgressSectionProps {
    pub phase: RunPhase,
    /// Name of the device.
    pub device: AttrValue,
    /// Number of runs started from other weights; a change clears the curves.
    pub fresh_runs: usize,
    /// True if the samples are rows of a table, not pictures.
    pub learns_from_rows: bool,
    pub services: Services,
}

/// Newest progress, and the progress shown in the status line.
#[derive(Default)]
struct ProgressState {
    newest: Option<Progress>,
    shown: Option<Progress>,
    shown_at_ms: f64,
    samples: Option<SampleGrid>,
}

impl ProgressState {
    /// Takes an event of the engine. Returns true if the section has to be rendered again.
    fn on_event(&mut self, event: &Event, strips: &SampleCanvases) -> bool {
        match event {
            Event::Progress(progress) => self.on_progress(progress),
            Event::TrainingStarted { .. } => {
                self.newest = None;
                self.shown = None;
                true
            }
            Event::TrainingEnded(_) => {
                self.shown = self.newest.clone();
                true
            }
            Event::Samples(grid) => {
                sample_grid::paint(strips, grid);
                self.samples.replace(grid.clone()).is_none_or(|before| SampleLook::of(&before) != SampleLook::of(grid))
            }
            _ => false,
        }
    }

    fn on_progress(&mut self, progress: &Progress) -> bool {
        self.newest = Some(status::with_last_loss(progress, self.newest.as_ref()));
        let now_ms = js_sys::Date::now();
        let is_new_phase =
            self.shown.as_ref().is_none_or(|shown| shown.phase != progress.phase || shown.epoch != progress.epoch);
        let is_due = is_new_phase || now_ms - self.shown_at_ms >= STATUS_INTERVAL_MS;
        if is_due {
            self.shown_at_ms = now_ms;
            self.shown = self.newest.clone();
        }
        is_due
    }
}

/// Renders the section.
#[component]
pub fn TrainingProgressSection(props: &TrainingProgressSectionProps) -> Html {
    let state = use_mut_ref(ProgressState::default);
    let strips = use_memo((), |()| SampleCanvases::default());
    let chart = use_loss_chart(props.fresh_runs);
    let update = use_force_update();
    {
        let (state, strips, chart, update) = (state.clone(), strips.clone(), chart.clone(), update.clone());
        let on_update = move |engine_update: &EngineUpdate| {
            let EngineUpdate::Event(event) = engine_update else { return };
            let is_chart_changed = chart.on_event(event);
            if state.borrow_mut().on_event(event, &strips) || is_chart_changed {
                update.force_update();
            }
        };
        use_engine_updates(&props.services.engine, Rc::new(on_update));
    }
    let state = state.borrow();
    {
        // The first samples arrive before their canvases are rendered.
        let (first, strips) = (state.samples.clone(), strips.clone());
        use_effect_with(state.samples.is_some(), move |_| {
            if let Some(grid) = first {
                sample_grid::paint(&strips, &grid);
            }
        });
    }
    let on_change = Callback::from(move |()| update.force_update());
    html! {
        <section class="training-progress card" aria-labelledby="training-progress-title">
            <h2 id="training-progress-title">{ "Training, live" }</h2>
            { status_line(props, state.shown.as_ref()) }
            { loss_chart::view(&chart, &props.services.notices, &on_change) }
            if let Some(grid) = &state.samples {
                { sample_grid::view(&strips, SampleLook::of(grid)) }
            } else {
                <p class="hint">{ "Held-out samples and their reconstructions appear here during training." }</p>
            }
        </section>
    }
}

fn status_line(props: &TrainingProgressSectionProps, progress: Option<&Progress>) -> Html {
    let (slug, text) = status::describe(&props.phase, progress, props.learns_from_rows);
    let share = progress.map_or(0.0, |progress| progress.step as f32 / progress.steps.max(1) as f32);
    // A progress bar without a value is indeterminate.
    let value = (props.phase != RunPhase::Active(TrainingPhase::Preparing)).then(|| shortest(share));
    html! {
        <div class="status">
            <p role="status" data-testid="status" data-phase={slug}>{ text }{ " · " }{ &props.device }</p>
            if props.phase.is_active() {
                <progress aria-label="Training progress" {value} max="1"></progress>
            }
        </div>
    }
}
