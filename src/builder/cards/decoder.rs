//! Cards of the decoder: the choice between the mirrored encoder and blocks of its own, and the layers without a card.

use pinhole_protocol::{DecoderSpec, LayerPlan};
use yew::prelude::*;

use super::CardContext;
use crate::builder::{
    blocks::own_decoder,
    layer_text::{layer_text, shape_text},
};

const KINDS: [&str; 2] = ["Mirror of the encoder", "Blocks of its own"];

/// Renders the menu of the decoder's kind.
pub fn choice(context: &CardContext<'_>) -> Html {
    let is_own = context.editor.experiment.network.decoder != DecoderSpec::Mirror;
    html! {
        <div class="block" role="group" aria-label="Decoder">
            <div class="numbers">{ context.editor.menu("Decoder", "", KINDS, usize::from(is_own), |experiment, index| {
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

/// Renders a layer that the layout adds by itself.
pub fn layer(layer: &LayerPlan) -> Html {
    html! {
        <p class="layer"><span class="figure">{ shape_text(layer.output) }</span>{ " " }<span class="stage-output">{ layer_text(layer) }</span></p>
    }
}
