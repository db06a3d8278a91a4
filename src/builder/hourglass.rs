//! Hourglass of the network's widths: one slice beside each stage, wide at the input, narrow at the code. Texts for
//! shapes and layers.

use pinhole_protocol::{GridShape, LayerKind, LayerPlan};
use yew::prelude::*;

use crate::components::format::{fixed, grouped};

/// Half widths of a slice for the widest stage and for a single value, in SVG units; a slice is 100 units wide and
/// high.
const MAX_HALF_WIDTH: f32 = 50.0;
const MIN_HALF_WIDTH: f32 = 2.5;

/// Half width of the hourglass for a number of values. It grows with the square root, so that the code is clearly
/// narrower than the input and still visible.
pub fn half_width(values: usize, widest: usize) -> f32 {
    MIN_HALF_WIDTH + (MAX_HALF_WIDTH - MIN_HALF_WIDTH) * (values as f32 / widest.max(1) as f32).sqrt().min(1.0)
}

/// Renders a slice from the half width `from` at the top to `to` at the bottom.
pub fn slice(from: f32, to: f32) -> Html {
    let corner = |x: f32, y: &str| format!("{},{y}", fixed(50.0 + x, 1));
    // One unit beyond the end, so that no seam is visible before the next slice.
    let points = [
        corner(-from, "0"),
        corner(from, "0"),
        corner(to, "100"),
        corner(to, "101"),
        corner(-to, "101"),
        corner(-to, "100"),
    ]
    .join(" ");
    html! {
        <svg class="slice" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            <polygon {points} />
        </svg>
    }
}

/// Text of a shape: a picture of one channel without the channel, a vector as its length.
pub fn shape_text(shape: GridShape) -> String {
    match shape {
        GridShape { channels, height: 1, width: 1 } => channels.to_string(),
        GridShape { channels: 1, height, width } => format!("{height}×{width}"),
        GridShape { channels, height, width } => format!("{channels}×{height}×{width}"),
    }
}

/// Name of a layer's kind.
pub const fn kind_text(kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::Dense => "dense",
        LayerKind::StepDense => "dense, per time step",
        LayerKind::Conv { .. } => "convolution",
        LayerKind::ConvTranspose => "transposed convolution",
        LayerKind::MaxPool => "max pooling",
        LayerKind::Resize => "upsampling",
        LayerKind::Conv1d { .. } => "1-D convolution",
        LayerKind::Conv1dTranspose => "transposed 1-D convolution",
        LayerKind::Lstm => "LSTM",
        LayerKind::Gru => "GRU",
        LayerKind::Positions => "positional encoding",
        LayerKind::Transformer { .. } => "Transformer",
        LayerKind::Residual => "residual",
        LayerKind::Highway => "highway",
        LayerKind::LastStep => "last time step",
        LayerKind::Repeat => "repeated for each time step",
        LayerKind::Rows => "rows as a sequence",
        LayerKind::SequenceToPicture => "sequence as a picture",
    }
}

/// Name of a layer's kind and the number of its own weights.
pub fn layer_text(layer: &LayerPlan) -> String {
    let skip = if layer.skip_from.is_some() { ", with a skip" } else { "" };
    let tied = if layer.tied_to.is_some() { ", tied" } else { "" };
    let kind = kind_text(layer.kind);
    match layer.parameters() {
        0 => format!("{kind}{skip}"),
        count => format!("{kind}{skip}{tied} · {} weights", grouped(count)),
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::NetworkSpec;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_default_network_is_narrowest_at_its_code() {
        let plan = NetworkSpec::default().plan().expect("valid");
        let widths: Vec<f32> = plan.layers.iter().map(|layer| half_width(layer.output.len(), plan.widest())).collect();
        assert!(widths[1] < widths[0] && widths[1] < widths[2]);
        assert!((widths[3] - MAX_HALF_WIDTH).abs() < 1e-3, "the picture has the full width");
        assert!(half_width(1, usize::MAX) >= MIN_HALF_WIDTH);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn shapes_and_layers_have_texts() {
        let shape = |channels, height, width| shape_text(GridShape { channels, height, width });
        assert_eq!([shape(64, 1, 1), shape(1, 28, 28), shape(3, 32, 16)], ["64", "28×28", "3×32×16"]);
        let plan = NetworkSpec { tied: true, ..NetworkSpec::default() }.plan().expect("valid");
        assert_eq!(layer_text(&plan.layers[0]), "dense · 200,960 weights");
        assert_eq!(layer_text(&plan.layers[3]), "dense, tied · 784 weights");
    }
}
