//! Button that opens files.

use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use crate::files;

/// File input styled as a button; it accepts several files if `multiple`, of the kinds in `accept`.
pub fn file_button(
    label: &'static str,
    accept: &'static str,
    multiple: bool,
    disabled: bool,
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
            <input type="file" {accept} {multiple} {disabled} {onchange} />
        </label>
    }
}
