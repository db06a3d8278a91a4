//! A run while it goes on: the line that says where it stands, the curves, the pictures.

use std::rc::Rc;

use pinhole_protocol::{Event, Progress, SampleGrid, TrainingPhase};
use yew::prelude::*;

use super::{state::RunPhase, status};
use crate::{
    components::{
        figures::shortest,
        loss_chart::{self, use_loss_chart},
        sample_grid::{self, Strips},
    },
    engine_client::{News, use_news},
    services::Services,
};

/// A screen reader reads each change out: news come faster than it can speak.
const SAY_EVERY_MS: f64 = 900.0;

#[derive(Properties, PartialEq)]
pub struct LiveSectionProps {
    pub phase: RunPhase,
    /// What computes, in words.
    pub device: AttrValue,
    /// Grows with every run that starts from new weights: the old curves go.
    pub fresh_runs: usize,
    /// Whether a table's rows are learnt from, not pictures.
    pub is_of_rows: bool,
    pub services: Services,
}

/// What was heard, and what of it is said.
#[derive(Default)]
struct Heard {
    newest: Option<Progress>,
    said: Option<Progress>,
    said_at_ms: f64,
    samples: Option<SampleGrid>,
}

impl Heard {
    /// Takes news; whether there is something to render.
    fn hear(&mut self, event: &Event, strips: &Strips) -> bool {
        match event {
            Event::Progress(progress) => self.hear_progress(progress),
            Event::TrainingStarted { .. } => {
                self.newest = None;
                self.said = None;
                true
            }
            Event::TrainingEnded(_) => {
                self.said = self.newest.clone();
                true
            }
            Event::Samples(grid) => {
                sample_grid::paint(strips, grid);
                self.samples.replace(grid.clone()).is_none_or(|before| before.shape != grid.shape)
            }
            _ => false,
        }
    }

    fn hear_progress(&mut self, heard: &Progress) -> bool {
        self.newest = Some(status::with_last_loss(heard, self.newest.as_ref()));
        let now_ms = js_sys::Date::now();
        let is_turn = self.said.as_ref().is_none_or(|said| said.phase != heard.phase || said.epoch != heard.epoch);
        let is_said = is_turn || now_ms - self.said_at_ms >= SAY_EVERY_MS;
        if is_said {
            self.said_at_ms = now_ms;
            self.said = self.newest.clone();
        }
        is_said
    }
}

/// The section.
#[component]
pub fn LiveSection(props: &LiveSectionProps) -> Html {
    let heard = use_mut_ref(Heard::default);
    let strips = use_memo((), |()| Strips::default());
    let chart = use_loss_chart(props.fresh_runs);
    let update = use_force_update();
    {
        let (heard, strips, chart, update) = (heard.clone(), strips.clone(), chart.clone(), update.clone());
        let hear = move |news: &News| {
            let News::Event(event) = news else { return };
            let is_table_changed = chart.hear(event);
            if heard.borrow_mut().hear(event, &strips) || is_table_changed {
                update.force_update();
            }
        };
        use_news(&props.services.engine, Rc::new(hear));
    }
    let heard = heard.borrow();
    {
        // The first pictures come before there are canvases to paint them on.
        let (first, strips) = (heard.samples.clone(), strips.clone());
        use_effect_with(heard.samples.is_some(), move |_| {
            if let Some(grid) = first {
                sample_grid::paint(&strips, &grid);
            }
        });
    }
    let on_change = Callback::from(move |()| update.force_update());
    html! {
        <section class="live card" aria-labelledby="live-title">
            <h2 id="live-title">{ "Training, live" }</h2>
            { status_line(props, heard.said.as_ref()) }
            { loss_chart::view(&chart, &props.services.notices, &on_change) }
            if let Some(grid) = &heard.samples {
                { sample_grid::view(&strips, grid.shape) }
            } else {
                <p class="hint">{ "Held-out samples, and what the network makes of them, appear here while it trains." }</p>
            }
        </section>
    }
}

fn status_line(props: &LiveSectionProps, progress: Option<&Progress>) -> Html {
    let (slug, text) = status::describe(&props.phase, progress, props.is_of_rows);
    let share = progress.map_or(0.0, |progress| progress.step as f32 / progress.steps.max(1) as f32);
    // A bar without a value says that something goes on, but not how far it is.
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
