//! The model in hand: what it is, and how it comes and goes.

use pinhole_protocol::ModelSummary;
use web_sys::File;
use yew::prelude::*;

use crate::parts::{figures::grouped, file_button::file_button};

/// Its name, and what can be done with it.
pub fn model_bar(
    model: Option<&ModelSummary>,
    is_training: bool,
    on_open: Callback<Vec<File>>,
    on_save: &Callback<()>,
    on_build: &Callback<()>,
) -> Html {
    let about = match model {
        _ if is_training => "The model being trained".to_owned(),
        Some(model) => describe(model),
        None => "No model yet".to_owned(),
    };
    let [save, build] = [on_save, on_build].map(|act| act.reform(|_: MouseEvent| ()));
    html! {
        <div class="model-bar card">
            <p><span class="eyebrow">{ "Model in hand" }</span><span class="model-name">{ about }</span></p>
            <span class="row">
                { file_button("Open model", ".safetensors", false, is_training, on_open) }
                <button type="button" class="button" onclick={save} disabled={model.is_none() && !is_training}>{ "Save model" }</button>
                <button type="button" class="button" onclick={build} disabled={model.is_none() || is_training}
                    title="Brings the experiment that made it into the builder">{ "Build from it" }</button>
            </span>
        </div>
    }
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
