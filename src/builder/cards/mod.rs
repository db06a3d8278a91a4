//! Parts of the network from input to reconstruction, each with its cards below the pipeline.

mod attributes;
mod block;
mod code;
mod decoder;
mod input;
mod output;
mod penalties;

use std::rc::Rc;

use pinhole_protocol::{BlockSpec, DecoderSpec, NetworkSpec};
use yew::{prelude::*, virtual_dom::Key};

use super::{
    blocks::{Side, describe},
    drag::{Drag, card_id},
    editor::Editor,
    focus::focus_soon,
    layer_text::shape_text,
    layout_preview::LayoutPreview,
};

/// Context that the cards are rendered with.
pub struct CardContext<'a> {
    pub editor: &'a Editor,
    pub layout: LayoutPreview,
    pub drag: Rc<Drag>,
    /// Announces a change of a block to screen readers.
    pub announce: Callback<String>,
}

impl CardContext<'_> {
    /// Callback that edits the network, announces the change, and focuses the first element of these ids that can have
    /// the focus.
    fn edit_network<E: 'static>(
        &self,
        announcement: String,
        focus: Vec<String>,
        change: impl Fn(&mut NetworkSpec) + 'static,
    ) -> Callback<E> {
        let edit = self.editor.on(move |experiment, ()| change(&mut experiment.network));
        let announce = self.announce.clone();
        Callback::from(move |_: E| {
            edit.emit(());
            announce.emit(announcement.clone());
            focus_soon(focus.clone());
        })
    }
}

/// Renders a card in its place. The key keeps its element, and what is unfolded in it, when cards before it are added or
/// removed.
fn place(key: impl Into<Key>, card: Html) -> Html {
    let key: Key = key.into();
    html! { <div {key} class="place">{ card }</div> }
}

/// Renders the cards of a side's blocks, and the menu that adds another.
fn blocks(context: &CardContext<'_>, side: Side, blocks: &[BlockSpec]) -> Html {
    let card =
        |(index, spec): (usize, &BlockSpec)| place(card_id(side, index), block::view(context, side, index, spec));
    html! {
        <>
            { for blocks.iter().enumerate().map(card) }
            { place("more", block::add_menu(context, side)) }
        </>
    }
}

/// Renders the settings that are changed most often, for where the parts are not open: latent size and corruption.
pub fn short_settings(editor: &Editor) -> Html {
    html! { <>{ code::short(editor) }{ input::corruption(editor) }</> }
}

/// Renders all parts, in order.
pub fn view(context: &CardContext<'_>) -> Html {
    let network = &context.editor.experiment.network;
    let part = |name: &'static str, cards: Html| html! { <li key={name} class={classes!("part", name)}>{ cards }</li> };
    let decoder = html! {
        <>
            { place("decoder", decoder::choice(context)) }
            if network.decoder != DecoderSpec::Mirror {
                { blocks(context, Side::Decoder, Side::Decoder.blocks(network)) }
            }
            { for context.layout.layers_without_card().iter().map(decoder::layer) }
        </>
    };
    html! {
        <ol class="parts" aria-label={description(context)}>
            { part("part-input", html! { <>{ input::shape(context) }{ input::corruption(context.editor) }</> }) }
            { part("part-encoder", html! { <><h3>{ "Encoder" }</h3>{ blocks(context, Side::Encoder, &network.encoder) }</> }) }
            { part("part-code", code::view(context)) }
            { part("part-decoder", decoder) }
            { part("part-output", output::view(context.editor)) }
        </ol>
    }
}

fn description(context: &CardContext<'_>) -> String {
    let network = &context.editor.experiment.network;
    let encoder: Vec<String> = network.encoder.iter().map(describe).collect();
    let code = context.layout.code().map_or_else(
        || network.bottleneck.label().to_owned(),
        |stage| format!("a code of {}", shape_text(stage.output)),
    );
    let steps = [vec![shape_text(network.input)], encoder, vec![code]].concat();
    format!("The network, from input to reconstruction: {}, and back", steps.join(", "))
}
