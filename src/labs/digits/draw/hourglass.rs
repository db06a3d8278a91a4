//! Silhouette of the network between its pictures: encoder and decoder with a line for each layer, narrow at the code.

use pinhole_protocol::{GridShape, LayerPlan, NetworkPlan, Part};
use yew::prelude::*;

use crate::components::format::{fixed, grouped};

/// Height of the silhouette at the code, as a share of a picture's height. The style sheet gives the code's drawing the
/// same height.
const CODE_SHARE: f64 = 0.44;
/// Most layers of a side that have a number above their line.
const MAX_NUMBERS: usize = 4;

/// Encoder and decoder as drawings.
pub struct Hourglass {
    encoder: Vec<Layer>,
    decoder: Vec<Layer>,
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
        Self { encoder: of(Part::Encoder), decoder }
    }

    /// Renders the encoder, from the input at the left to the code at the right.
    pub fn encoder(&self) -> Html {
        side("Encoder", 1.0, &self.encoder, CODE_SHARE)
    }

    /// Renders the decoder, from the code at the left to the output at the right.
    pub fn decoder(&self) -> Html {
        side("Decoder", CODE_SHARE, &self.decoder, 1.0)
    }
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

fn side(name: &'static str, from: f64, layers: &[Layer], to: f64) -> Html {
    let position = |index: usize| 100.0 * (index + 1) as f64 / (layers.len() + 1) as f64;
    let inner = layers.iter().enumerate().map(|(index, layer)| (position(index), layer.share));
    let ends: Vec<(f64, f64)> = [(0.0, from)].into_iter().chain(inner).chain([(100.0, to)]).collect();
    let every = layers.len().div_ceil(MAX_NUMBERS).max(1);
    let line = |(index, layer): (usize, &Layer)| {
        let x = percent(position(index));
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
    fn every_preset_stays_within_its_pictures() {
        for preset in presets() {
            let hourglass = Hourglass::new(&preset.experiment.network.plan().expect("a preset is valid"));
            let shares = hourglass.encoder.iter().chain(&hourglass.decoder).map(|layer| layer.share);
            assert!(shares.into_iter().all(|share| (CODE_SHARE..=1.0).contains(&share)), "{}", preset.name);
        }
    }
}
