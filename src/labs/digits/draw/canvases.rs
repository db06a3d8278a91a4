//! Canvases of the pipeline, painted after each rendering.

use pinhole_protocol::GridShape;
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::{code_figure, pipeline::Pipeline};
use crate::components::picture;

/// Canvases of the pipeline.
#[derive(Default)]
pub struct Canvases {
    pub clean: NodeRef,
    pub noisy: NodeRef,
    pub output: NodeRef,
    /// Output of the ready-made model beside that of the current one.
    pub reference: NodeRef,
    /// Cells or maps of the code.
    pub code: NodeRef,
    /// Output after each epoch.
    pub epochs: NodeRef,
}

impl Canvases {
    /// Paints what the pipeline shows, except for the strip of epochs.
    pub fn paint(&self, pipeline: &Pipeline) {
        let blank = (&[][..], GridShape::MNIST);
        let clean = pipeline.clean().map_or(blank, |clean| (&clean.values.0, clean.shape));
        let noisy = pipeline.comparison().map_or(blank, |comparison| (&comparison.noisy.0, comparison.shape));
        let [output, reference] = [pipeline.output(), pipeline.reference()]
            .map(|output| output.map_or(blank, |output| (output.values, output.shape)));
        for (canvas, (values, shape)) in
            [(&self.clean, clean), (&self.noisy, noisy), (&self.output, output), (&self.reference, reference)]
        {
            if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
                picture::show(&canvas, values, shape);
            }
        }
        if let Some(shown) = &pipeline.code {
            code_figure::paint(&self.code, &shown.code);
        }
    }
}
