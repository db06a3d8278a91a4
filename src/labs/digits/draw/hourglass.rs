//! Silhouette of the network between its pictures: encoder and decoder with a line for each layer, narrow at the code.

use pinhole_protocol::{GridShape, LayerPlan, NetworkPlan, Part};
use yew::prelude::*;

use crate::components::format::{fixed, grouped};

/// Height of the silhouette at the code, as a share of a picture's height. The style sheet gives the code's drawing the
/// same height.
const CODE_SHARE: f64 = 0.44;
/// Height of the band at the top in which skip connections pass above the code, in percent of a picture's height.
const SKIP_BAND: f64 = 12.0;
/// Top of the silhouette at the code, in percent of a picture's height: every line reaches it, and arcs begin there.
const CODE_TOP: f64 = 50.0 - 50.0 * CODE_SHARE;
/// Most layers of a side that have a number above their line.
const MAX_NUMBERS: usize = 4;

/// Encoder and decoder as drawings, and the skip connections between them.
pub struct Hourglass {
    encoder: Vec<Layer>,
    decoder: Vec<Layer>,
    /// Skip connections, from the outermost to the innermost.
    skips: Vec<Skip>,
}

/// Skip connection between two lines of the silhouette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Skip {
    /// Index of the encoder's layer whose feature maps it carries.
    from: usize,
    /// Index of the decoder's layer whose feature maps it joins: the next layer reads both.
    to: usize,
}

/// Layer as a line in the silhouette.
#[derive(Clone, Debug, PartialEq)]
struct Layer {
    /// Height of the line, as a share of a picture's height.
    share: f64,
    /// Width of a vector, or number of feature maps.
    number: String,
}

impl Hourglass {
    /// Silhouette of a network.
    pub fn new(plan: &NetworkPlan) -> Self {
        let inputs = plan.input.len();
        let of = |part| plan.part(part).map(|layer: &LayerPlan| Layer::new(layer.output, inputs)).collect::<Vec<_>>();
        let mut decoder = of(Part::Decoder);
        // The last layer is the output picture itself.
        decoder.pop();
        Self { encoder: of(Part::Encoder), decoder, skips: skips(plan) }
    }

    /// Renders the encoder, from the input at the left to the code at the right.
    pub fn encoder(&self) -> Html {
        let starts = self.skips.iter().map(|skip| position(skip.from, self.encoder.len()));
        side("Encoder", 1.0, &self.encoder, CODE_SHARE, &self.arcs(starts, 100.0))
    }

    /// Renders the decoder, from the code at the left to the output at the right.
    pub fn decoder(&self) -> Html {
        let ends = self.skips.iter().map(|skip| position(skip.to, self.decoder.len()));
        side("Decoder", CODE_SHARE, &self.decoder, 1.0, &self.arcs(ends, 0.0))
    }

    /// Renders the middle of each arc, which passes above the code.
    pub fn skips_over_code(&self) -> Html {
        if self.skips.is_empty() {
            return Html::default();
        }
        let middle = |index| {
            let y = percent(self.skip_y(index));
            html! { <line class="skip" x1="0" y1={y.clone()} x2="100%" y2={y} /> }
        };
        html! { <svg class="skips-over-code" aria-hidden="true">{ for (0..self.skips.len()).map(middle) }</svg> }
    }

    /// Renders the sentence that says what the arcs are; nothing without skip connections.
    pub fn skips_caption(&self) -> Html {
        if self.skips.is_empty() {
            return Html::default();
        }
        html! { <span class="quality skips-caption">{ "Skip connections pass by the code" }</span> }
    }

    /// Renders the part of each arc between a line at `positions` and the edge of the code, both in percent of the
    /// side's width. The curves are stretched with the outline; the dots at the lines stay round.
    fn arcs(&self, positions: impl Iterator<Item = f64>, code_edge: f64) -> Html {
        let (curves, dots): (Vec<Html>, Vec<Html>) = positions
            .enumerate()
            .map(|(index, x)| {
                let curve = html! { <path class="skip" d={arc(x, code_edge, self.skip_y(index))} /> };
                (curve, html! { <circle class="skip-end" cx={percent(x)} cy={percent(CODE_TOP)} r="3" /> })
            })
            .unzip();
        html! {
            if !curves.is_empty() {
                <svg viewBox="0 0 100 100" width="100%" height="100%" preserveAspectRatio="none">{ for curves }</svg>
                { for dots }
            }
        }
    }

    /// Distance from the top at which a skip connection passes above the code, in percent of a picture's height. The
    /// outermost is the highest.
    fn skip_y(&self, index: usize) -> f64 {
        SKIP_BAND * (index + 1) as f64 / (self.skips.len() + 1) as f64
    }
}

/// Skip connections of a network, from the outermost to the innermost.
fn skips(plan: &NetworkPlan) -> Vec<Skip> {
    let indices = |part| {
        let layers = plan.layers.iter().enumerate();
        layers.filter(move |(_, layer)| layer.part == part).map(|(index, _)| index)
    };
    let skip = |(reader, layer): (usize, usize)| {
        let source = plan.layers[layer].skip_from?;
        Some(Skip { from: indices(Part::Encoder).position(|index| index == source)?, to: reader.checked_sub(1)? })
    };
    let mut skips: Vec<Skip> = indices(Part::Decoder).enumerate().filter_map(skip).collect();
    skips.sort_by_key(|skip| skip.from);
    skips
}

