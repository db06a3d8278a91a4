//! Held-out samples in three strips: originals, corrupted inputs and reconstructions.

use pinhole_protocol::{GridShape, SampleGrid};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::picture;

const NAMES: [&str; 3] = ["Held-out originals", "Held-out, corrupted", "Held-out, rebuilt"];
const CAPTIONS: [&str; 3] = ["Held-out originals", "Corrupted input of the network", "Reconstructions"];

/// Canvases of the three strips.
pub type SampleCanvases = [NodeRef; 3];

/// Renders the three strips blank; [`paint`] fills them whenever new samples arrive, without rendering the component.
pub fn view(strips: &SampleCanvases, shape: GridShape) -> Html {
    html! {
        <div class="strips">
            { for strips.iter().zip(NAMES).zip(CAPTIONS).map(|((strip, name), caption)| html! {
                <figure>
                    <span class="picture-frame strip"><canvas ref={strip.clone()} role="img" aria-label={name} width="336" height="28"></canvas></span>
                    <figcaption>{ caption }</figcaption>
                </figure>
            }) }
            if !picture::is_picture(shape) {
                <p class="hint">{ "A line is a row of the table, a cell one of its columns: the brighter, the higher in the column's range." }</p>
            }
        </div>
    }
}

/// Paints the newest samples.
pub fn paint(strips: &SampleCanvases, grid: &SampleGrid) {
    for (strip, samples) in strips.iter().zip([&grid.originals, &grid.noisy, &grid.rebuilt]) {
        if let Some(canvas) = strip.cast::<HtmlCanvasElement>() {
            picture::show_all(&canvas, &samples.0, grid.shape, grid.count);
        }
    }
}
