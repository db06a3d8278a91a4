//! Inspection of the network during and after training: weights of the first layer, the code, the layers.

mod code;
mod layers;

use std::rc::Rc;

use pinhole_protocol::{GridShape, Inspection, ModelSummary, WeightPictures};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use crate::components::{
    format::grouped,
    picture::{self, Tiling},
};

#[derive(Properties)]
pub struct InspectProps {
    /// Last inspection.
    pub inspection: Option<Rc<Inspection>>,
    /// Model in training, or else the current one.
    pub model: Option<Rc<ModelSummary>>,
}

impl PartialEq for InspectProps {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |one: &Option<Rc<Inspection>>, two: &Option<Rc<Inspection>>| match (one, two) {
            (Some(one), Some(two)) => Rc::ptr_eq(one, two),
            (one, two) => one.is_none() && two.is_none(),
        };
        is_same(&self.inspection, &other.inspection) && self.model == other.model
    }
}

/// Tiles per row, so that the grid is two to four times as wide as high, and the last row is full if possible.
fn columns(count: usize) -> usize {
    let least = ((2 * count) as f64).sqrt().ceil() as usize;
    (least..2 * least).find(|columns| count.is_multiple_of(*columns)).unwrap_or(least)
}

fn paint_weights(canvas: &HtmlCanvasElement, weights: &WeightPictures) {
    let WeightPictures { count, height, width, ref pixels } = *weights;
    let tiling = Tiling { columns: columns(count), gap: 1 };
    picture::show_tiles(canvas, &pixels.0, GridShape { channels: 1, height, width }, count, tiling);
}

/// Renders the inspection.
#[component]
pub fn InspectView(props: &InspectProps) -> Html {
    let canvas = use_node_ref();
    {
        let (canvas, inspection) = (canvas.clone(), props.inspection.clone());
        use_effect(move || {
            if let (Some(canvas), Some(inspection)) = (canvas.cast::<HtmlCanvasElement>(), &inspection) {
                paint_weights(&canvas, &inspection.first_weights);
            }
        });
    }
    html! {
        <section class="inspect" aria-label="Look inside">
            { match &props.inspection {
                Some(inspection) => inside(&canvas, inspection, props.model.as_deref()),
                None => html! { <p class="hint">{ "Train or open a model to see its weights, its code and its layers, once per second during training." }</p> },
            } }
        </section>
    }
}

fn inside(canvas: &NodeRef, inspection: &Inspection, model: Option<&ModelSummary>) -> Html {
    let plan = model.and_then(|model| model.experiment.network.plan().ok());
    html! {
        <div class="inside">
            <p class="hint">{ format!("Computed on {} held-out samples.", grouped(inspection.samples)) }</p>
            <h3>{ "First layer's weights" }</h3>
            { weights(canvas, &inspection.first_weights) }
            <h3>{ "The code" }</h3>
            { code::view(inspection, plan.as_ref()) }
            <h3>{ "Layers" }</h3>
            { layers::view(&inspection.layers, plan.as_ref()) }
        </div>
    }
}

fn weights(canvas: &NodeRef, weights: &WeightPictures) -> Html {
    let WeightPictures { count, height, width, .. } = *weights;
    if count == 0 {
        return html! { <p class="hint">{ "The first layer has no weights that can be shown as pictures." }</p> };
    }
    let about = format!(
        "What {count} units of the first layer look for, {height}×{width} weights each: grey is 0, bright above, dark below."
    );
    html! {
        <figure>
            <span class="picture-frame strip">
                <canvas ref={canvas.clone()} role="img" aria-label="First layer's weights" aria-describedby="weights-about"></canvas>
            </span>
            <figcaption id="weights-about">{ about }</figcaption>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn tiles_fill_a_wide_panel() {
        assert_eq!([64, 32, 8, 7, 1].map(columns), [16, 8, 4, 7, 2]);
    }
}
