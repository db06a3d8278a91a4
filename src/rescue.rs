//! Hands a failure to the overlay in the static page (`www/rescue.js`), which works when this module is dead.

use std::panic::PanicHookInfo;

use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

/// The event that the overlay waits for.
const PANIC_EVENT: &str = "pinhole-panic";

/// Set by the overlay before it reloads: the kept model is wanted back without asking.
const RESTORE_FLAG: &str = "pinhole-restore";

/// Shows panics of the page's own code.
pub fn install() {
    yew::set_custom_panic_hook(Box::new(|info: &PanicHookInfo<'_>| show(&info.to_string())));
}

/// Shows the overlay.
pub fn show(message: &str) {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(message));
    let event = CustomEvent::new_with_event_init_dict(PANIC_EVENT, &init);
    if let (Some(window), Ok(event)) = (web_sys::window(), event) {
        // A listener that throws has no better place to be heard than the console, where the browser puts it.
        let _ = window.dispatch_event(&event);
    }
}

/// Whether the overlay reloaded the page; true once.
pub fn take_restore_flag() -> bool {
    let Some(storage) = web_sys::window().and_then(|window| window.session_storage().ok().flatten()) else {
        return false;
    };
    let wanted = storage.get_item(RESTORE_FLAG).ok().flatten().is_some();
    // A storage that refuses to forget also refused to remember.
    let _ = storage.remove_item(RESTORE_FLAG);
    wanted
}
