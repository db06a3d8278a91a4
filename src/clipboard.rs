//! Access to the clipboard.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlTextAreaElement;

/// Copies `text` to the clipboard. Returns true if that succeeded.
pub async fn copy(text: &str) -> bool {
    match web_sys::window().map(|window| window.navigator().clipboard()) {
        // A page that is not served securely has no clipboard API.
        Some(clipboard) if !clipboard.is_undefined() => {
            JsFuture::from(clipboard.write_text(text)).await.is_ok() || copy_by_selection(text).is_ok_and(|done| done)
        }
        _ => copy_by_selection(text).is_ok_and(|done| done),
    }
}

/// Copies with the older `execCommand`: the text is selected in a field that exists for the moment.
fn copy_by_selection(text: &str) -> Result<bool, JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or("there is no document")?;
    let body = document.body().ok_or("there is no body")?;
    let field: HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    field.set_class_name("visually-hidden");
    field.set_value(text);
    body.append_child(&field)?;
    let focused = document.active_element();
    field.select();
    let command: Function = Reflect::get(&document, &"execCommand".into())?.dyn_into()?;
    let copied = command.call1(&document, &"copy".into());
    field.remove();
    if let Some(focused) = focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // The element may be gone; then nothing has the focus.
        let _ = focused.focus();
    }
    Ok(copied?.is_truthy())
}
