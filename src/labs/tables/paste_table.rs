//! Dialogue into which a table is pasted from a spreadsheet.

use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, HtmlDialogElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::fields::button;

#[derive(Properties, PartialEq)]
pub struct PasteTableProps {
    pub is_locked: bool,
    pub on_paste: Callback<String>,
}

/// The button "Paste table" with its dialogue. What is pasted is taken at once and never shown: a million cells would
/// stall a text field. What is typed is taken by a button.
#[component]
pub fn PasteTable(props: &PasteTableProps) -> Html {
    let dialog = use_node_ref();
    let cells = use_node_ref();
    let on_open = {
        let dialog = dialog.clone();
        Callback::from(move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // It fails only if the dialogue is open.
                let _ = dialog.show_modal();
            }
        })
    };
    let on_close = {
        let dialog = dialog.clone();
        Callback::from(move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    let take = {
        let (on_close, on_paste) = (on_close.clone(), props.on_paste.clone());
        move |text: String| {
            on_close.emit(());
            on_paste.emit(text);
        }
    };
    let onpaste = {
        let take = take.clone();
        Callback::from(move |event: Event| {
            let event: ClipboardEvent = event.unchecked_into();
            let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
            event.prevent_default();
            take(text.unwrap_or_default());
        })
    };
    let on_typed = {
        let cells = cells.clone();
        Callback::from(move |()| {
            if let Some(cells) = cells.cast::<HtmlTextAreaElement>() {
                let text = cells.value();
                cells.set_value("");
                take(text);
            }
        })
    };
    html! {
        <>
            { button("Paste table", "button", props.is_locked, &on_open) }
            <dialog ref={dialog} class="paste-table card" aria-labelledby="paste-title">
                <h2 id="paste-title">{ "Paste a table" }</h2>
                <p class="hint">{ "Copy cells in a spreadsheet, with their header, and paste them here." }</p>
                <textarea ref={cells} rows="6" aria-label="Cells" spellcheck="false" autocomplete="off" {onpaste} />
                <div class="row">
                    { button("Open cells", "button primary", false, &on_typed) }
                    { button("Close", "button", false, &on_close) }
                </div>
            </dialog>
        </>
    }
}
