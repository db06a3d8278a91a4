//! Drag and drop of files anywhere on the page.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, HtmlElement};
use yew::prelude::*;

use crate::{chosen_file::ChosenFile, services::use_mount};

/// Accepts files dropped on the page, in place of the browser, which would navigate to them. Returns the overlay that
/// is visible while files are dragged over the page. A hidden lab ignores them.
#[hook]
pub fn use_file_drop(invitation: &'static str, on_files: Callback<Vec<ChosenFile>>) -> Html {
    let overlay = use_node_ref();
    {
        let overlay = overlay.clone();
        use_mount(Rc::new(move || {
            let window = web_sys::window().expect("the page runs in a window");
            let listeners = ["dragover", "dragleave", "drop"].map(|kind| {
                let (overlay, on_files) = (overlay.clone(), on_files.clone());
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&window, kind, options, move |event| {
                    on_drag(event.unchecked_ref(), &overlay, &on_files);
                })
            });
            Box::new(listeners)
        }));
    }
    html! { <div ref={overlay} class="drop-veil" hidden=true><p>{ invitation }</p></div> }
}

fn on_drag(event: &DragEvent, overlay: &NodeRef, on_files: &Callback<Vec<ChosenFile>>) {
    let Some(overlay) = overlay.cast::<HtmlElement>() else { return };
    let is_lab_hidden = overlay.parent_element().and_then(|lab| lab.closest("[hidden]").ok().flatten()).is_some();
    if is_lab_hidden {
        return;
    }
    event.prevent_default();
    overlay.set_hidden(event.type_() != "dragover");
    if event.type_() == "drop" {
        let dropped = event.data_transfer().map(|transfer| ChosenFile::of_drop(&transfer)).unwrap_or_default();
        if !dropped.is_empty() {
            on_files.emit(dropped);
        }
    }
}
