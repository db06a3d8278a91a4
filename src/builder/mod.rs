//! Where a person puts an experiment together: the network as an hourglass of cards, what is asked of it, how it is
//! trained, and what it starts from. Labs share it; what an edit means to them is theirs.

mod blocks;
mod cards;
mod drag;
pub mod editor;
pub mod focus;
pub mod glass;
pub mod history;
pub mod keys;
pub mod link;
pub mod presets;
pub mod samples;
pub mod schedule;
pub mod start;
mod survey;
mod whole;

use std::rc::Rc;

use pinhole_protocol::{Experiment, table::RowsSummary};
use yew::prelude::*;

use self::{cards::Bench, drag::Drag, editor::Editor, keys::Step, survey::Survey};

#[derive(Properties, PartialEq)]
pub struct BuilderProps {
    pub experiment: Rc<Experiment>,
    /// What the rows of the table in hand are, where that is known.
    pub rows: Option<Rc<RowsSummary>>,
    /// Whether there is a step back, and one forward.
    pub steps: (bool, bool),
    /// While a run goes on nothing can be edited.
    pub is_busy: bool,
    pub on_edit: Callback<Experiment>,
    pub on_step: Callback<Step>,
    /// The experiment's link is wanted.
    pub on_link: Callback<()>,
}

/// The network, with what goes in and what comes out, to be built from blocks.
#[component]
pub fn Builder(props: &BuilderProps) -> Html {
    let drag = use_memo((), |()| Drag::default());
    let said = use_state_eq(String::new);
    let editor = Editor::new(props.experiment.clone(), props.rows.clone(), props.on_edit.clone());
    let say = {
        let said = said.setter();
        Callback::from(move |what| said.set(what))
    };
    let bench = Bench { survey: Survey::new(&props.experiment.network), editor: &editor, drag, say };
    html! {
        <section id={focus::BUILDER_ID} tabindex="-1" class="build card edits" aria-labelledby="build-title">
            <div class="row spread">
                <h2 id="build-title">{ "Build" }</h2>
                { tools(props) }
            </div>
            <p class="hint">{ "A sample goes in at the top, passes the narrow place as a code, and should come out again below. Every card can be changed; blocks can be dragged." }</p>
            { whole::verdict(&editor, &bench.survey) }
            <fieldset class="bench" disabled={props.is_busy}>
                { whole::settings(&editor) }
                { cards::view(&bench) }
            </fieldset>
            <p class="visually-hidden" aria-live="polite">{ &*said }</p>
        </section>
    }
}

fn tools(props: &BuilderProps) -> Html {
    let step = |name: &'static str, sign: &'static str, is_there: bool, step: Step| {
        let onclick = props.on_step.reform(move |_: MouseEvent| step);
        let disabled = props.is_busy || !is_there;
        html! { <button type="button" class="button" aria-label={name} title={name} {onclick} {disabled}>{ sign }</button> }
    };
    let on_link = props.on_link.reform(|_: MouseEvent| ());
    html! {
        <span class="row">
            { step("Undo change", "↶", props.steps.0, Step::Undo) }
            { step("Redo change", "↷", props.steps.1, Step::Redo) }
            <button type="button" class="button" onclick={on_link}>{ "Copy link" }</button>
        </span>
    }
}
