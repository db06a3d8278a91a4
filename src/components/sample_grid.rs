//! Held-out samples in strips: originals, corrupted inputs if there is a corruption, and reconstructions.

use pinhole_protocol::{GridShape, SampleGrid};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::picture;

const CORRUPTED: &str = "Held-out, corrupted";
const NAMES: [&str; 3] = ["Held-out originals", CORRUPTED, "Held-out, rebuilt"];
const CAPTIONS: [&str; 3] = ["Held-out originals", "Corrupted input of the network", "Reconstructions"];

/// Canvases of the three strips.
pub type SampleCanvases = [NodeRef; 3];

/// Look of the samples, which decides what is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleLook {
    shape: GridShape,
    /// True if the inputs were corrupted; otherwise they are the originals, and are not shown again.
    is_corrupted: bool,
}

impl SampleLook {
    /// Look of a grid of samples.
    pub fn of(grid: &SampleGrid) -> Self {
        Self { shape: grid.shape, is_corrupted: grid.noisy != grid.originals }
    }
}

/// Renders the strips blank; [`paint`] fills them whenever new samples arrive, without rendering the component.
pub fn view(strips: &SampleCanvases, look: SampleLook) -> Html {
    let is_hidden = |name: &str| name == CORRUPTED && !look.is_corrupted;
    html! {
        <div class="strips">
            { for strips.iter().zip(NAMES).zip(CAPTIONS).map(|((strip, name), caption)| html! {
                <figure hidden={is_hidden(name)}>
                    <span class="picture-frame strip"><canvas ref={strip.clone()} role="img" aria-label={name} width="336" height="28"></canvas></span>
                    <figcaption>{ caption }</figcaption>
                </figure>
            }) }
            if !picture::is_picture(look.shape) {
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
