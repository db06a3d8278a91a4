//! Light, dark, or as the system is.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::components::chart::COLOURS_CHANGED;

/// Where the choice is kept; `www/theme.js` reads it before the first paint.
const KEY: &str = "pinhole-theme";

const CHOICES: [(&str, &str); 3] = [("system", "System"), ("light", "Light"), ("dark", "Dark")];

fn chosen() -> String {
    web_sys::window()
        .and_then(|window| window.local_storage().ok().flatten())
        .and_then(|storage| storage.get_item(KEY).ok().flatten())
        .unwrap_or_else(|| "system".into())
}

fn choose(theme: &str) {
    let Some(window) = web_sys::window() else { return };
    if let Some(root) = window.document().and_then(|document| document.document_element()) {
        // Both only fail for names that no attribute can have.
        let _ = if theme == "system" {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme)
        };
    }
    if let Ok(Some(storage)) = window.local_storage() {
        // A refused storage only means that the choice lasts as long as the page.
        let _ = storage.set_item(KEY, theme);
    }
    announce();
}

/// Tells those who paint with the page's colours.
fn announce() {
    if let (Some(window), Ok(event)) = (web_sys::window(), web_sys::Event::new(COLOURS_CHANGED)) {
        // A listener that throws is reported by the browser.
        let _ = window.dispatch_event(&event);
    }
}

/// A menu of the three.
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
