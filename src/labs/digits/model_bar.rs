//! The model in hand: what it is, and how it comes and goes.

use std::rc::Rc;

use pinhole_protocol::ModelSummary;
use web_sys::File;
use yew::prelude::*;

use crate::parts::{figures::grouped, file_button::FileButton};

#[derive(Properties, PartialEq)]
pub struct ModelBarProps {
    pub model: Option<Rc<ModelSummary>>,
    pub is_training: bool,
    pub on_open: Callback<Vec<File>>,
    pub on_save: Callback<()>,
}

/// Its name and the two buttons.
#[component]
pub fn ModelBar(props: &ModelBarProps) -> Html {
    let about = match &props.model {
        _ if props.is_training => "The model being trained".to_owned(),
        Some(model) => describe(model),
        None => "No model yet".to_owned(),
    };
    let save = props.on_save.reform(|_: MouseEvent| ());
    html! {
        <div class="model-bar card">
            <p><span class="eyebrow">{ "Model in hand" }</span><span class="model-name">{ about }</span></p>
            <span class="row">
                <FileButton label="Open model" accept=".safetensors" disabled={props.is_training} on_files={props.on_open.clone()} />
                <button type="button" class="button" onclick={save} disabled={props.model.is_none() && !props.is_training}>{ "Save model" }</button>
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
