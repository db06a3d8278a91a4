//! What goes on, in one line that never is empty.

use std::rc::Rc;

use pinhole_protocol::{
    Event,
    table::{TableActivity, TableEvent, TableProgress},
};
use yew::prelude::*;

use super::{
    fields::button,
    preview,
    state::{Lab, Work},
};
use crate::{
    components::format::{brief, duration, fixed, grouped, shortest},
    engine_client::{Engine, EngineState, EngineUpdate, use_engine_updates},
};

/// A screen reader reads each change out: news come faster than it can speak.
const SAY_EVERY_MS: f64 = 900.0;

/// Most losses drawn; beyond, every other one goes.
const MOST_LOSSES: usize = 240;

/// What was heard of the work under way.
#[derive(Default)]
struct Heard {
    said: Option<TableProgress>,
    said_at_ms: f64,
    losses: Vec<f32>,
}

impl Heard {
    /// Takes news; whether there is something to render.
    fn hear(&mut self, event: &Event) -> bool {
        match event {
            Event::Table(TableEvent::Progress(progress)) => self.hear_progress(progress),
            Event::Table(event) if ends_work(event) => self.said.take().is_some(),
            Event::Failed(_) => self.said.take().is_some(),
            _ => false,
        }
    }

    fn hear_progress(&mut self, progress: &TableProgress) -> bool {
        let is_turn = self.said.as_ref().is_none_or(|said| said.activity != progress.activity);
        if is_turn && matches!(progress.activity, TableActivity::Training | TableActivity::FineTuning) {
            self.losses.clear();
        }
        add_losses(&mut self.losses, &progress.losses);
        let now_ms = js_sys::Date::now();
        let is_said = is_turn || progress.share >= 1.0 || now_ms - self.said_at_ms >= SAY_EVERY_MS;
        if is_said {
            self.said_at_ms = now_ms;
            self.said = Some(progress.clone());
        }
        is_said
    }
}

/// Whether an event says that the work before it is over. Training is followed by scoring, which tells of itself.
const fn ends_work(event: &TableEvent) -> bool {
    !matches!(
        event,
        TableEvent::Progress(_) | TableEvent::ExportPart(_) | TableEvent::Threshold { .. } | TableEvent::Details(_)
    )
}

/// Adds losses that are new, whether they come alone or after those that are known.
fn add_losses(known: &mut Vec<f32>, heard: &[f32]) {
    if heard.starts_with(known) {
        *known = heard.to_vec();
    } else {
        known.extend_from_slice(heard);
    }
    while known.len() > MOST_LOSSES {
        let mut is_kept = false;
        known.retain(|_| {
            is_kept = !is_kept;
            is_kept
        });
    }
}

#[derive(Properties, PartialEq)]
pub struct StatusLineProps {
    pub engine: Engine,
    pub work: Option<Work>,
    /// What is said while there is no work, and its slug.
    pub rest: (AttrValue, AttrValue),
    /// The file at work.
    pub file: AttrValue,
    pub on_cancel: Callback<()>,
}

/// The line, how far the work is, and the way to give it up.
#[component]
pub fn StatusLine(props: &StatusLineProps) -> Html {
    let heard = use_mut_ref(Heard::default);
    let update = use_force_update();
    {
        let heard = heard.clone();
        let hear = move |news: &EngineUpdate| match news {
            EngineUpdate::Event(event) => {
                if heard.borrow_mut().hear(event) {
                    update.force_update();
                }
            }
            EngineUpdate::State(_) => update.force_update(),
            EngineUpdate::Restarted => *heard.borrow_mut() = Heard::default(),
        };
        use_engine_updates(&props.engine, Rc::new(hear));
    }
    let heard = heard.borrow();
    let progress = heard.said.as_ref();
    let (slug, text) = say(props, progress);
    let is_active = props.work.is_some() || progress.is_some();
    // A bar without a value says that something goes on, but not how far it is.
    let value = progress.map(|progress| shortest(progress.share.clamp(0.0, 1.0) as f32));
    let can_cancel = props.work.map_or(progress.is_some(), Work::can_cancel);
    html! {
        <div class="table-status">
            <p role="status" data-testid="table-status" data-phase={slug}>{ text }</p>
            if is_active {
                { spark(&heard.losses, progress) }
                if can_cancel {
                    { button("Cancel", "button quiet", false, &props.on_cancel) }
                }
                <progress aria-label="Progress" {value} max="1"></progress>
            }
        </div>
    }
}

