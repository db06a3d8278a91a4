//! Table of the scored rows. Only the visible rows are on the page, however many there are.

mod list_position;
mod row_cache;
mod rows_state;
mod tsv;
mod visible_rows;

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use pinhole_protocol::table::{RowOrder, ScoredFile};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlButtonElement, HtmlInputElement};
use yew::prelude::*;

use self::{
    row_cache::RowView,
    rows_state::RowsState,
    tsv::to_tsv,
    visible_rows::{VisibleRows, row_description},
};
use crate::{
    clipboard,
    components::{
        field::switch,
        format::{fixed, grouped},
    },
    engine_client::{EngineUpdate, use_engine_updates},
    labs::tables::fields::button,
    services::{Services, use_mount},
};

/// Time without typing after which a search starts.
const SEARCH_DELAY_MS: u32 = 350;

#[derive(Properties, PartialEq)]
pub struct RowsTableProps {
    pub services: Services,
    pub scored: Rc<ScoredFile>,
    /// Rows with a score above it are flagged.
    pub threshold: f64,
    /// True while the details of a row are shown; they then follow the selection.
    pub is_explaining: bool,
    /// Receives the number of a row to explain.
    pub on_explain: Callback<u64>,
}

/// The table, with controls to sort, filter and search it.
#[component]
pub fn RowsTable(props: &RowsTableProps) -> Html {
    let update = use_force_update();
    let state = use_memo((), |()| RowsState::new(props.services.engine.clone(), update));
    let typing = use_mut_ref(|| None::<Timeout>);
    {
        let state = state.clone();
        let on_update = move |message: &EngineUpdate| {
            if let EngineUpdate::Event(event) = message {
                state.on_event(event);
            }
        };
        use_engine_updates(&props.services.engine, Rc::new(on_update));
    }
    {
        let state = state.clone();
        use_mount(Rc::new(move || Box::new(state.listeners())));
    }
    {
        let state = state.clone();
        use_effect_with(props.scored.clone(), move |scored| state.reset(scored.summary.rows, scored.columns.len()));
    }
    {
        let state = state.clone();
        use_effect_with(props.threshold.to_bits(), move |_| {
            // Flags are derived from the scores on the page; a filter by flag is applied by the engine.
            if state.cache.borrow().view().flagged_only {
                state.refresh();
            }
        });
    }
    {
        let state = state.clone();
        use_effect(move || state.update_layout());
    }
    let actions =
        RowActions { state: state.clone(), on_explain: props.on_explain.clone(), services: props.services.clone() };
    html! {
        <div class="rows">
            { toolbar(&state, &actions, &typing) }
            { status(&state, props) }
            { table(&state, &actions, props) }
        </div>
    }
}

/// Actions on the selected row.
#[derive(Clone)]
struct RowActions {
    state: Rc<RowsState>,
    on_explain: Callback<u64>,
    services: Services,
}

impl RowActions {
    fn explain(&self) {
        if let Some(row) = self.state.selected_row() {
            self.on_explain.emit(row.row);
        }
    }

    fn copy(&self) {
        let Some(row) = self.state.selected_row() else { return };
        let notices = self.services.notices.clone();
        spawn_local(async move {
            if !clipboard::copy(&to_tsv(&row.cells)).await {
                notices.problem("The row could not be copied: the browser did not allow access to the clipboard.");
            }
        });
    }

    /// Handles a key; with `is_explaining` the details follow the selection.
    fn on_key(&self, event: &KeyboardEvent, is_explaining: bool) {
        // Buttons in the header handle their own keys.
        let is_button = event.target_dyn_into::<HtmlButtonElement>().is_some();
        if is_button {
            return;
        }
        let is_command = event.ctrl_key() || event.meta_key();
        let is_handled = match event.key().as_str() {
            "Enter" => {
                self.explain();
                true
            }
            "c" | "C" if is_command && !has_selected_text() => {
                self.copy();
                true
            }
            key if !is_command && !event.alt_key() => self.state.on_key(key),
            _ => false,
        };
        if is_handled {
            event.prevent_default();
        }
        if is_handled && is_explaining {
            self.explain();
        }
    }
}

fn has_selected_text() -> bool {
    let selection = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
    selection.is_some_and(|selection| !selection.is_collapsed())
}

