//! The selection: its pictures or rows, its name, its file, and its way into other labs.

use std::rc::Rc;

use pinhole_protocol::latent::{DecodedContent, DecodedSamples, LatentCommand};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    components::{
        format::grouped,
        selection::{Selection, SelectionOrigin},
    },
    labs::latent::{
        controller::{Controller, on},
        pictures::{PaintedCanvas, Painting, column_names, rows_table},
        sample::text,
        state::{JobKind, Lab, LabAction, Purpose},
    },
};

/// Samples that are shown of a selection.
pub const MAX_SHOWN: usize = 60;

/// Pictures per row.
const COLUMNS: usize = 15;

#[derive(Properties)]
pub struct SelectionViewProps {
    pub controller: Rc<Controller>,
    pub lab: Rc<Lab>,
}

impl PartialEq for SelectionViewProps {
    fn eq(&self, other: &Self) -> bool {
        let shown = |lab: &Lab| lab.answers.decoded(Purpose::Selection).map(Rc::as_ptr);
        self.lab.selection == other.lab.selection
            && shown(&self.lab) == shown(&other.lab)
            && self.lab.job.is_some() == other.lab.job.is_some()
    }
}

/// The selection; nothing without one.
#[component]
pub fn SelectionView(props: &SelectionViewProps) -> Html {
    let (lab, controller) = (&props.lab, &props.controller);
    let name = use_state(String::new);
    let Some(selection) = &lab.selection else { return Html::default() };
    let oninput = {
        let name = name.clone();
        Callback::from(move |event: InputEvent| name.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let on_label = {
        let (controller, name) = (controller.clone(), name.clone());
        Callback::from(move |_: MouseEvent| controller.dispatch(LabAction::LabelSelection(name.trim().to_owned())))
    };
    let on_export = on(controller, |controller, _: MouseEvent| {
        let indices = controller.lab().selection.as_ref().map(|selection| selection.indices.to_vec());
        controller.start(JobKind::Exporting, LatentCommand::ExportCoordinates { indices });
    });
    let on_clear = on(controller, |controller, _: MouseEvent| controller.select(None));
    html! {
        <section class="map-selection" aria-labelledby="selection-title">
            <div class="row spread">
                <h2 id="selection-title">{ title(selection) }</h2>
                <button type="button" class="button link" onclick={on_clear}>{ "Clear selection" }</button>
            </div>
            { shown(lab, lab.answers.decoded(Purpose::Selection).map(|samples| &**samples)) }
            if selection.len() > MAX_SHOWN {
                <p class="hint">{ format!("The first {MAX_SHOWN} are shown.") }</p>
            }
            <div class="row">
                <input type="text" class="map-label" aria-label="Name of the label" placeholder="a name" value={(*name).clone()} maxlength="40" {oninput} />
                <button type="button" class="button small" disabled={name.trim().is_empty()} onclick={on_label}>{ "Label it" }</button>
                <button type="button" class="button small" disabled={lab.job.is_some()} onclick={on_export}>{ "Export selection" }</button>
                if selection.origin == SelectionOrigin::Rows {
                    <a href="#/tables">{ "Show in Tables" }</a>
                }
            </div>
        </section>
    }
}

/// Name and number of what is selected.
fn title(selection: &Selection) -> String {
    format!("Selected: {} ({})", grouped(selection.len()), selection.name)
}

fn shown(lab: &Lab, samples: Option<&DecodedSamples>) -> Html {
    let Some(samples) = samples else { return Html::default() };
    match &samples.content {
        content @ DecodedContent::Pictures { .. } => {
            html! { <PaintedCanvas label="Selected samples" painting={Painting::grid(content, COLUMNS)} /> }
        }
        DecodedContent::Rows { cells } => {
            let columns = lab.vectors.as_ref().map(|vectors| column_names(&vectors.decoding)).unwrap_or_default();
            let indices = lab.selection.as_ref().map(|selection| selection.indices.clone()).unwrap_or_default();
            let head = |place: usize| indices.get(place).map_or_else(String::new, |index| text::name(lab, *index));
            rows_table("Selected samples", columns, head, cells)
        }
    }
}