/// A word for the phase, and the line.
fn say(props: &StatusLineProps, progress: Option<&TableProgress>) -> (AttrValue, AttrValue) {
    if let Some(progress) = progress {
        return (activity_slug(progress.activity).into(), describe(progress, &props.file).into());
    }
    let is_waiting = !matches!(props.engine.state(), EngineState::Ready(_));
    match props.work {
        Some(work) if is_waiting => {
            ("waiting".into(), format!("{}, as soon as the engine is here", begun(work, &props.file)).into())
        }
        Some(work) => ("beginning".into(), format!("{}…", begun(work, &props.file)).into()),
        None => props.rest.clone(),
    }
}

fn begun(work: Work, file: &str) -> String {
    match work {
        Work::Reading => format!("Opening {file}"),
        Work::Training => "Preparing to train".into(),
        Work::Scoring => format!("Opening {file} to score it"),
        Work::OpeningDetector => "Opening the detector".into(),
        Work::Comparing => "Preparing PCA and the isolation forest".into(),
        Work::FineTuning => "Preparing to train on".into(),
    }
}

const fn activity_slug(activity: TableActivity) -> &'static str {
    match activity {
        TableActivity::Reading => "reading",
        TableActivity::Training => "training",
        TableActivity::Scoring => "scoring",
        TableActivity::Comparing => "comparing",
        TableActivity::FineTuning => "fine_tuning",
        TableActivity::Searching => "searching",
        TableActivity::Exporting => "exporting",
    }
}

/// How far the work is: what, how much, how fast, how long still.
fn describe(progress: &TableProgress, file: &str) -> String {
    let what = match progress.activity {
        TableActivity::Reading => format!("Reading {file}"),
        TableActivity::Training => "Training".into(),
        TableActivity::Scoring => format!("Scoring {file}"),
        TableActivity::Comparing => "Fitting PCA and the isolation forest".into(),
        TableActivity::FineTuning => "Fine-tuning".into(),
        TableActivity::Searching => "Looking through the rows".into(),
        TableActivity::Exporting => "Writing the file".into(),
    };
    let trains = matches!(progress.activity, TableActivity::Training | TableActivity::FineTuning);
    let mut parts = vec![format!("{} %", fixed(100.0 * progress.share, 0))];
    if trains {
        parts.extend(progress.losses.last().map(|loss| format!("loss {}", brief(f64::from(*loss)))));
    } else if progress.per_s > 0.0 {
        parts.push(format!("{} rows/s", grouped(progress.per_s.round() as usize)));
    }
    if progress.remaining_s.is_finite() {
        parts.push(format!("{} left", duration(progress.remaining_s as f32)));
    }
    format!("{what}: {}", parts.join(", "))
}

/// What is said of the lab while nothing is under way.
pub fn rest(lab: &Lab) -> (AttrValue, AttrValue) {
    let (slug, text) = if let Some(scored) = &lab.hand.scored {
        ("scored", scored_text(scored.summary.rows, lab.flagged))
    } else if let Some(summary) = &lab.hand.summary {
        let rows = if summary.rows == 1 { "1 row".into() } else { format!("{} rows", grouped(summary.rows as usize)) };
        let next = if lab.hand.detector.is_some() { "Not scored yet." } else { "Ready to train." };
        ("ready", format!("{}: {rows}, {}. {next}", lab.name(), preview::columns(summary.columns.len())))
    } else if lab.hand.preview.is_some() {
        ("ready", format!("{}: not scored yet.", lab.name()))
    } else if lab.hand.detector.is_some() {
        ("ready", "A detector is in hand. Score a file with it.".into())
    } else {
        ("idle", "No table yet".into())
    };
    (slug.into(), text.into())
}

