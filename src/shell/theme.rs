//! Theme menu: light, dark, or that of the system.

use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlSelectElement};
use yew::prelude::*;

/// Key of the choice in the local storage, and event that announces another choice; `www/theme.js` reads and applies
/// both.
const THEME: &str = "pinhole-theme";

const CHOICES: [(&str, &str); 3] = [("system", "System"), ("light", "Light"), ("dark", "Dark")];

fn chosen() -> String {
    web_sys::window()
        .and_then(|window| window.local_storage().ok().flatten())
        .and_then(|storage| storage.get_item(THEME).ok().flatten())
        .unwrap_or_else(|| "system".into())
}

fn choose(theme: &str) {
    let Some(window) = web_sys::window() else { return };
    if let Ok(Some(storage)) = window.local_storage() {
        // A refused storage only means that the choice lasts as long as the page.
        let _ = storage.set_item(THEME, theme);
    }
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(theme));
    if let Ok(event) = CustomEvent::new_with_event_init_dict(THEME, &init) {
        // A listener that throws is reported by the browser.
        let _ = window.dispatch_event(&event);
    }
}

/// Renders the menu of themes.
pub fn theme_menu() -> Html {
    let theme = chosen();
    let onchange = Callback::from(|event: Event| choose(&event.target_unchecked_into::<HtmlSelectElement>().value()));
    html! {
        <label class="menu">
            <span class="menu-name">{ "Theme" }</span>
            <select {onchange} aria-label="Theme">
                { for CHOICES.map(|(value, title)| html! { <option {value} selected={theme == value}>{ title }</option> }) }
            </select>
        </label>
    }
}
