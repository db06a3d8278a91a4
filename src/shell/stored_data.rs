//! Page "Stored data", `#/stored`: the runs that this browser keeps, and the button that deletes everything.

use std::{collections::HashSet, rc::Rc};

use js_sys::{Date, Object};
use pinhole_protocol::EpochRecord;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::header;
use crate::{
    components::format::{fixed, grouped},
    route::{self, Route},
    services::use_mount,
    storage::{self, BUDGET_BYTES, RunKind, StorageError, StoredRun},
};

/// Content of the page, once it is loaded.
#[derive(Default)]
struct Content {
    runs: Vec<StoredRun>,
    in_progress: HashSet<String>,
    /// Number of headers for which choices are kept.
    tables: usize,
    /// Names of the files that can be opened again.
    files: Vec<String>,
    error: Option<StorageError>,
    is_loaded: bool,
    /// True after the first press of "Forget everything", which asks for a second.
    asks: bool,
}

impl Content {
    async fn load() -> Self {
        let in_progress = storage::runs_in_progress().await;
        let (runs, error) = match storage::load_runs().await {
            Ok(runs) => (runs, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        let tables = storage::count_table_settings().await.unwrap_or_default();
        let handles = storage::load_handles().await.unwrap_or_default();
        let files = handles.iter().map(|handle| handle.name()).collect();
        Self { runs, in_progress, tables, files, error, is_loaded: true, asks: false }
    }
}

/// Table "Runs", its size, and "Forget everything".
#[component]
pub fn StoredDataPage() -> Html {
    let content = use_mut_ref(Content::default);
    let update = use_force_update();
    let reload = {
        let (content, update) = (content.clone(), update.clone());
        Callback::from(move |()| {
            let (content, update) = (content.clone(), update.clone());
            spawn_local(async move {
                let loaded = Content::load().await;
                content.replace(loaded);
                update.force_update();
            });
        })
    };
    {
        let reload = reload.clone();
        use_mount(Rc::new(move || {
            reload.emit(());
            Box::new(())
        }));
    }
    let ask = {
        let content = content.clone();
        Callback::from(move |asks: bool| {
            content.borrow_mut().asks = asks;
            update.force_update();
        })
    };
    let content = content.borrow();
    html! {
        <>
            { header(Route::Stored, Html::default()) }
            <main class="stored-data">
                <h1>{ "Stored data" }</h1>
                <p>{ "This browser keeps your runs, your drawing, your edited experiment and your choices for tables for this page. A kept detector holds prepared rows of its table, to be fine-tuned with. Nothing of it leaves the machine, and clearing the site's data in the browser deletes it too." }</p>
                if let Some(error) = content.error {
                    <p role="status">{ error.to_string() }</p>
                }
                if content.is_loaded {
                    { summary(&content.runs, content.tables) }
                    if !content.files.is_empty() {
                        <p>{ format!("It can open {} again, if you allow it then.", content.files.join(", ")) }</p>
                    }
                }
                if !content.runs.is_empty() {
                    { table(&content, &reload) }
                }
                { forget(content.asks, &ask, &reload) }
            </main>
        </>
    }
}

fn summary(runs: &[StoredRun], tables: usize) -> Html {
    let bytes = runs.iter().map(|run| run.bytes).sum();
    let count = match runs.len() {
        0 => "No run is stored.".into(),
        1 => format!("One run, {}.", size(bytes)),
        count => format!("{} runs, {} in all.", grouped(count), size(bytes)),
    };
    let choices = match tables {
        0 => String::new(),
        1 => " Your choices are kept for the columns of one table.".into(),
        tables => format!(" Your choices are kept for the columns of {tables} tables."),
    };
    html! {
        <p>
            { count }
            { format!(" Above {} the oldest weights are deleted; starred runs stay.", size(BUDGET_BYTES)) }
            { choices }
        </p>
    }
}

fn table(content: &Content, reload: &Callback<()>) -> Html {
    html! {
        <div class="table-scroll">
            <table aria-label="Runs">
                <thead>
                    <tr>
                        { for ["Stored", "Lab", "Model", "Data", "Epochs", "Loss", "Size", "Actions"].map(|name| html! { <th scope="col">{ name }</th> }) }
                    </tr>
                </thead>
                <tbody>{ for content.runs.iter().map(|run| row(run, content.in_progress.contains(&run.id), reload)) }</tbody>
            </table>
        </div>
    }
}

fn row(run: &StoredRun, is_in_progress: bool, reload: &Callback<()>) -> Html {
    let time =
        String::from(Date::new(&JsValue::from_f64(run.stored_at_ms)).to_locale_string("default", &Object::new()));
    let lab = run.kind.lab();
    let (id, is_starred) = (run.id.clone(), run.is_starred);
    let star = changing(reload, move || {
        let id = id.clone();
        async move { storage::set_starred(&id, !is_starred).await }
    });
    let id = run.id.clone();
    let delete = changing(reload, move || {
        let id = id.clone();
        async move { storage::delete_run(&id).await }
    });
    let named = |verb: &str| format!("{verb} {}, {time}", run.name);
    html! {
        <tr key={run.id.clone()}>
            <td>{ &time }</td>
            <td>{ if lab == Route::Tables { "Tables" } else { "Digits" } }</td>
            <td>
                { &run.name }
                if let RunKind::Detector(detector) = &run.kind {
                    { " " }<span class="hint">{ &detector.architecture }</span>
                }
                if is_in_progress {
                    { " " }<span class="badge">{ "In progress" }</span>
                }
            </td>
            <td>{ &run.data }</td>
            <td class="number">{ epochs(&run.kind) }</td>
            <td class="number">{ loss(&run.kind) }</td>
            <td class="number">{ if run.bytes == 0 { "deleted".into() } else { size(run.bytes) } }</td>
            <td class="row">
                if is_in_progress {
                    <span class="hint">{ "open in a tab" }</span>
                } else {
                    <a class="button" href={route::run_link(lab, &run.id)} aria-label={named("Restore")}>{ "Restore" }</a>
                    <button type="button" class="button quiet" onclick={delete} aria-label={named("Delete")}>{ "Delete" }</button>
                }
                <button type="button" class="button quiet" onclick={star} aria-pressed={is_starred.to_string()} aria-label={named("Star")}>
                    { if is_starred { "★" } else { "☆" } }
                </button>
            </td>
        </tr>
    }
}

/// Epochs of a network; a detector is stored only once it is fitted.
fn epochs(kind: &RunKind) -> String {
    match kind {
        RunKind::Network(network) => format!("{} of {}", network.epoch(), network.experiment.schedule.epochs),
        RunKind::Detector(_) => "–".into(),
    }
}

fn loss(kind: &RunKind) -> String {
    let last = if let RunKind::Network(network) = kind { network.curve.last() } else { None };
    let loss = last.map(EpochRecord::selection_loss).filter(|loss| *loss > 0.0);
    loss.map_or_else(|| "–".into(), |loss| fixed(loss, 4))
}

/// Callback that changes the storage, and loads the page again.
fn changing<F: Future<Output = Result<(), StorageError>> + 'static>(
    reload: &Callback<()>,
    change: impl Fn() -> F + 'static,
) -> Callback<MouseEvent> {
    let reload = reload.clone();
    Callback::from(move |_| {
        let (reload, change) = (reload.clone(), change());
        spawn_local(async move {
            // A refusal shows in the table, which is loaded again.
            let _ = change.await;
            reload.emit(());
        });
    })
}

fn forget(asks: bool, ask: &Callback<bool>, reload: &Callback<()>) -> Html {
    let on_ask = |asks| ask.reform(move |_: MouseEvent| asks);
    let forget = changing(reload, storage::forget_everything);
    html! {
        <div class="row">
            if asks {
                <p>{ "Delete every run, the drawing, the experiment, the choices for tables and the page's settings from this browser? Files that you saved stay." }</p>
                <button type="button" class="button danger" onclick={forget}>{ "Yes, forget everything" }</button>
                <button type="button" class="button" onclick={on_ask(false)}>{ "Keep it" }</button>
            } else {
                <button type="button" class="button" onclick={on_ask(true)}>{ "Forget everything" }</button>
            }
        </div>
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", grouped(bytes.div_ceil(1000))),
        _ => format!("{} MB", fixed(bytes as f64 / 1e6, 1)),
    }
}
