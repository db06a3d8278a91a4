//! The stations of the hourglass, from input to reconstruction: a slice of the glass and a card each.

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
    glass,
    survey::Survey,
};

/// What the cards are made with.
pub struct Bench<'a> {
    pub editor: &'a Editor,
    pub survey: Survey,
    pub drag: Rc<Drag>,
    /// Told what happened to a block, for those who do not see it.
    pub say: Callback<String>,
}

impl Bench<'_> {
    /// A callback that changes the network, tells of it, and puts the focus on the first of the elements of these ids
    /// that can have it.
    fn act<E: 'static>(
        &self,
        said: String,
        focus: Vec<String>,
        change: impl Fn(&mut NetworkSpec) + 'static,
    ) -> Callback<E> {
        let edit = self.editor.on(move |experiment, ()| change(&mut experiment.network));
        let say = self.say.clone();
        Callback::from(move |_: E| {
            edit.emit(());
            say.emit(said.clone());
            focus_soon(focus.clone());
        })
    }
}

/// The column of stations under construction.
struct Column<'a> {
    survey: &'a Survey,
    rows: Vec<Html>,
    /// Values that pass below the last station.
    values: usize,
}

impl Column<'_> {
    /// Adds a station that lets so many values out; one that does not know how many lets all out. By its key it stays
    /// the same when others come and go before it: what is unfolded stays so.
    fn push(&mut self, key: impl Into<Key>, class: &'static str, values: Option<usize>, card: Html) {
        let [from, to] = [self.values, values.unwrap_or(self.values)].map(|values| self.survey.half_width(values));
        self.values = values.unwrap_or(self.values);
        let key: Key = key.into();
        self.rows.push(html! {
            <li key={key} class={classes!("station", class)}>
                { glass::slice(from, to) }
                <div class="place">{ card }</div>
            </li>
        });
    }

    /// Adds the station of a block.
    fn push_block(&mut self, bench: &Bench<'_>, side: Side, index: usize, block: &BlockSpec) {
        let values = bench.survey.block(side.place(index)).map(|made| made.output.len());
        self.push(card_id(side, index), "", values, block::view(bench, side, index, block));
    }
}

/// All stations, in order.
pub fn view(bench: &Bench<'_>) -> Html {
    let network = &bench.editor.experiment.network;
    let mut column = Column { survey: &bench.survey, rows: Vec::new(), values: network.input.len() };
    column.push("input", "input", None, input::shape(bench));
    column.push("corruption", "corruption", None, input::corruption(bench.editor));
    for (index, spec) in network.encoder.iter().enumerate() {
        column.push_block(bench, Side::Encoder, index, spec);
    }
    column.push("encoder-more", "more-blocks", None, block::add_menu(bench, Side::Encoder));
    column.push("code", "code", bench.survey.code().map(|made| made.output.len()), code::view(bench));
    column.push("decoder", "", None, decoder::choice(bench));
    for (index, spec) in Side::Decoder.blocks(network).iter().enumerate() {
        column.push_block(bench, Side::Decoder, index, spec);
    }
    if network.decoder != DecoderSpec::Mirror {
        column.push("decoder-more", "more-blocks", None, block::add_menu(bench, Side::Decoder));
    }
    for (index, layer) in bench.survey.way_back().iter().enumerate() {
        column.push(format!("layer-{index}"), "", Some(layer.output.len()), decoder::layer(layer));
    }
    column.push("output", "output", Some(network.input.len()), output::view(bench.editor));
    html! { <ol class="stations" aria-label={sentence(bench)}>{ for column.rows }</ol> }
}

fn sentence(bench: &Bench<'_>) -> String {
    let network = &bench.editor.experiment.network;
    let encoder: Vec<String> = network.encoder.iter().map(describe).collect();
    let code = bench.survey.code().map_or_else(
        || network.bottleneck.label().to_owned(),
        |made| format!("a code of {}", glass::shape_text(made.output)),
    );
    let steps = [vec![glass::shape_text(network.input)], encoder, vec![code]].concat();
    format!("The network, from input to reconstruction: {}, and back", steps.join(", "))
}
