//! Files dropped anywhere on the page.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File};
use yew::prelude::*;

use crate::files;

#[derive(Properties, PartialEq)]
pub struct FileDropProps {
    /// Shown over the page while files hover above it.
    pub invitation: AttrValue,
    pub on_files: Callback<Vec<File>>,
}

/// Takes files dropped on the page, so that the browser does not leave the page to show them.
#[component]
pub fn FileDrop(props: &FileDropProps) -> Html {
    let hovering = use_state_eq(|| false);
    {
        let hovering = hovering.setter();
        use_effect_with(props.on_files.clone(), move |on_files| {
            let window = web_sys::window().expect("the page runs in a window");
            let on_files = on_files.clone();
            let listeners = ["dragover", "dragleave", "drop"].map(|kind| {
                let (hovering, on_files) = (hovering.clone(), on_files.clone());
                EventListener::new_with_options(
                    &window,
                    kind,
                    EventListenerOptions::enable_prevent_default(),
                    move |event| {
                        let event: &DragEvent = event.unchecked_ref();
                        hear(event, &hovering, &on_files);
                    },
                )
            });
            move || drop(listeners)
        });
    }
    html! {
        if *hovering {
            <div class="drop-veil"><p>{ &props.invitation }</p></div>
        }
    }
}

fn hear(event: &DragEvent, hovering: &UseStateSetter<bool>, on_files: &Callback<Vec<File>>) {
    event.prevent_default();
    hovering.set(event.type_() == "dragover");
    if event.type_() == "drop" {
        let dropped = files::to_vec(event.data_transfer().and_then(|transfer| transfer.files()));
        if !dropped.is_empty() {
            on_files.emit(dropped);
        }
    }
}
