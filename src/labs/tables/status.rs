//! Status line: the job in progress and how far it is, or what can be done next.

use std::rc::Rc;

use pinhole_protocol::{
    Event,
    table::{TableActivity, TableEvent, TableProgress},
};
use yew::prelude::*;

use super::{
    fields::button,
    preview,
    state::{JobKind, Lab, UnmatchedQuestion},
};
use crate::{
    components::format::{brief, duration, fixed, grouped, shortest},
    engine_client::{Engine, EngineState, EngineUpdate, use_engine_updates},
};

/// Shortest time between two changes of the line, as screen readers read each of them out.
const ANNOUNCE_INTERVAL_MS: f64 = 900.0;

/// Most losses drawn; of more, every other one is dropped.
const MAX_LOSSES: usize = 240;

/// Progress of the current job.
#[derive(Default)]
struct ProgressState {
    shown: Option<TableProgress>,
    shown_at_ms: f64,
    losses: Vec<f32>,
}

impl ProgressState {
    /// Handles an event. True if the line has to be rendered.
    fn on_event(&mut self, event: &Event) -> bool {
        match event {
            Event::Table(TableEvent::Progress(progress)) => self.on_progress(progress),
            Event::Table(event) if ends_job(event) => self.shown.take().is_some(),
            Event::Failed(_) => self.shown.take().is_some(),
            _ => false,
        }
    }

    fn on_progress(&mut self, progress: &TableProgress) -> bool {
        let is_new_activity = self.shown.as_ref().is_none_or(|shown| shown.activity != progress.activity);
        if is_new_activity && matches!(progress.activity, TableActivity::Training | TableActivity::FineTuning) {
            self.losses.clear();
        }
        add_losses(&mut self.losses, &progress.losses);
        let now_ms = js_sys::Date::now();
        let is_shown = is_new_activity || progress.share >= 1.0 || now_ms - self.shown_at_ms >= ANNOUNCE_INTERVAL_MS;
        if is_shown {
            self.shown_at_ms = now_ms;
            self.shown = Some(progress.clone());
        }
        is_shown
    }
}

/// True if the job is over after this event, or if its next part reports progress of its own (scoring after training).
const fn ends_job(event: &TableEvent) -> bool {
    !matches!(
        event,
        TableEvent::Progress(_) | TableEvent::ExportPart(_) | TableEvent::Threshold { .. } | TableEvent::Details(_)
    )
}

