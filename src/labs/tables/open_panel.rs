//! Panel that opens a table: a file of the person's own, or one of the example tables.

use yew::prelude::*;

use super::{
    example_tables::{EXAMPLE_TABLES, ExampleTable},
    paste_table::PasteTable,
};
use crate::{chosen_file::ChosenFile, components::file_button::handle_button, files::TABLES};

/// The panel; longer while there is no table yet.
pub fn view(
    is_empty: bool,
    is_locked: bool,
    on_open: &Callback<Vec<ChosenFile>>,
    on_paste: &Callback<String>,
    on_example: &Callback<&'static ExampleTable>,
) -> Html {
    html! {
        <section class="open-table" aria-labelledby="tables-title">
            <header class="lead">
                <h1 id="tables-title">{ "Drop a table. Find its anomalies." }</h1>
                if is_empty {
                    <p>
                        { "An autoencoder and its companions learn how the columns of your table depend on each other, and give \
                           each row an anomaly score: how little its cells fit each other. Unusual rows come first, with the \
                           columns behind it. All of it happens in this browser: " }
                        <strong>{ "Nothing leaves this page." }</strong>
                    </p>
                }
            </header>
            if is_empty {
                <p class="hint">
                    { "CSV and other text of any size, workbooks (.xlsx, .xls, .ods), Parquet, JSON, and a .zip of them; several files \
                       with the same columns become one table." }
                </p>
            }
            <div class="row">
                { handle_button("Open table", TABLES, is_locked, on_open) }
                <PasteTable {is_locked} on_paste={on_paste.clone()} />
                if !is_empty {
                    { for EXAMPLE_TABLES.iter().map(|example| try_button(example, is_locked, on_example)) }
                }
            </div>
        </section>
    }
}

/// Area in the table's place while there is none: an invitation to drop a file, tables of earlier visits
/// to `reopen`, and the example tables.
pub fn drop_zone(is_locked: bool, reopen: Html, on_example: &Callback<&'static ExampleTable>) -> Html {
    html! {
        <section class="drop-zone" aria-labelledby="drop-title">
            <h2 id="drop-title">{ "Drop a file anywhere on this page" }</h2>
            { reopen }
            <p class="hint">{ "Or begin with a table that comes with it:" }</p>
            <ul class="example-tables">
                { for EXAMPLE_TABLES.iter().map(|example| html! {
                    <li>{ try_button(example, is_locked, on_example) }<p class="hint">{ example.about }</p></li>
                }) }
            </ul>
        </section>
    }
}

fn try_button(example: &'static ExampleTable, disabled: bool, on_example: &Callback<&'static ExampleTable>) -> Html {
    let onclick = on_example.reform(move |_: MouseEvent| example);
    html! { <button type="button" class="button example-table" {disabled} {onclick}>{ "Try: " }{ example.title }</button> }
}
