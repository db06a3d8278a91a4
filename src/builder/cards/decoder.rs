//! The way back: the encoder in reverse, or blocks of its own.

use pinhole_protocol::{DecoderSpec, LayerPlan};
use yew::prelude::*;

use super::Bench;
use crate::builder::{
    blocks::own_decoder,
    glass::{layer_text, shape_text},
};

const WAYS: [&str; 2] = ["Mirror of the encoder", "Blocks of its own"];

/// Which of the two.
pub fn choice(bench: &Bench<'_>) -> Html {
    let is_own = bench.editor.experiment.network.decoder != DecoderSpec::Mirror;
    html! {
        <div class="block" role="group" aria-label="Decoder">
            <div class="numbers">{ bench.editor.menu("Decoder", "", WAYS, usize::from(is_own), |experiment, index| {
                let network = &mut experiment.network;
                match (index, &network.decoder) {
                    (0, _) => network.decoder = DecoderSpec::Mirror,
                    (_, DecoderSpec::Mirror) => network.decoder = own_decoder(network),
                    (_, DecoderSpec::Blocks(_)) => {}
                }
            }) }</div>
        </div>
    }
}

/// A layer that comes by itself.
pub fn layer(layer: &LayerPlan) -> Html {
    html! {
        <p class="layer"><span class="figure">{ shape_text(layer.output) }</span>{ " " }<span class="made">{ layer_text(layer) }</span></p>
    }
}