/// Adds the losses of a progress event, which holds either all losses so far or only the new ones.
fn add_losses(known: &mut Vec<f32>, reported: &[f32]) {
    if reported.starts_with(known) {
        *known = reported.to_vec();
    } else {
        known.extend_from_slice(reported);
    }
    while known.len() > MAX_LOSSES {
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
    pub job: Option<JobKind>,
    /// Slug and text of the line while there is no job.
    pub idle: (AttrValue, AttrValue),
    /// Name of the file that the job reads.
    pub file: AttrValue,
    pub on_cancel: Callback<()>,
}

/// The line, with a progress bar and a button to cancel during a job.
#[component]
pub fn StatusLine(props: &StatusLineProps) -> Html {
    let state = use_mut_ref(ProgressState::default);
    let update = use_force_update();
    {
        let state = state.clone();
        let on_update = move |message: &EngineUpdate| match message {
            EngineUpdate::Event(event) => {
                if state.borrow_mut().on_event(event) {
                    update.force_update();
                }
            }
            EngineUpdate::State(_) => update.force_update(),
            EngineUpdate::Restarted => *state.borrow_mut() = ProgressState::default(),
        };
        use_engine_updates(&props.engine, Rc::new(on_update));
    }
    let state = state.borrow();
    let progress = state.shown.as_ref();
    let (slug, text) = slug_and_text(props, progress);
    let is_active = props.job.is_some() || progress.is_some();
    // Without a value the bar is indeterminate.
    let value = progress.map(|progress| shortest(progress.share.clamp(0.0, 1.0) as f32));
    let can_cancel = props.job.map_or(progress.is_some(), JobKind::can_cancel);
    html! {
        <div class="table-status">
            <p role="status" data-testid="table-status" data-phase={slug}>{ text }</p>
            if is_active {
                { sparkline(&state.losses, progress) }
                if can_cancel {
                    { button("Cancel", "button quiet", false, &props.on_cancel) }
                }
                <progress aria-label="Progress" {value} max="1"></progress>
            }
        </div>
    }
}

/// Slug of the phase, and text of the line.
fn slug_and_text(props: &StatusLineProps, progress: Option<&TableProgress>) -> (AttrValue, AttrValue) {
    if let Some(progress) = progress {
        return (activity_slug(progress.activity).into(), progress_text(progress, &props.file).into());
    }
    let is_waiting = !matches!(props.engine.state(), EngineState::Ready(_));
    match props.job {
        Some(job) if is_waiting => {
            ("waiting".into(), format!("{}, as soon as the engine is loaded", start_text(job, &props.file)).into())
        }
        Some(job) => ("beginning".into(), format!("{}…", start_text(job, &props.file)).into()),
        None => props.idle.clone(),
    }
}

fn start_text(job: JobKind, file: &str) -> String {
    match job {
        JobKind::Reading => format!("Opening {file}"),
        JobKind::Training => "Preparing to train".into(),
        JobKind::Scoring => format!("Opening {file} to score it"),
        JobKind::OpeningDetector => "Opening the detector".into(),
        JobKind::Comparing => "Preparing the baselines".into(),
        JobKind::FineTuning => "Preparing to fine-tune".into(),
        JobKind::Filling => "Preparing to fill missing cells".into(),
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
        TableActivity::Filling => "filling",
    }
}

/// Progress as text: activity, percentage, loss or speed, remaining time.
fn progress_text(progress: &TableProgress, file: &str) -> String {
    let what = match progress.activity {
        TableActivity::Reading => format!("Reading {file}"),
        TableActivity::Training => "Training".into(),
        TableActivity::Scoring => format!("Scoring {file}"),
        TableActivity::Comparing => "Fitting the baselines".into(),
        TableActivity::FineTuning => "Fine-tuning".into(),
        TableActivity::Searching => "Searching the rows".into(),
        TableActivity::Exporting => "Writing the file".into(),
        TableActivity::Filling => "Filling missing cells".into(),
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

/// Slug and text of the line while there is no job.
pub fn idle_status(lab: &Lab) -> (AttrValue, AttrValue) {
    let (slug, text) = if let Some(UnmatchedQuestion { columns, .. }) = &lab.unmatched {
        ("asking", format!("{}: which columns are those of the detector?", columns.name))
    } else if let Some(scored) = &lab.data.scored {
        ("scored", scored_text(scored.summary.rows, lab.flagged))
    } else if let Some(summary) = &lab.data.summary {
        let rows = if summary.rows == 1 { "1 row".into() } else { format!("{} rows", grouped(summary.rows as usize)) };
        let next = if lab.data.detector.is_some() { "Not scored yet." } else { "Ready to train." };
        ("ready", format!("{}: {rows}, {}. {next}", lab.name(), preview::column_count(summary.columns.len())))
    } else if lab.data.preview.is_some() {
        ("ready", format!("{}: not scored yet.", lab.name()))
    } else if lab.data.detector.is_some() {
        ("ready", "A detector is open. Score a file with it.".into())
    } else {
        ("idle", "No table yet".into())
    };
    (slug.into(), text.into())
}

fn scored_text(rows: u64, flagged: u64) -> String {
    let percent = 100.0 * flagged as f64 / rows.max(1) as f64;
    // A few among millions must not read as 0.
    let share = if flagged > 0 && percent < 0.1 { "less than 0.1".into() } else { fixed(percent, 1) };
    format!("{} rows scored, {share} % flagged", grouped(rows as usize))
}

/// The losses as a line without numbers; the text holds the newest one.
fn sparkline(losses: &[f32], progress: Option<&TableProgress>) -> Html {
    let trains = progress
        .is_some_and(|progress| matches!(progress.activity, TableActivity::Training | TableActivity::FineTuning));
    if !trains || losses.len() < 2 {
        return Html::default();
    }
    html! {
        <svg class="sparkline" viewBox="0 0 120 24" preserveAspectRatio="none" aria-hidden="true">
            <polyline points={sparkline_points(losses)} />
        </svg>
    }
}

fn sparkline_points(losses: &[f32]) -> String {
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
    use crate::labs::tables::fixtures;

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
    fn progress_shows_share_speed_and_remaining_time() {
        let line = progress_text(&progress(TableActivity::Reading), "big.csv");
        assert_eq!(line, "Reading big.csv: 41 %, 412,000 rows/s, 9 s left");
        assert_eq!(progress_text(&progress(TableActivity::Training), ""), "Training: 41 %, loss 0.01234, 9 s left");
        let unsure = TableProgress { per_s: 0.0, remaining_s: f64::INFINITY, ..progress(TableActivity::Exporting) };
        assert_eq!(progress_text(&unsure, ""), "Writing the file: 41 %");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn without_a_job_it_shows_what_is_open() {
        let mut lab = Lab::default();
        assert_eq!(idle_status(&lab).1, "No table yet");
        lab.data.preview = Some(Rc::new(fixtures::preview("pumps.csv")));
        lab.data.summary = Some(Rc::new(fixtures::summary()));
        assert_eq!(idle_status(&lab).1, "pumps.csv: 40 rows, 3 columns. Ready to train.");
        lab.data.scored = Some(Rc::new(fixtures::scored("pumps.csv")));
        lab.flagged = 2;
        assert_eq!(idle_status(&lab).1, "40 rows scored, 5.0 % flagged");
        assert_eq!(scored_text(5_000_000, 3), "5,000,000 rows scored, less than 0.1 % flagged");
        assert_eq!(scored_text(0, 0), "0 rows scored, 0.0 % flagged");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn losses_are_reported_whole_or_in_parts_and_thinned() {
        let mut losses = vec![];
        add_losses(&mut losses, &[3.0, 2.0]);
        add_losses(&mut losses, &[3.0, 2.0, 1.0]);
        add_losses(&mut losses, &[0.5]);
        assert_eq!(losses, [3.0, 2.0, 1.0, 0.5]);
        add_losses(&mut losses, &[0.25; 1000]);
        assert!(losses.len() <= MAX_LOSSES && losses[0] > 2.9);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_sparkline_falls_with_the_loss() {
        assert_eq!(sparkline_points(&[2.0, 1.0, f32::NAN, 1.0]), "0.0,1.0 60.0,23.0 120.0,23.0");
        assert_eq!(sparkline_points(&[1.0, 1.0]), "0.0,23.0 120.0,23.0");
    }
}
