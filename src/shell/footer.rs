//! Footer: privacy, credits and version.

use yew::prelude::*;

/// Footer of every page.
pub fn footer() -> Html {
    html! {
        <footer class="footer">
            <p>
                <strong>{ "Nothing leaves this page." }</strong>
                { " Drawings, images and models stay in this browser; the page's own policy forbids every connection elsewhere." }
            </p>
            <p>
                { "The real 8×8 digits are from " }
                <cite>{ "Optical Recognition of Handwritten Digits" }</cite>
                { " (E. Alpaydin, C. Kaynak, UCI Machine Learning Repository, CC BY 4.0)." }
            </p>
            <p><a href="#/glossary">{ "Glossary" }</a>{ " · " }<a href="#/stored">{ "Stored data" }</a></p>
            <p class="version">{ concat!("Pinhole ", env!("CARGO_PKG_VERSION")) }</p>
        </footer>
    }
}
