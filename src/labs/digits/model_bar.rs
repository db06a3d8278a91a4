//! Bar of the current model: its description, and buttons to open, save and rebuild it.

use pinhole_protocol::{ModelSummary, RunModel, RunModels};
use web_sys::File;
use yew::prelude::*;

use crate::components::{
    field::{Choice, options},
    file_button::file_button,
    format::grouped,
};

/// Networks of a run, in the order of the menu.
const RUN_MODELS: [RunModel; 2] = [RunModel::Best, RunModel::Last];

/// Callbacks of the bar.
pub struct BarActions {
    pub open: Callback<Vec<File>>,
    pub save: Callback<()>,
    pub build: Callback<()>,
    /// Called to use the other network of the run.
    pub select_run_model: Callback<RunModel>,
}

/// Renders the bar.
pub fn model_bar(
    model: Option<&ModelSummary>,
    run_models: Option<RunModels>,
    is_training: bool,
    actions: BarActions,
) -> Html {
    let about = match model {
        _ if is_training => "The model being trained".to_owned(),
        Some(model) => describe(model),
        None => "No model yet".to_owned(),
    };
    let BarActions { open, save, build, select_run_model } = actions;
    let [save, build] = [save, build].map(|act| act.reform(|_: MouseEvent| ()));
    html! {
        <div class="model-bar card">
            <p><span class="eyebrow">{ "Current model" }</span><span class="model-name">{ about }</span></p>
            if let Some(models) = run_models.filter(|_| !is_training) {
                { run_choice(models, &select_run_model) }
            }
            <span class="row">
                { file_button("Open model", ".safetensors", false, is_training, open) }
                <button type="button" class="button" onclick={save} disabled={model.is_none() && !is_training}>{ "Save model" }</button>
                <button type="button" class="button" onclick={build} disabled={model.is_none() || is_training}
                    title="Opens the experiment of this model in the builder">{ "Build from it" }</button>
            </span>
        </div>
    }
}

/// Renders the menu of the run's networks, of which the selected one is used and saved.
fn run_choice(models: RunModels, select_run_model: &Callback<RunModel>) -> Html {
    let mut options = options([("best", ""), ("last", "")]);
    options[0].1 = format!("Best epoch: {}", models.best_epoch).into();
    options[1].1 = last_text(models).into();
    Choice {
        label: "Weights of",
        name: "Weights of".into(),
        options,
        selected: RUN_MODELS.iter().position(|which| *which == models.current).unwrap_or_default(),
        error: None,
        on_change: select_run_model.reform(|index: usize| RUN_MODELS[index]),
    }
    .view()
}

fn last_text(models: RunModels) -> String {
    let RunModels { last_epoch, has_more_steps, .. } = models;
    if has_more_steps { format!("Last step, after epoch {last_epoch}") } else { format!("Last epoch: {last_epoch}") }
}

fn describe(model: &ModelSummary) -> String {
    let parameters = model.experiment.network.plan().map(|plan| plan.parameters());
    let size = parameters.map_or_else(|_| String::new(), |count| format!(" · {} parameters", grouped(count)));
    let epochs = match model.history.len() {
        0 => String::new(),
        1 => " · 1 epoch".into(),
        count => format!(" · {count} epochs"),
    };
    format!("{}{size}{epochs}", model.name)
}
