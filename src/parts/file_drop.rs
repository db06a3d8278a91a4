//! Files dropped anywhere on the page.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File};
use yew::prelude::*;

use crate::files;

/// Takes files dropped on the page, so that the browser does not leave the page to show them. Gives what is shown over
/// the page while files hover above it.
#[hook]
pub fn use_file_drop(invitation: &'static str, on_files: Callback<Vec<File>>) -> Html {
    let is_hovering = use_state_eq(|| false);
    {
        let is_hovering = is_hovering.setter();
        use_effect_with((), move |()| {
            let window = web_sys::window().expect("the page runs in a window");
            let listeners = ["dragover", "dragleave", "drop"].map(|kind| {
                let (is_hovering, on_files) = (is_hovering.clone(), on_files.clone());
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&window, kind, options, move |event| {
                    hear(event.unchecked_ref(), &is_hovering, &on_files);
                })
            });
            move || drop(listeners)
        });
    }
    html! {
        if *is_hovering {
            <div class="drop-veil"><p>{ invitation }</p></div>
        }
    }
}

fn hear(event: &DragEvent, is_hovering: &UseStateSetter<bool>, on_files: &Callback<Vec<File>>) {
    event.prevent_default();
    is_hovering.set(event.type_() == "dragover");
    if event.type_() == "drop" {
        let dropped = files::to_vec(event.data_transfer().and_then(|transfer| transfer.files()));
        if !dropped.is_empty() {
            on_files.emit(dropped);
        }
    }
}
