//! Hands a failure to the overlay in the static page (`www/crash-overlay.js`), which works when this module is dead.

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

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use gloo_events::EventListener;
    use wasm_bindgen::JsCast;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn a_failure_reaches_the_overlay() {
        let heard = Rc::new(RefCell::new(None));
        let window = web_sys::window().expect("the tests run in a browser");
        let listener = {
            let heard = heard.clone();
            EventListener::new(&window, PANIC_EVENT, move |event| {
                let event: &CustomEvent = event.unchecked_ref();
                *heard.borrow_mut() = event.detail().as_string();
            })
        };
        show("it broke at here.rs:1");
        assert_eq!(heard.borrow().as_deref(), Some("it broke at here.rs:1"));
        drop(listener);
    }

    #[wasm_bindgen_test]
    fn the_wish_to_restore_is_granted_once() {
        let storage = web_sys::window().and_then(|window| window.session_storage().ok().flatten()).expect("storage");
        storage.set_item(RESTORE_FLAG, "1").expect("storage takes it");
        assert!(take_restore_flag());
        assert!(!take_restore_flag());
    }
}
