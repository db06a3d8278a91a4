//! Button that opens files.

use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use crate::{
    chosen_file::{self, ChosenFile},
    files,
};

/// File input styled as a button; it accepts several files if `multiple`, of the kinds in `accept`.
pub fn file_button(
    label: &'static str,
    accept: &'static str,
    multiple: bool,
    disabled: bool,
    on_files: Callback<Vec<File>>,
) -> Html {
    button(label, accept, multiple, disabled, None, on_files)
}

/// As [`file_button`] for several files, which come with their handles where the browser has them.
pub fn handle_button(
    label: &'static str,
    accept: &'static str,
    disabled: bool,
    on_chosen: &Callback<Vec<ChosenFile>>,
) -> Html {
    let on_files = on_chosen.reform(|files: Vec<File>| files.into_iter().map(ChosenFile::from).collect());
    let on_chosen = on_chosen.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        // The picker in place of the input's, which gives no handle.
        event.prevent_default();
        let on_chosen = on_chosen.clone();
        spawn_local(async move {
            let chosen = chosen_file::pick().await;
            if !chosen.is_empty() {
                on_chosen.emit(chosen);
            }
        });
    });
    button(label, accept, true, disabled, chosen_file::can_pick().then_some(onclick), on_files)
}

fn button(
    label: &'static str,
    accept: &'static str,
    multiple: bool,
    disabled: bool,
    onclick: Option<Callback<MouseEvent>>,
    on_files: Callback<Vec<File>>,
) -> Html {
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let chosen = files::to_vec(input.files());
        // So that choosing the same file again is a change too.
        input.set_value("");
        if !chosen.is_empty() {
            on_files.emit(chosen);
        }
    });
    html! {
        <label class="button file-button">
            <span>{ label }</span>
            <input type="file" {accept} {multiple} {disabled} {onclick} {onchange} />
        </label>
    }
}
