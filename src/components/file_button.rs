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

/// As [`file_button`] for one file, which comes with its handle where the browser has them.
pub fn handle_button(
    label: &'static str,
    accept: &'static str,
    disabled: bool,
    on_file: &Callback<ChosenFile>,
) -> Html {
    let on_files = on_file.reform(|mut files: Vec<File>| ChosenFile::from(files.remove(0)));
    let on_file = on_file.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        // The picker in place of the input's, which gives no handle.
        event.prevent_default();
        let on_file = on_file.clone();
        spawn_local(async move {
            if let Some(file) = chosen_file::pick().await {
                on_file.emit(file);
            }
        });
    });
    button(label, accept, false, disabled, chosen_file::can_pick().then_some(onclick), on_files)
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
