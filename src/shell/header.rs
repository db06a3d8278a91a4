//! The bar at the top: name, labs, device, theme.

use yew::prelude::*;

use super::theme::theme_menu;

/// The bar, with the lab's own controls.
pub fn header(controls: Html) -> Html {
    html! {
        <header class="bar">
            <a class="brand" href="#/" aria-label="Pinhole, start page">
                <svg viewBox="0 0 32 24" aria-hidden="true">
                    <path class="cone-in" d="M1 1 16 12 1 23Z" />
                    <path class="cone-out" d="M31 3 16 12l15 9Z" />
                </svg>
                <span>{ "Pinhole" }</span>
            </a>
            <nav aria-label="Labs"><a href="#/" aria-current="page">{ "Digits" }</a></nav>
            <div class="bar-end">
                { controls }
                { theme_menu() }
            </div>
        </header>
    }
}