/// Path from a line of the silhouette to the edge of the code, where it is level, in percent of width and height.
fn arc(line: f64, code_edge: f64, y: f64) -> String {
    let [line, middle, code_edge, start, y] =
        [line, f64::midpoint(line, code_edge), code_edge, CODE_TOP, y].map(|value| fixed(value, 1));
    format!("M{line},{start} Q{middle},{y} {code_edge},{y}")
}

impl Layer {
    fn new(output: GridShape, inputs: usize) -> Self {
        let GridShape { channels, height, width } = output;
        let number = if channels > 1 { channels } else { height * width };
        Self { share: height_share(output.len(), inputs), number: grouped(number) }
    }
}

/// Height for a number of values: by its cube root, so that 784 values and 2 fit in one drawing.
fn height_share(values: usize, inputs: usize) -> f64 {
    (values as f64 / inputs.max(1) as f64).cbrt().clamp(CODE_SHARE, 1.0)
}

/// Horizontal position of the line of layer `index` of `count`, in percent of the side's width.
fn position(index: usize, count: usize) -> f64 {
    100.0 * (index + 1) as f64 / (count + 1) as f64
}

fn side(name: &'static str, from: f64, layers: &[Layer], to: f64, arcs: &Html) -> Html {
    let inner = layers.iter().enumerate().map(|(index, layer)| (position(index, layers.len()), layer.share));
    let ends: Vec<(f64, f64)> = [(0.0, from)].into_iter().chain(inner).chain([(100.0, to)]).collect();
    let every = layers.len().div_ceil(MAX_NUMBERS).max(1);
    let line = |(index, layer): (usize, &Layer)| {
        let x = percent(position(index, layers.len()));
        let [top, bottom] = [-1.0, 1.0].map(|sign| percent(50.0 + sign * 50.0 * layer.share));
        html! {
            <>
                <line x1={x.clone()} y1={top.clone()} x2={x.clone()} y2={bottom} />
                if index % every == 0 {
                    <text {x} y={top} dy="-4">{ &layer.number }</text>
                }
            </>
        }
    };
    html! {
        <div class="side">
            // Inner lines and numbers keep their proportions, whatever the width; the outline is stretched.
            <div class={classes!("silhouette", (layers.len() > 1).then_some("many"))}><svg width="100%" height="100%" aria-hidden="true">
                <svg viewBox="0 0 100 100" width="100%" height="100%" preserveAspectRatio="none"><polygon points={outline(&ends)} /></svg>
                { arcs.clone() }
                { for layers.iter().enumerate().map(line) }
            </svg></div>
            <span class="caption">{ name }</span>
        </div>
    }
}

/// Corners of the outline: the upper edge from left to right, and the lower one back.
fn outline(ends: &[(f64, f64)]) -> String {
    let corner = |x: f64, y: f64| format!("{},{}", fixed(x, 1), fixed(y, 1));
    let upper = ends.iter().map(|&(x, share)| corner(x, 50.0 - 50.0 * share));
    let lower = ends.iter().rev().map(|&(x, share)| corner(x, 50.0 + 50.0 * share));
    upper.chain(lower).collect::<Vec<_>>().join(" ")
}

fn percent(value: f64) -> String {
    format!("{}%", fixed(value, 1))
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{NetworkSpec, presets};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_articles_network_narrows_to_its_code() {
        let hourglass = Hourglass::new(&NetworkSpec::default().plan().expect("valid"));
        let numbers = |layers: &[Layer]| layers.iter().map(|layer| layer.number.clone()).collect::<Vec<_>>();
        assert_eq!(
            (numbers(&hourglass.encoder), numbers(&hourglass.decoder)),
            (vec!["256".into()], vec!["256".into()])
        );
        assert!((hourglass.encoder[0].share - 0.688).abs() < 0.01, "{:?}", hourglass.encoder);
        assert_eq!(outline(&[(0.0, 1.0), (100.0, 0.5)]), "0.0,0.0 100.0,25.0 100.0,75.0 0.0,100.0");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn skips_join_layers_of_equal_size() {
        let with_skips = presets().into_iter().map(|preset| preset.experiment.network).filter(|network| network.skips);
        let mut count = 0;
        for network in with_skips {
            let plan = network.plan().expect("a preset is valid");
            let [encoder, decoder] = [Part::Encoder, Part::Decoder].map(|part| plan.part(part).collect::<Vec<_>>());
            let skips = skips(&plan);
            assert_eq!(skips.len(), plan.layers.iter().filter(|layer| layer.skip_from.is_some()).count());
            for skip in &skips {
                let [from, to] = [encoder[skip.from], decoder[skip.to]].map(|layer| layer.output);
                assert_eq!((from.height, from.width), (to.height, to.width));
            }
            assert!(skips.is_sorted_by(|outer, inner| outer.from < inner.from && outer.to > inner.to), "{skips:?}");
            count += skips.len();
        }
        assert!(count > 0, "a preset has skips");
        assert!(Hourglass::new(&NetworkSpec::default().plan().expect("valid")).skips.is_empty());
        assert_eq!(arc(25.0, 100.0, 3.0), "M25.0,28.0 Q62.5,3.0 100.0,3.0");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn every_preset_stays_within_its_pictures() {
        for preset in presets() {
            let hourglass = Hourglass::new(&preset.experiment.network.plan().expect("a preset is valid"));
            let shares = hourglass.encoder.iter().chain(&hourglass.decoder).map(|layer| layer.share);
            assert!(shares.into_iter().all(|share| (CODE_SHARE..=1.0).contains(&share)), "{}", preset.name);
        }
    }
}
