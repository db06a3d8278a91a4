//! The scored rows: a table of which only what is in sight is on the page, however many rows there are.

mod copy;
mod desk;
mod feed;
mod keys;
mod view;

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use pinhole_protocol::table::{RowOrder, ScoredFile};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlButtonElement, HtmlInputElement};
use yew::prelude::*;

use self::{
    desk::Desk,
    feed::View,
    view::{Sight, described},
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

/// How long writing rests before it is looked for.
const SEARCH_AFTER_MS: u32 = 350;

#[derive(Properties, PartialEq)]
pub struct RowsTableProps {
    pub services: Services,
    pub scored: Rc<ScoredFile>,
    /// Rows with a score above it are flagged.
    pub threshold: f64,
    /// Whether the details of a row are shown: they follow the selected one.
    pub is_open: bool,
    /// Told the number of the row whose details are wanted.
    pub on_open: Callback<u64>,
}

/// The table, and what it is sorted, filtered and searched with.
#[component]
pub fn RowsTable(props: &RowsTableProps) -> Html {
    let update = use_force_update();
    let desk = use_memo((), |()| Desk::new(props.services.engine.clone(), update));
    let typing = use_mut_ref(|| None::<Timeout>);
    {
        let desk = desk.clone();
        let hear = move |news: &EngineUpdate| {
            if let EngineUpdate::Event(event) = news {
                desk.hear(event);
            }
        };
        use_engine_updates(&props.services.engine, Rc::new(hear));
    }
    {
        let desk = desk.clone();
        use_mount(Rc::new(move || Box::new(desk.listen())));
    }
    {
        let desk = desk.clone();
        use_effect_with(props.scored.clone(), move |scored| desk.start(scored.summary.rows, scored.columns.len()));
    }
    {
        let desk = desk.clone();
        use_effect_with(props.threshold.to_bits(), move |_| {
            // Which rows are flagged is seen from their scores; which of them are shown is not.
            if desk.feed.borrow().view().flagged_only {
                desk.refresh();
            }
        });
    }
    {
        let desk = desk.clone();
        use_effect(move || desk.place());
    }
    let opening = Opening { desk: desk.clone(), on_open: props.on_open.clone(), services: props.services.clone() };
    html! {
        <div class="rows">
            { tools(&desk, &opening, &typing) }
            { said(&desk, props) }
            { table(&desk, &opening, props) }
        </div>
    }
}

/// What is done with the selected row.
#[derive(Clone)]
struct Opening {
    desk: Rc<Desk>,
    on_open: Callback<u64>,
    services: Services,
}

impl Opening {
    fn open(&self) {
        if let Some(row) = self.desk.selected_row() {
            self.on_open.emit(row.row);
        }
    }

    fn copy(&self) {
        let Some(row) = self.desk.selected_row() else { return };
        let notices = self.services.notices.clone();
        spawn_local(async move {
            if !clipboard::copy(&copy::as_text(&row.cells)).await {
                notices.problem("The row could not be copied: the browser keeps its clipboard to itself.");
            }
        });
    }

    fn press(&self, event: &KeyboardEvent, follows: bool) {
        // The header's buttons have keys of their own.
        let is_button = event.target_dyn_into::<HtmlButtonElement>().is_some();
        if is_button {
            return;
        }
        let is_command = event.ctrl_key() || event.meta_key();
        let is_taken = match event.key().as_str() {
            "Enter" => {
                self.open();
                true
            }
            "c" | "C" if is_command && !has_selected_text() => {
                self.copy();
                true
            }
            key if !is_command && !event.alt_key() => self.desk.press(key),
            _ => false,
        };
        if is_taken {
            event.prevent_default();
        }
        if is_taken && follows {
            self.open();
        }
    }
}

fn has_selected_text() -> bool {
    let selection = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
    selection.is_some_and(|selection| !selection.is_collapsed())
}

fn tools(desk: &Rc<Desk>, opening: &Opening, typing: &Rc<std::cell::RefCell<Option<Timeout>>>) -> Html {
    let view = desk.feed.borrow().view().clone();
    let on_flagged = {
        let desk = desk.clone();
        Callback::from(move |flagged_only| {
            let view = View { flagged_only, ..desk.feed.borrow().view().clone() };
            desk.look(view);
        })
    };
    let oninput = {
        let (desk, typing) = (desk.clone(), typing.clone());
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let desk = desk.clone();
            let look = Timeout::new(SEARCH_AFTER_MS, move || {
                let view = View { search: input.value(), ..desk.feed.borrow().view().clone() };
                desk.look(view);
            });
            *typing.borrow_mut() = Some(look);
        })
    };
    let is_none = desk.selected_row().is_none();
    let on_open = Callback::from({
        let opening = opening.clone();
        move |()| opening.open()
    });
    let on_copy = Callback::from({
        let opening = opening.clone();
        move |()| opening.copy()
    });
    html! {
        <div class="row rows-tools">
            <label class="field rows-search">
                <span class="visually-hidden">{ "Search the rows" }</span>
                <input type="search" aria-label="Search the rows" placeholder="Search in all cells" {oninput}
                    autocomplete="off" spellcheck="false" />
            </label>
            { switch("Flagged only", view.flagged_only, &on_flagged) }
            <span class="row rows-acts">
                { button("Explain row", "button", is_none, &on_open) }
                { button("Copy row", "button", is_none, &on_copy) }
            </span>
        </div>
    }
}

