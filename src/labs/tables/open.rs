//! The way in: a file of one's own, or one of the page's tables.

use web_sys::File;
use yew::prelude::*;

use super::samples::{SAMPLES, Sample};
use crate::{components::file_button::file_button, files::TABLES};

/// The section; told at length while there is no table yet.
pub fn section(
    is_empty: bool,
    is_locked: bool,
    on_open: Callback<Vec<File>>,
    on_sample: &Callback<&'static Sample>,
) -> Html {
    html! {
        <section class="open-table" aria-labelledby="tables-title">
            <header class="lead">
                <h1 id="tables-title">{ "Drop a table. See its odd rows." }</h1>
                if is_empty {
                    <p>
                        { "An autoencoder learns how the columns of your table go together, and ranks the rows by how badly \
                           it can rebuild them, with the columns to blame. All of it happens in this browser: " }
                        <strong>{ "Nothing leaves this page." }</strong>
                    </p>
                }
            </header>
            if is_empty {
                <p class="hint">
                    { "Comma-, semicolon-, tab- or bar-separated text, also .gz, of any size." }
                </p>
            }
            <div class="row">
                { file_button("Open CSV", TABLES, false, is_locked, on_open) }
                if !is_empty {
                    { for SAMPLES.iter().map(|sample| try_button(sample, is_locked, on_sample)) }
                }
            </div>
        </section>
    }
}

/// Where the table will be: the place to drop one, and the page's own.
pub fn drop_zone(is_locked: bool, on_sample: &Callback<&'static Sample>) -> Html {
    html! {
        <section class="drop-zone" aria-labelledby="drop-title">
            <h2 id="drop-title">{ "Drop a file anywhere on this page" }</h2>
            <p class="hint">{ "Or begin with a table that comes with it:" }</p>
            <ul class="sample-tables">
                { for SAMPLES.iter().map(|sample| html! {
                    <li>{ try_button(sample, is_locked, on_sample) }<p class="hint">{ sample.about }</p></li>
                }) }
            </ul>
        </section>
    }
}

fn try_button(sample: &'static Sample, disabled: bool, on_sample: &Callback<&'static Sample>) -> Html {
    let onclick = on_sample.reform(move |_: MouseEvent| sample);
    html! { <button type="button" class="button sample" {disabled} {onclick}>{ "Try: " }{ sample.title }</button> }
}
