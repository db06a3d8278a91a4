//! The clipboard.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlTextAreaElement;

/// Puts `text` on the clipboard. Whether it is there now.
pub async fn copy(text: &str) -> bool {
    match web_sys::window().map(|window| window.navigator().clipboard()) {
        // There is none on a page that is not served securely.
        Some(clipboard) if !clipboard.is_undefined() => {
            JsFuture::from(clipboard.write_text(text)).await.is_ok() || copy_by_selection(text).is_ok_and(|done| done)
        }
        _ => copy_by_selection(text).is_ok_and(|done| done),
    }
}

/// The way before there was a clipboard: select text in a field and have the browser copy it.
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
        // It may be gone; then nothing has the focus.
        let _ = focused.focus();
    }
    Ok(copied?.is_truthy())
}
