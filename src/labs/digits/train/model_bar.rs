//! Current model: its description, and buttons to open, save and rebuild it.

use std::rc::Rc;

use pinhole_protocol::{Command, ModelSummary, RunModel, RunModels};
use yew::prelude::*;

use crate::{
    components::{
        field::{Choice, options},
        file_button::file_button,
        format::grouped,
    },
    labs::digits::{
        controller::{Controller, on},
        state::Lab,
    },
};

/// Networks of a run, in the order of the menu.
const RUN_MODELS: [RunModel; 2] = [RunModel::Best, RunModel::Last];

/// Renders the current model.
pub fn model_bar(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let is_training = lab.phase.is_active();
    let about = match &lab.model {
        _ if is_training => "The model being trained".to_owned(),
        Some(model) => describe(model),
        None => "No model yet".to_owned(),
    };
    let open = on(controller, Controller::open_files);
    let save = on(controller, |controller, _: MouseEvent| controller.services.engine.send(Command::SaveModel));
    let build = on(controller, |controller, _: MouseEvent| controller.build_from_model());
    html! {
        <div class="model-bar">
            <p><span class="eyebrow">{ "Current model" }</span><span class="model-name">{ about }</span></p>
            if let Some(models) = lab.run_models.filter(|_| !is_training) {
                { run_choice(models, controller) }
            }
            <span class="row">
                { file_button("Open model", ".safetensors", false, is_training, open) }
                <button type="button" class="button" onclick={save} disabled={lab.model.is_none() && !is_training}>{ "Save model" }</button>
                <button type="button" class="button" onclick={build} disabled={lab.model.is_none() || is_training}
                    title="Opens the experiment of this model in the builder">{ "Build from it" }</button>
            </span>
        </div>
    }
}

/// Renders the menu of the run's networks, of which the selected one is used and saved.
fn run_choice(models: RunModels, controller: &Rc<Controller>) -> Html {
    let on_change = on(controller, |controller, index: usize| {
        controller.services.engine.send(Command::SelectRunModel { which: RUN_MODELS[index] });
    });
    let mut options = options([("best", ""), ("last", "")]);
    options[0].1 = format!("Best epoch: {}", models.best_epoch).into();
    options[1].1 = last_text(models).into();
    Choice {
        label: "Weights of",
        name: "Weights of".into(),
        options,
        selected: RUN_MODELS.iter().position(|which| *which == models.current).unwrap_or_default(),
        error: None,
        on_change,
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
