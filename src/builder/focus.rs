//! Where the keyboard goes next.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The id of the builder.
pub const BUILDER_ID: &str = "build";

/// Puts the focus on an element once the page shows it: what had it may be gone, or be another block's by now.
pub fn focus_soon(ids: Vec<String>) {
    Timeout::new(0, move || {
        let document = web_sys::window().and_then(|window| window.document());
        let is_usable = |element: &Element| !element.has_attribute("disabled");
        let element = document
            .and_then(|document| ids.iter().filter_map(|id| document.get_element_by_id(id)).find(is_usable))
            .and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            // Out of sight it cannot have the focus, and needs not.
            let _ = element.focus();
        }
    })
    .forget();
}
