//! Panel of the lab: preset, run and its buttons, data, settings, and the current model.

mod changed_pictures;
mod data;
mod model_bar;
mod rate_finder;
mod ready_made;
mod run;
mod status;
mod table_source;

use std::rc::Rc;

use pinhole_protocol::TrainingStart;
use yew::prelude::*;

use self::{model_bar::model_bar, rate_finder::LearningRateFinder};
pub use self::{
    ready_made::{is_ready_made, ready_made_name},
    run::RunRequest,
    table_source::{TableSource, learns_from_rows},
};
use super::{
    controller::{Controller, on},
    measurements::aim_summary,
    state::{Lab, LabAction, View},
};
use crate::builder::{
    editor::Editor,
    focus::{LISTING_ID, focus_soon},
    presets, schedule, short_settings, training_start,
};

#[derive(Properties)]
pub struct PanelProps {
    pub controller: Rc<Controller>,
    pub lab: Rc<Lab>,
    /// Name of the device.
    pub device: AttrValue,
}

impl PartialEq for PanelProps {
    /// True if the panel shows the same: drawing and code change many times per second, and it shows neither.
    fn eq(&self, other: &Self) -> bool {
        let (one, two) = (&self.lab, &other.lab);
        let same_experiment = Rc::ptr_eq(&one.experiment, &two.experiment) && one.start == two.start;
        let same_data = one.opened == two.opened && one.table == two.table;
        let same_model = one.model == two.model && one.run_models == two.run_models;
        let same_run = one.phase == two.phase && one.progress == two.progress && one.is_searching == two.is_searching;
        let same_view = one.view == two.view;
        let same_storage = one.storage == two.storage;
        let same_report = Rc::ptr_eq(&one.report.measurements, &two.report.measurements);
        same_experiment
            && same_data
            && same_model
            && same_run
            && same_view
            && same_storage
            && same_report
            && self.device == other.device
    }
}

/// Panel of the lab.
#[component]
pub fn Panel(props: &PanelProps) -> Html {
    let (lab, controller) = (&*props.lab, &props.controller);
    let editor = Editor::new(lab.experiment.clone(), lab.table.rows(), on(controller, Controller::edit));
    let missing_data = data::missing_data(lab, controller.services.engine.table().is_some());
    let incompatibility = training_start::incompatibility(lab.start, &lab.experiment, lab.model.as_deref());
    // Its base is on its way.
    let lacks_base = lab.start != TrainingStart::Fresh
        && presets::preset_of(&lab.experiment)
            .filter(|preset| preset.start == lab.start)
            .and_then(|preset| preset.base())
            .is_some_and(|base| controller.lacks_base(base));
    let is_ready = missing_data.is_none() && incompatibility.is_none() && !lacks_base;
    let can_train = editor.checked.is_ok() && is_ready && !lab.is_searching;
    let obstacle = match &editor.checked {
        Err(error) => Some(run::error_text(error)),
        Ok(_) if lacks_base => Some("the model that it starts from is on its way.".into()),
        Ok(_) if lab.is_searching => Some("a learning rate is being searched for.".into()),
        // Which tensors do not fit stands beside the choice, far below.
        Ok(_) if incompatibility.is_some() => Some(
            "the current model does not fit: choose other weights under \"Start from\", or open a model that fits."
                .into(),
        ),
        Ok(_) => None,
    };
    let start_from = {
        let controller = controller.clone();
        Callback::from(move |start| controller.dispatch(LabAction::SetStart(start)))
    };
    html! {
        <section class="train-panel edits" aria-labelledby="train-title">
            <h2 id="train-title" class="visually-hidden">{ "Train your own" }</h2>
            <div class="panel-head">
                <fieldset disabled={lab.phase.is_active()}>
                    { presets::view(&lab.experiment, on(controller, Controller::choose_preset)) }
                </fieldset>
                { aim_summary(lab) }
                { run::view(lab, controller, can_train, obstacle.as_deref(), &props.device) }
            </div>
            <fieldset disabled={lab.phase.is_active()}>
                { data::view(&editor, lab, missing_data.clone(), &on(controller, Controller::open_images), &on(controller, Controller::open_table)) }
                { changed_pictures::view(lab, &on(controller, Controller::leave_as_is)) }
                if !lab.view.is_building() {
                    { short_settings(&editor) }
                }
                { schedule::main_settings(&editor) }
                { learning_rate_finder(&editor, missing_data.is_none(), controller) }
                { schedule::more_settings(&editor) }
                if lab.model.is_some() || lab.start != TrainingStart::Fresh {
                    { training_start::view(lab.start, incompatibility.as_ref(), &start_from) }
                }
                { change_blocks(controller) }
            </fieldset>
            { model_bar(lab, controller) }
            { experiment_tools(lab, controller) }
        </section>
    }
}

fn learning_rate_finder(editor: &Editor, has_samples: bool, controller: &Rc<Controller>) -> Html {
    let on_use = editor.on(|experiment, rate: f32| experiment.schedule.learning_rate = rate);
    let on_search = {
        let controller = controller.clone();
        Callback::from(move |is_searching| controller.dispatch(LabAction::SetSearching(is_searching)))
    };
    let (experiment, services) = (editor.experiment.clone(), controller.services.clone());
    let can_start = has_samples && editor.checked.is_ok();
    html! { <LearningRateFinder {services} {experiment} {can_start} {on_search} {on_use} /> }
}

fn change_blocks(controller: &Rc<Controller>) -> Html {
    let onclick = on(controller, |controller, _: MouseEvent| controller.go_to_builder());
    html! { <button type="button" class="button" {onclick}>{ "Change its blocks" }</button> }
}

/// Renders the buttons that show the experiment as text and as a link.
fn experiment_tools(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let is_shown = lab.view.is_listing_shown;
    let on_listing = on(controller, |controller, _: MouseEvent| {
        let view = controller.lab().view;
        controller.dispatch(LabAction::SetView(View { is_listing_shown: !view.is_listing_shown, ..view }));
        if !view.is_listing_shown {
            // It stands below the stage: on a phone far above the button, else often below the window.
            focus_soon(vec![LISTING_ID.into()]);
        }
    });
    let on_link = on(controller, |controller, _: MouseEvent| controller.copy_link());
    html! {
        <div class="row">
            <button type="button" class="button link" aria-expanded={is_shown.to_string()} onclick={on_listing}>
                { if is_shown { "Hide PyTorch" } else { "Show as PyTorch" } }
            </button>
            <button type="button" class="button link" onclick={on_link}>{ "Copy link" }</button>
        </div>
    }
}
