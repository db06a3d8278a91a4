//! Header: name, labs, device, theme.

use yew::prelude::*;

use super::theme::theme_menu;
use crate::route::Route;

/// Labs with their addresses and names.
const LABS: [(Route, &str, &str); 3] = [
    (Route::Digits, "#/", "Digits"),
    (Route::Tables, "#/tables", "Tables"),
    (Route::Latent, "#/latent", "Latent space"),
];

/// Header of the lab at `here`, with its controls.
pub fn header(here: Route, controls: Html) -> Html {
    html! {
        <header class="bar">
            <a class="brand" href="#/" aria-label="Pinhole, start page">
                <svg viewBox="0 0 32 24" aria-hidden="true">
                    <path class="cone-in" d="M1 1 16 12 1 23Z" />
                    <path class="cone-out" d="M31 3 16 12l15 9Z" />
                </svg>
                <span>{ "Pinhole" }</span>
            </a>
            <nav aria-label="Labs">
                { for LABS.map(|(lab, href, name)| html! {
                    <a {href} aria-current={(lab == here).then_some("page")}>{ name }</a>
                }) }
            </nav>
            <div class="bar-end">
                { controls }
                { theme_menu() }
            </div>
        </header>
    }
}
