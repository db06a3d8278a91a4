//! Reports failures to the crash overlay of the static page (`www/crash-overlay.js`), which works without this module.

use std::panic::PanicHookInfo;

use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

/// Event on which the overlay opens.
const PANIC_EVENT: &str = "pinhole-panic";

/// Key in the session storage that the overlay sets before it reloads: the stored model is restored without asking.
const RESTORE_FLAG: &str = "pinhole-restore";

/// Installs the panic hook that shows panics of the page's code in the overlay.
pub fn install() {
    yew::set_custom_panic_hook(Box::new(|info: &PanicHookInfo<'_>| show(&info.to_string())));
}

/// Opens the overlay with a message.
pub fn show(message: &str) {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(message));
    let event = CustomEvent::new_with_event_init_dict(PANIC_EVENT, &init);
    if let (Some(window), Ok(event)) = (web_sys::window(), event) {
        // The browser reports a listener that throws on the console.
        let _ = window.dispatch_event(&event);
    }
}

/// True if the overlay has reloaded the page. The flag is cleared, so later calls return false.
pub fn take_restore_flag() -> bool {
    let Some(storage) = web_sys::window().and_then(|window| window.session_storage().ok().flatten()) else {
        return false;
    };
    let is_set = storage.get_item(RESTORE_FLAG).ok().flatten().is_some();
    // A storage that refuses to remove the flag has refused to store it too.
    let _ = storage.remove_item(RESTORE_FLAG);
    is_set
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
        let received = Rc::new(RefCell::new(None));
        let window = web_sys::window().expect("the tests run in a browser");
        let listener = {
            let received = received.clone();
            EventListener::new(&window, PANIC_EVENT, move |event| {
                let event: &CustomEvent = event.unchecked_ref();
                *received.borrow_mut() = event.detail().as_string();
            })
        };
        show("it broke at here.rs:1");
        assert_eq!(received.borrow().as_deref(), Some("it broke at here.rs:1"));
        drop(listener);
    }

    #[wasm_bindgen_test]
    fn the_restore_flag_is_taken_once() {
        let storage = web_sys::window().and_then(|window| window.session_storage().ok().flatten()).expect("storage");
        storage.set_item(RESTORE_FLAG, "1").expect("storage takes it");
        assert!(take_restore_flag());
        assert!(!take_restore_flag());
    }
}
