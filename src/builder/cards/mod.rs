//! Stages of the network from input to reconstruction, each a card beside a slice of the hourglass.

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
    hourglass,
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

/// Column of stages, built from top to bottom.
struct Column<'a> {
    layout: &'a LayoutPreview,
    rows: Vec<Html>,
    /// Number of values that leave the last stage.
    values: usize,
}

impl Column<'_> {
    /// Adds a stage with `values` outputs; without a number it has as many as the stage before. The key keeps its
    /// element, and what is unfolded in it, when stages before it are added or removed.
    fn push(&mut self, key: impl Into<Key>, class: &'static str, values: Option<usize>, card: Html) {
        let [from, to] = [self.values, values.unwrap_or(self.values)].map(|values| self.layout.half_width(values));
        self.values = values.unwrap_or(self.values);
        let key: Key = key.into();
        self.rows.push(html! {
            <li key={key} class={classes!("stage", class)}>
                { hourglass::slice(from, to) }
                <div class="place">{ card }</div>
            </li>
        });
    }

    /// Adds the stage of a block.
    fn push_block(&mut self, context: &CardContext<'_>, side: Side, index: usize, block: &BlockSpec) {
        let values = context.layout.block(side.place(index)).map(|stage| stage.output.len());
        self.push(card_id(side, index), "", values, block::view(context, side, index, block));
    }
}

/// Renders all stages, in order.
pub fn view(context: &CardContext<'_>) -> Html {
    let network = &context.editor.experiment.network;
    let mut column = Column { layout: &context.layout, rows: Vec::new(), values: network.input.len() };
    column.push("input", "input", None, input::shape(context));
    column.push("corruption", "corruption", None, input::corruption(context.editor));
    for (index, spec) in network.encoder.iter().enumerate() {
        column.push_block(context, Side::Encoder, index, spec);
    }
    column.push("encoder-more", "more-blocks", None, block::add_menu(context, Side::Encoder));
    column.push("code", "code", context.layout.code().map(|stage| stage.output.len()), code::view(context));
    column.push("decoder", "", None, decoder::choice(context));
    for (index, spec) in Side::Decoder.blocks(network).iter().enumerate() {
        column.push_block(context, Side::Decoder, index, spec);
    }
    if network.decoder != DecoderSpec::Mirror {
        column.push("decoder-more", "more-blocks", None, block::add_menu(context, Side::Decoder));
    }
    for (index, layer) in context.layout.layers_without_card().iter().enumerate() {
        column.push(format!("layer-{index}"), "", Some(layer.output.len()), decoder::layer(layer));
    }
    column.push("output", "output", Some(network.input.len()), output::view(context.editor));
    html! { <ol class="stages" aria-label={description(context)}>{ for column.rows }</ol> }
}

fn description(context: &CardContext<'_>) -> String {
    let network = &context.editor.experiment.network;
    let encoder: Vec<String> = network.encoder.iter().map(describe).collect();
    let code = context.layout.code().map_or_else(
        || network.bottleneck.label().to_owned(),
        |stage| format!("a code of {}", hourglass::shape_text(stage.output)),
    );
    let steps = [vec![hourglass::shape_text(network.input)], encoder, vec![code]].concat();
    format!("The network, from input to reconstruction: {}, and back", steps.join(", "))
}
