//! Keyboard focus after an edit, and after a section is opened.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Id of the builder's section.
pub const BUILDER_ID: &str = "build";

/// Id of the section that shows the experiment as text.
pub const LISTING_ID: &str = "listing";

/// Focuses the first enabled element of these ids after the next rendering, as the focused element may then be gone or
/// belong to another block. The browser scrolls it into view.
pub fn focus_soon(ids: Vec<String>) {
    Timeout::new(0, move || {
        let document = web_sys::window().and_then(|window| window.document());
        let is_usable = |element: &Element| !element.has_attribute("disabled");
        let element = document
            .and_then(|document| ids.iter().filter_map(|id| document.get_element_by_id(id)).find(is_usable))
            .and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            // A hidden element cannot have the focus, and need not.
            let _ = element.focus();
        }
    })
    .forget();
}
