//! Files dropped anywhere on the page.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, HtmlElement};
use yew::prelude::*;

use crate::{files, services::use_mount};

/// Takes files dropped on the page, so that the browser does not leave the page to show them. Gives the veil that the
/// style sheet shows while files hover above the page. A lab that is not shown takes nothing.
#[hook]
pub fn use_file_drop(invitation: &'static str, on_files: Callback<Vec<File>>) -> Html {
    let veil = use_node_ref();
    {
        let veil = veil.clone();
        use_mount(Rc::new(move || {
            let window = web_sys::window().expect("the page runs in a window");
            let listeners = ["dragover", "dragleave", "drop"].map(|kind| {
                let (veil, on_files) = (veil.clone(), on_files.clone());
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&window, kind, options, move |event| {
                    hear(event.unchecked_ref(), &veil, &on_files);
                })
            });
            Box::new(listeners)
        }));
    }
    html! { <div ref={veil} class="drop-veil" hidden=true><p>{ invitation }</p></div> }
}

fn hear(event: &DragEvent, veil: &NodeRef, on_files: &Callback<Vec<File>>) {
    let Some(veil) = veil.cast::<HtmlElement>() else { return };
    let is_away = veil.parent_element().and_then(|lab| lab.closest("[hidden]").ok().flatten()).is_some();
    if is_away {
        return;
    }
    event.prevent_default();
    veil.set_hidden(event.type_() != "dragover");
    if event.type_() == "drop" {
        let dropped = files::to_vec(event.data_transfer().and_then(|transfer| transfer.files()));
        if !dropped.is_empty() {
            on_files.emit(dropped);
        }
    }
}
