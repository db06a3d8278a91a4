//! Texts for shapes and layers.

use pinhole_protocol::{GridShape, LayerKind, LayerPlan};

use crate::components::format::grouped;

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
    fn shapes_and_layers_have_texts() {
        let shape = |channels, height, width| shape_text(GridShape { channels, height, width });
        assert_eq!([shape(64, 1, 1), shape(1, 28, 28), shape(3, 32, 16)], ["64", "28×28", "3×32×16"]);
        let plan = NetworkSpec { tied: true, ..NetworkSpec::default() }.plan().expect("valid");
        assert_eq!(layer_text(&plan.layers[0]), "dense · 200,960 weights");
        assert_eq!(layer_text(&plan.layers[3]), "dense, tied · 784 weights");
    }
}
