//! Builder of an experiment: the network as cards, presets, schedule, training start, undo and links.
//! Labs share it and decide what an edit does.

mod blocks;
mod cards;
pub mod data_source;
mod drag;
pub mod editor;
pub mod focus;
pub mod history;
pub mod layer_text;
mod layout_preview;
mod listing;
mod network_settings;
pub mod presets;
pub mod schedule;
pub mod share_link;
pub mod shortcuts;
pub mod training_start;

use std::rc::Rc;

use pinhole_protocol::{Experiment, table::RowsSummary};
use yew::prelude::*;

use self::{cards::CardContext, drag::Drag, editor::Editor, layout_preview::LayoutPreview, shortcuts::UndoStep};
pub use self::{cards::short_settings, listing::Listing};
use crate::glossary::{LinkedTerm, glossary_link};

#[derive(Properties, PartialEq)]
pub struct BuilderProps {
    pub experiment: Rc<Experiment>,
    /// Summary of the open table's rows, if it is known.
    pub rows: Option<Rc<RowsSummary>>,
    /// True if there is a step to undo, and true if there is one to redo.
    pub can_undo_redo: (bool, bool),
    /// True during a run, when nothing can be edited.
    pub is_busy: bool,
    pub on_edit: Callback<Experiment>,
    pub on_undo_step: Callback<UndoStep>,
}

/// Section in which the network is built from blocks.
#[component]
pub fn Builder(props: &BuilderProps) -> Html {
    let drag = use_memo((), |()| Drag::default());
    let announcement = use_state_eq(String::new);
    let editor = Editor::new(props.experiment.clone(), props.rows.clone(), props.on_edit.clone());
    let announce = {
        let announcement = announcement.setter();
        Callback::from(move |text| announcement.set(text))
    };
    let context =
        CardContext { layout: LayoutPreview::new(&props.experiment.network), editor: &editor, drag, announce };
    html! {
        <section id={focus::BUILDER_ID} tabindex="-1" class="build edits" aria-label="Build">
            <div class="row spread">
            <p class="hint">
                { "A sample goes in at the left, passes the " }
                { glossary_link(LinkedTerm::Bottleneck, "bottleneck") }
                { " as a code, and is reconstructed at the right. Every card can be changed; blocks can be dragged." }
            </p>
            { tools(props) }
            </div>
            { network_settings::summary(&editor, &context.layout) }
            <fieldset class="cards" disabled={props.is_busy}>
                { network_settings::settings(&editor) }
                { cards::view(&context) }
            </fieldset>
            <p class="visually-hidden" aria-live="polite">{ &*announcement }</p>
        </section>
    }
}

fn tools(props: &BuilderProps) -> Html {
    let step = |name: &'static str, sign: &'static str, is_there: bool, step: UndoStep| {
        let onclick = props.on_undo_step.reform(move |_: MouseEvent| step);
        let disabled = props.is_busy || !is_there;
        html! { <button type="button" class="button" aria-label={name} title={name} {onclick} {disabled}>{ sign }</button> }
    };
    html! {
        <span class="row">
            { step("Undo change", "↶", props.can_undo_redo.0, UndoStep::Undo) }
            { step("Redo change", "↷", props.can_undo_redo.1, UndoStep::Redo) }
        </span>
    }
}