fn toolbar(state: &Rc<RowsState>, actions: &RowActions, typing: &Rc<std::cell::RefCell<Option<Timeout>>>) -> Html {
    let view = state.cache.borrow().view().clone();
    let on_flagged = {
        let state = state.clone();
        Callback::from(move |flagged_only| {
            let view = RowView { flagged_only, ..state.cache.borrow().view().clone() };
            state.set_view(view);
        })
    };
    let oninput = {
        let (state, typing) = (state.clone(), typing.clone());
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let state = state.clone();
            let search = Timeout::new(SEARCH_DELAY_MS, move || {
                let view = RowView { search: input.value(), ..state.cache.borrow().view().clone() };
                state.set_view(view);
            });
            *typing.borrow_mut() = Some(search);
        })
    };
    let is_none = state.selected_row().is_none();
    let on_explain = Callback::from({
        let actions = actions.clone();
        move |()| actions.explain()
    });
    let on_copy = Callback::from({
        let actions = actions.clone();
        move |()| actions.copy()
    });
    html! {
        <div class="row rows-toolbar">
            <label class="field rows-search">
                <span class="visually-hidden">{ "Search the rows" }</span>
                <input type="search" aria-label="Search the rows" placeholder="Search in all cells" {oninput}
                    autocomplete="off" spellcheck="false" />
            </label>
            { switch("Flagged only", view.flagged_only, &on_flagged) }
            <span class="row rows-actions">
                { button("Explain row", "button", is_none, &on_explain) }
                { button("Copy row", "button", is_none, &on_copy) }
            </span>
        </div>
    }
}

/// Number of rows or progress of a search, and a description of the selected row for screen readers.
fn status(state: &RowsState, props: &RowsTableProps) -> Html {
    let cache = state.cache.borrow();
    let (total, all) = (cache.total(), props.scored.summary.rows);
    let is_filtered = cache.view().flagged_only || !cache.view().search.is_empty();
    let count = match (state.search_progress.get(), cache.is_waiting()) {
        (Some(share), _) => format!("Searching the rows: {} %", fixed(100.0 * share, 0)),
        (None, true) if is_filtered && cache.row(0).is_none() => "Searching…".to_owned(),
        _ if is_filtered && total == 0 => "No row matches.".to_owned(),
        _ if is_filtered => format!("{} of {} rows", grouped(total as usize), grouped(all as usize)),
        _ => format!("{} rows", grouped(all as usize)),
    };
    drop(cache);
    let selected = state.selected_row().map(|row| row_description(&row, props.threshold));
    html! {
        <>
            <p class="hint figure" aria-live="polite">{ count }</p>
            <p class="visually-hidden" aria-live="polite">{ selected }</p>
        </>
    }
}

fn table(state: &Rc<RowsState>, actions: &RowActions, props: &RowsTableProps) -> Html {
    let on_order = {
        let state = state.clone();
        Callback::from(move |order: RowOrder| {
            let view = RowView { order, ..state.cache.borrow().view().clone() };
            state.set_view(view);
        })
    };
    let on_select = {
        let actions = actions.clone();
        Callback::from(move |index: u64| {
            actions.state.select(index);
            actions.explain();
        })
    };
    let onkeydown = {
        let (actions, is_explaining) = (actions.clone(), props.is_explaining);
        Callback::from(move |event: KeyboardEvent| actions.on_key(&event, is_explaining))
    };
    let window = state.window();
    let cache = state.cache.borrow();
    let visible_rows = VisibleRows {
        cache: &cache,
        columns: &props.scored.columns,
        threshold: props.threshold,
        has_labels: props.scored.summary.measures.is_some() || props.scored.threshold.confusion.is_some(),
        selected: state.selected.get(),
        on_order: &on_order,
        on_select: &on_select,
    };
    html! {
        <>
            <div class="rows-scroll" ref={state.scroller.clone()} tabindex="0" role="group" {onkeydown}
                aria-label="Rows: arrow keys select one, Enter explains it, Control C copies it">
                <div class="rows-space" ref={state.space.clone()}>
                    { visible_rows.table(&state.table, window) }
                </div>
            </div>
            { visible_rows.hidden_columns() }
        </>
    }
}
