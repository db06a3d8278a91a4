//! Held-out images, what the network saw of them, and what it makes of that: three strips.

use pinhole_protocol::SampleGrid;
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::picture::{self, SIDE};

/// Bytes of one image.
const IMAGE_BYTES: usize = (SIDE * SIDE) as usize;

const NAMES: [&str; 3] = ["Held-out originals", "Held-out, corrupted", "Held-out, rebuilt"];
const CAPTIONS: [&str; 3] = ["Held-out originals", "What the network sees", "What it makes of them"];

/// The strips' canvases.
pub type Strips = [NodeRef; 3];

/// The three strips, blank; [`paint`] fills them as the news come, without rendering anything.
pub fn view(strips: &Strips) -> Html {
    html! {
        <div class="strips">
            { for strips.iter().zip(NAMES).zip(CAPTIONS).map(|((strip, name), caption)| html! {
                <figure>
                    <span class="plate strip"><canvas ref={strip.clone()} role="img" aria-label={name} width="336" height="28"></canvas></span>
                    <figcaption>{ caption }</figcaption>
                </figure>
            }) }
        </div>
    }
}

/// Shows the newest images.
pub fn paint(strips: &Strips, grid: &SampleGrid) {
    for (strip, images) in strips.iter().zip([&grid.originals, &grid.noisy, &grid.rebuilt]) {
        let Some(canvas) = strip.cast::<HtmlCanvasElement>() else { continue };
        let width = SIDE * u32::try_from(grid.count).unwrap_or_default();
        // Setting the width clears a canvas, even to the same: only when it has to be.
        if canvas.width() != width {
            canvas.set_width(width);
        }
        let Some(context) = picture::context(&canvas) else { continue };
        for (index, image) in images.0.chunks_exact(IMAGE_BYTES).take(grid.count).enumerate() {
            picture::paint_bytes(&context, image, index as f64 * f64::from(SIDE), 0.0);
        }
    }
}
