//! A slider per latent number around sample A: its track shows what decodes along it.

use std::rc::Rc;

use pinhole_protocol::{
    Floats, GridShape,
    latent::{DecodedContent, Decoding, DimensionWalk, Walks},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    components::{
        format::{brief, shortest},
        share_bar::share_bar,
    },
    labs::latent::{
        pictures::{PaintedCanvas, Painting, column_names},
        sample::text::number,
    },
};

/// Positions of a slider.
const POSITIONS: f32 = 200.0;

/// Columns of a row whose change is told.
const TOLD_COLUMNS: usize = 3;

/// Smallest change of a column that is told, as a share of its range.
const LEAST_CHANGE: f32 = 0.01;

/// Properties of [`Numbers`].
#[derive(Clone, Properties)]
pub struct NumbersProps {
    pub walks: Rc<Walks>,
    pub decoding: Decoding,
    /// Code whose numbers were pushed.
    pub pushed: Option<Rc<Floats>>,
    /// Receives a latent number and the value that it was pushed to.
    pub on_push: Callback<(usize, f32)>,
}

// Walks hold many pictures: they are compared by address.
impl PartialEq for NumbersProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.walks, &other.walks) && self.pushed == other.pushed && self.decoding == other.decoding
    }
}

/// The sliders, in the order of their effect.
#[component]
pub fn Numbers(props: &NumbersProps) -> Html {
    let NumbersProps { walks, decoding, pushed, on_push } = props;
    let code = pushed.as_ref().map_or(&walks.code.0, |pushed| &pushed.0);
    let greatest = walks.dimensions.iter().map(|walk| walk.effect).fold(0.0, f32::max);
    let slider = |walk: &DimensionWalk| {
        let value = code.get(walk.dimension).copied().unwrap_or_default();
        let dimension = walk.dimension;
        let oninput = on_push.reform(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            (dimension, input.value_as_number() as f32)
        });
        html! { <div key={dimension} class={classes!("latent-number", walk.is_dead.then_some("dead"))}>{ number_slider(walk, value, greatest, decoding, &oninput) }</div> }
    };
    html! {
        <div class="latent-numbers">
            { for walks.dimensions.iter().map(slider) }
        </div>
    }
}

fn number_slider(
    walk: &DimensionWalk,
    value: f32,
    greatest: f32,
    decoding: &Decoding,
    oninput: &Callback<InputEvent>,
) -> Html {
    let name = format!("Latent {}", walk.dimension + 1);
    let text = number(value, 2);
    let step = shortest(((walk.high - walk.low) / POSITIONS).max(1e-6));
    let strip = Painting::strip(&walk.samples.content);
    let is_row = strip.is_none();
    let about = if walk.is_dead { "dead".into() } else { effect_text(walk, decoding) };
    html! {
        <>
            <span class="latent-number-name" aria-hidden="true"><span class="field-name">{ &name }</span><output>{ &text }</output></span>
            <div class={classes!("reel", is_row.then_some("plain"))}>
                if strip.is_some() {
                    <PaintedCanvas painting={strip} />
                    { mark(position(walk, value)) }
                }
                <input type="range" aria-label={name.clone()} aria-valuetext={text} min={shortest(walk.low)} max={shortest(walk.high)}
                    {step} value={shortest(value)} oninput={oninput.clone()} />
            </div>
            <PaintedCanvas label={format!("Effect of {}", name.to_lowercase())} painting={heat(walk, decoding)} />
            <span class="latent-effect">
                { share_bar(f64::from(walk.effect / greatest.max(f32::MIN_POSITIVE)), "effect") }
                <span class="hint">{ about }</span>
            </span>
            if is_row {
                <p class="hint latent-changes">{ changes_text(walk, column_names(decoding)) }</p>
            }
        </>
    }
}

/// Line across a reel at a share of its width.
pub fn mark(share: f32) -> Html {
    let x = format!("{}%", number(100.0 * share.clamp(0.0, 1.0), 2));
    html! { <svg class="reel-mark" aria-hidden="true"><line x1={x.clone()} x2={x} y1="0" y2="100%" /></svg> }
}

/// Place of a value between the ends of a walk, 0 to 1.
fn position(walk: &DimensionWalk, value: f32) -> f32 {
    let length = walk.high - walk.low;
    if length > 0.0 { (value - walk.low) / length } else { 0.5 }
}

/// Heat map of a number's change: of the pixels, or of the columns side by side.
fn heat(walk: &DimensionWalk, decoding: &Decoding) -> Option<Painting> {
    let shape = match decoding {
        Decoding::Pictures { shape } => GridShape { channels: 1, ..*shape },
        Decoding::Rows { columns } => GridShape { channels: columns.len(), height: 1, width: 1 },
        Decoding::Impossible { .. } => return None,
    };
    Some(Painting::Signed { shape, values: walk.change.0.clone() })
}

/// Effect of a number: of pictures as a share of full ink.
fn effect_text(walk: &DimensionWalk, decoding: &Decoding) -> String {
    match decoding {
        Decoding::Pictures { .. } => format!("{} %", number(100.0 * walk.effect, 1)),
        Decoding::Rows { .. } | Decoding::Impossible { .. } => brief(walk.effect.into()),
    }
}

/// Sentence on the columns that a number changes most, from its low end to its high one, in the file's units.
fn changes_text(walk: &DimensionWalk, columns: &[String]) -> String {
    let DecodedContent::Rows { cells } = &walk.samples.content else { return String::new() };
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return String::new() };
    let mut order: Vec<usize> = (0..columns.len())
        .filter(|index| walk.change.0.get(*index).is_some_and(|change| change.abs() >= LEAST_CHANGE))
        .collect();
    order.sort_by(|one, other| walk.change.0[*other].abs().total_cmp(&walk.change.0[*one].abs()));
    let told = order.iter().take(TOLD_COLUMNS).filter_map(|index| {
        let (low, high) = (first.get(*index)?, last.get(*index)?);
        (low != high).then(|| format!("{}: {low} → {high}", columns[*index]))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { "It changes no column much.".into() } else { told.join("; ") }
}

#[cfg(test)]
pub mod tests {
    use pinhole_protocol::latent::DecodedSamples;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn walk() -> DimensionWalk {
        let rows = [["10", "DE", "0"], ["40", "US", "0"]];
        let cells = rows.map(|row| row.map(String::from).to_vec()).to_vec();
        DimensionWalk {
            dimension: 0,
            low: -2.0,
            high: 2.0,
            variance: 1.0,
            effect: 0.06,
            is_dead: false,
            samples: DecodedSamples { count: 2, codes: Floats(Vec::new()), content: DecodedContent::Rows { cells } },
            change: Floats(vec![0.2, -0.6, 0.001]),
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_columns_that_change_most_are_told() {
        let columns = ["amount", "country", "hour"].map(String::from);
        assert_eq!(changes_text(&walk(), &columns), "country: DE → US; amount: 10 → 40");
        let still = DimensionWalk { change: Floats(vec![0.0; 3]), ..walk() };
        assert_eq!(changes_text(&still, &columns), "It changes no column much.");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn values_have_places_on_the_reel() {
        let percents = [-2.0, 0.0, 1.0].map(|value| (100.0 * position(&walk(), value)).round() as i32);
        assert_eq!(percents, [0, 50, 75]);
        assert_eq!(position(&DimensionWalk { high: -2.0, ..walk() }, 7.0).to_bits(), 0.5_f32.to_bits());
        assert_eq!(effect_text(&walk(), &Decoding::Pictures { shape: GridShape::MNIST }), "6.0 %");
    }
}