fn scored_text(rows: u64, flagged: u64) -> String {
    let percent = 100.0 * flagged as f64 / rows.max(1) as f64;
    // A few among millions are not none.
    let share = if flagged > 0 && percent < 0.1 { "less than 0.1".into() } else { fixed(percent, 1) };
    format!("{} rows scored, {share} % flagged", grouped(rows as usize))
}

/// The losses as a line without numbers; the newest stands in the text.
fn spark(losses: &[f32], progress: Option<&TableProgress>) -> Html {
    let trains = progress
        .is_some_and(|progress| matches!(progress.activity, TableActivity::Training | TableActivity::FineTuning));
    if !trains || losses.len() < 2 {
        return Html::default();
    }
    html! {
        <svg class="spark" viewBox="0 0 120 24" preserveAspectRatio="none" aria-hidden="true">
            <polyline points={spark_points(losses)} />
        </svg>
    }
}

fn spark_points(losses: &[f32]) -> String {
    const WIDTH: f32 = 120.0;
    const HEIGHT: f32 = 24.0;
    let finite = || losses.iter().copied().filter(|loss| loss.is_finite());
    let (low, high) = (finite().fold(f32::INFINITY, f32::min), finite().fold(f32::NEG_INFINITY, f32::max));
    let across = WIDTH / (finite().count().max(2) - 1) as f32;
    let up = if high > low { (HEIGHT - 2.0) / (high - low) } else { 0.0 };
    let points = finite().enumerate().map(|(index, loss)| {
        format!("{},{}", fixed(index as f32 * across, 1), fixed(HEIGHT - 1.0 - (loss - low) * up, 1))
    });
    points.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::example;

    fn progress(activity: TableActivity) -> TableProgress {
        TableProgress {
            activity,
            share: 0.413,
            count: 1000,
            per_s: 412_000.4,
            remaining_s: 9.2,
            losses: vec![0.5, 0.012_34],
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn work_is_told_with_share_speed_and_time() {
        let line = describe(&progress(TableActivity::Reading), "big.csv");
        assert_eq!(line, "Reading big.csv: 41 %, 412,000 rows/s, 9 s left");
        assert_eq!(describe(&progress(TableActivity::Training), ""), "Training: 41 %, loss 0.01234, 9 s left");
        let unsure = TableProgress { per_s: 0.0, remaining_s: f64::INFINITY, ..progress(TableActivity::Exporting) };
        assert_eq!(describe(&unsure, ""), "Writing the file: 41 %");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn at_rest_it_says_what_is_in_hand() {
        let mut lab = Lab::default();
        assert_eq!(rest(&lab).1, "No table yet");
        lab.hand.preview = Some(Rc::new(example::preview("pumps.csv")));
        lab.hand.summary = Some(Rc::new(example::summary()));
        assert_eq!(rest(&lab).1, "pumps.csv: 40 rows, 3 columns. Ready to train.");
        lab.hand.scored = Some(Rc::new(example::scored("pumps.csv")));
        lab.flagged = 2;
        assert_eq!(rest(&lab).1, "40 rows scored, 5.0 % flagged");
        assert_eq!(scored_text(5_000_000, 3), "5,000,000 rows scored, less than 0.1 % flagged");
        assert_eq!(scored_text(0, 0), "0 rows scored, 0.0 % flagged");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn losses_come_whole_or_in_parts_and_stay_few() {
        let mut losses = vec![];
        add_losses(&mut losses, &[3.0, 2.0]);
        add_losses(&mut losses, &[3.0, 2.0, 1.0]);
        add_losses(&mut losses, &[0.5]);
        assert_eq!(losses, [3.0, 2.0, 1.0, 0.5]);
        add_losses(&mut losses, &[0.25; 1000]);
        assert!(losses.len() <= MOST_LOSSES && losses[0] > 2.9);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_line_of_losses_goes_down_from_the_left() {
        assert_eq!(spark_points(&[2.0, 1.0, f32::NAN, 1.0]), "0.0,1.0 60.0,23.0 120.0,23.0");
        assert_eq!(spark_points(&[1.0, 1.0]), "0.0,23.0 120.0,23.0");
    }
}