/// How many rows there are, what is awaited, and which row is selected, for those who do not see it.
fn said(desk: &Desk, props: &RowsTableProps) -> Html {
    let feed = desk.feed.borrow();
    let (total, all) = (feed.total(), props.scored.summary.rows);
    let is_part = feed.view().flagged_only || !feed.view().search.is_empty();
    let count = match (desk.searched.get(), feed.is_waiting()) {
        (Some(share), _) => format!("Looking through the rows: {} %", fixed(100.0 * share, 0)),
        (None, true) if is_part && feed.row(0).is_none() => "Looking…".to_owned(),
        _ if is_part && total == 0 => "No row is like that.".to_owned(),
        _ if is_part => format!("{} of {} rows", grouped(total as usize), grouped(all as usize)),
        _ => format!("{} rows", grouped(all as usize)),
    };
    drop(feed);
    let selected = desk.selected_row().map(|row| described(&row, props.threshold));
    html! {
        <>
            <p class="hint figure" aria-live="polite">{ count }</p>
            <p class="visually-hidden" aria-live="polite">{ selected }</p>
        </>
    }
}

fn table(desk: &Rc<Desk>, opening: &Opening, props: &RowsTableProps) -> Html {
    let on_order = {
        let desk = desk.clone();
        Callback::from(move |order: RowOrder| {
            let view = View { order, ..desk.feed.borrow().view().clone() };
            desk.look(view);
        })
    };
    let on_pick = {
        let opening = opening.clone();
        Callback::from(move |place: u64| {
            opening.desk.select(place);
            opening.open();
        })
    };
    let onkeydown = {
        let (opening, follows) = (opening.clone(), props.is_open);
        Callback::from(move |event: KeyboardEvent| opening.press(&event, follows))
    };
    let window = desk.window();
    let feed = desk.feed.borrow();
    let sight = Sight {
        feed: &feed,
        columns: &props.scored.columns,
        threshold: props.threshold,
        has_labels: props.scored.summary.measures.is_some() || props.scored.threshold.confusion.is_some(),
        selected: desk.selected.get(),
        on_order: &on_order,
        on_pick: &on_pick,
    };
    html! {
        <>
            <div class="rows-scroll" ref={desk.scroller.clone()} tabindex="0" role="group" {onkeydown}
                aria-label="Rows: arrow keys select one, Enter explains it, Control C copies it">
                <div class="rows-space" ref={desk.space.clone()}>
                    { sight.table(&desk.table, window) }
                </div>
            </div>
            { sight.hidden_columns() }
        </>
    }
}
