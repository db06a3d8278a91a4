//! The job in progress: what is done, how fast, how long it still takes, and the buttons that pause and stop it.

use std::rc::Rc;

use pinhole_protocol::latent::{LatentActivity, LatentCommand, LatentProgress};
use yew::prelude::*;

use crate::{
    components::format::{brief, duration, grouped},
    labs::latent::{
        controller::{Controller, on},
        state::{Job, JobKind, Lab},
    },
};

/// Name of a part of a job.
const fn activity_name(activity: LatentActivity) -> &'static str {
    match activity {
        LatentActivity::Encoding => "Encoding samples",
        LatentActivity::Reading => "Reading the file",
        LatentActivity::Neighbours => "Searching neighbours",
        LatentActivity::Layout => "Laying out",
        LatentActivity::Measuring => "Measuring",
        LatentActivity::Drawing => "Drawing samples",
        LatentActivity::Augmenting => "Training with drawn samples",
    }
}

/// Name of a job before its first progress.
const fn job_name(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Opening => "Encoding samples…",
        JobKind::Projecting => "Laying out…",
        JobKind::Drawing => "Drawing samples…",
        JobKind::Augmenting => "Training with drawn samples…",
        JobKind::Measuring => "Measuring…",
        JobKind::Exporting => "Writing the file…",
    }
}

/// Sentence about a job.
pub fn sentence(job: &Job) -> String {
    let Some(progress) = &job.progress else { return job_name(job.kind).into() };
    let LatentProgress { activity, done, total, per_second, seconds_left, is_paused, .. } = progress;
    let mut text = format!("{}: {} of {}", activity_name(*activity), grouped(*done), grouped(*total));
    if *is_paused {
        text.push_str(", paused");
        return text;
    }
    if *per_second > 0.0 {
        text += &[", ", &brief(f64::from(*per_second)), " per second"].concat();
    }
    if let Some(seconds) = seconds_left {
        text += &[", ", &duration(*seconds), " left"].concat();
    }
    text
}

/// Renders the job in progress; nothing without one.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let Some(job) = &lab.job else { return Html::default() };
    let share = job.progress.as_ref().map(|progress| progress.done as f64 / progress.total.max(1) as f64);
    let can_pause = job.kind == JobKind::Projecting && job.progress.is_some();
    let post = |command: LatentCommand| {
        let controller = controller.clone();
        Callback::from(move |_: MouseEvent| controller.post(command.clone()))
    };
    let on_stop = on(controller, |controller, _: MouseEvent| controller.stop());
    html! {
        <div class="map-progress">
            <p class="figure">{ sentence(job) }</p>
            <progress aria-label="Progress" value={share.map(|share| share.to_string())} max="1"></progress>
            <div class="row">
                if can_pause && job.is_paused() {
                    <button type="button" class="button small" onclick={post(LatentCommand::Resume)}>{ "Resume" }</button>
                } else if can_pause {
                    <button type="button" class="button small" onclick={post(LatentCommand::Pause)}>{ "Pause" }</button>
                }
                <button type="button" class="button small" onclick={on_stop}>{ "Stop" }</button>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn progress_has_rate_and_time_left() {
        let mut job = Job::new(JobKind::Projecting);
        assert_eq!(sentence(&job), "Laying out…");
        let progress = LatentProgress {
            activity: LatentActivity::Layout,
            done: 240,
            total: 1_000,
            per_second: 35.0,
            seconds_left: Some(21.7),
            is_paused: false,
            positions: None,
        };
        job.progress = Some(progress.clone());
        assert_eq!(sentence(&job), "Laying out: 240 of 1,000, 35 per second, 22 s left");
        job.progress = Some(LatentProgress { is_paused: true, ..progress });
        assert_eq!(sentence(&job), "Laying out: 240 of 1,000, paused");
    }
}
