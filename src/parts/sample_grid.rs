//! Held-out images, what the network saw of them, and what it makes of that: three strips.

use pinhole_protocol::{Event, SampleGrid};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::picture::{self, SIDE};
use crate::engine::{News, use_news};

/// Bytes of one image.
const IMAGE_BYTES: usize = (SIDE * SIDE) as usize;

/// The three strips; painted as the news come, without rendering anything.
#[component]
pub fn SampleStrips() -> Html {
    let strips = [use_node_ref(), use_node_ref(), use_node_ref()];
    let seen = use_state_eq(|| false);
    let newest = use_mut_ref(|| None::<SampleGrid>);
    {
        let (strips, seen, newest) = (strips.clone(), seen.setter(), newest.clone());
        use_news(move |news| {
            if let News::Event(Event::Samples(grid)) = news {
                paint(&strips, grid);
                *newest.borrow_mut() = Some(grid.clone());
                seen.set(true);
            }
        });
    }
    {
        // The first pictures come before there are canvases to paint them on.
        let strips = strips.clone();
        use_effect_with(*seen, move |_| {
            if let Some(grid) = &*newest.borrow() {
                paint(&strips, grid);
            }
        });
    }
    let names = ["Held-out originals", "Held-out, corrupted", "Held-out, rebuilt"];
    let captions = ["Held-out originals", "What the network sees", "What it makes of them"];
    if !*seen {
        return html! {
            <p class="hint">{ "Held-out pictures, and what the network makes of them, appear here while it trains." }</p>
        };
    }
    html! {
        <div class="strips">
            { for strips.iter().zip(names).zip(captions).map(|((strip, name), caption)| html! {
                <figure>
                    <span class="plate strip"><canvas ref={strip.clone()} role="img" aria-label={name} width="336" height="28"></canvas></span>
                    <figcaption>{ caption }</figcaption>
                </figure>
            }) }
        </div>
    }
}

fn paint(strips: &[NodeRef; 3], grid: &SampleGrid) {
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
