//! Bar that shows a share beside its number.

use yew::prelude::*;

use super::format::fixed;

/// Bar filled to `share`, 0 to 1. It is hidden from screen readers, as the number stands beside it as text. `class`
/// selects its colour.
pub fn share_bar(share: f64, class: &'static str) -> Html {
    let width = fixed(100.0 * if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }, 1);
    html! {
        <svg class={classes!("share-bar", class)} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="bar-all" width="100" height="8" />
            <rect class="bar-share" {width} height="8" />
        </svg>
    }
}
