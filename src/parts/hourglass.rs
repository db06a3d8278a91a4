//! The network as a picture: wide at the input, narrow at the code, wide again.

use pinhole_protocol::{CheckedExperiment, Completeness, GridShape, LayerKind, LayerPlan, NetworkPlan, Part};
use yew::prelude::*;

use super::figures::{fixed, grouped};

/// Units of the drawing, which the page scales.
const WIDTH: f32 = 344.0;
/// From one layer to the next.
const STEP: f32 = 44.0;
/// Above the first and below the last.
const MARGIN: f32 = 22.0;
/// Middle of the glass, and its half width at the widest and at a single number.
const AXIS: f32 = 84.0;
const WIDEST: f32 = 80.0;
const NARROWEST: f32 = 3.0;

/// One layer's output, or the input, in the drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    pub y: f32,
    pub half_width: f32,
    pub shape: String,
    pub about: String,
    pub is_code: bool,
}

/// Half a width that grows with the root of the number of values: the waist is a waist, and still two numbers show.
fn half_width(values: usize, widest: usize) -> f32 {
    NARROWEST + (WIDEST - NARROWEST) * (values as f32 / widest.max(1) as f32).sqrt()
}

/// 28x28 of one channel is written without it, a vector as its length.
fn shape_text(shape: GridShape) -> String {
    match shape {
        GridShape { channels, height: 1, width: 1 } => channels.to_string(),
        GridShape { channels: 1, height, width } => format!("{height}×{width}"),
        GridShape { channels, height, width } => format!("{channels}×{height}×{width}"),
    }
}

fn layer_text(layer: &LayerPlan) -> String {
    let kind = match layer.kind {
        LayerKind::Dense => "dense",
        LayerKind::Conv => "conv 3×3",
        LayerKind::ConvTranspose => "transposed conv",
    };
    format!("{kind}, {} · {}", layer.activation.label(), grouped(layer.parameters()))
}

/// Where everything stands.
pub fn stations(plan: &NetworkPlan) -> Vec<Station> {
    let widest = plan.widest();
    let code_after = plan.layers.iter().rposition(|layer| layer.part != Part::Decoder).map_or(0, |index| index + 1);
    let station = |index: usize, shape: GridShape, about: String| Station {
        y: MARGIN + STEP * index as f32,
        half_width: half_width(shape.len(), widest),
        shape: shape_text(shape),
        about,
        is_code: index == code_after,
    };
    let input = station(0, plan.input, "input".into());
    let layers =
        plan.layers.iter().enumerate().map(|(index, layer)| station(index + 1, layer.output, layer_text(layer)));
    std::iter::once(input).chain(layers).collect()
}

fn glass(from: &Station, to: &Station) -> String {
    let [a, b] = [from, to].map(|station| (AXIS - station.half_width, AXIS + station.half_width, station.y));
    [(a.0, a.2), (a.1, a.2), (b.1, b.2), (b.0, b.2)].map(|(x, y)| format!("{},{}", fixed(x, 1), fixed(y, 1))).join(" ")
}

/// The picture, and what it means.
pub fn view(experiment: &CheckedExperiment) -> Html {
    let plan = experiment.plan();
    let stations = stations(plan);
    let height = MARGIN * 2.0 + STEP * (stations.len() - 1) as f32;
    let verdict = match plan.completeness() {
        Completeness::Undercomplete => {
            "Undercomplete: the code is smaller than the picture, so the network has to summarise."
        }
        Completeness::Overcomplete => "Overcomplete: the code is at least as large as the picture.",
    };
    html! {
        <div class="hourglass">
            <svg viewBox={format!("0 0 {} {}", fixed(WIDTH, 0), fixed(height, 0))} role="img" aria-labelledby="hourglass-title">
                <title id="hourglass-title">{ sentence(&stations) }</title>
                { for stations.windows(2).map(|pair| html! { <polygon class="glass" points={glass(&pair[0], &pair[1])} /> }) }
                { for stations.iter().map(station_marks) }
            </svg>
            <p class="verdict">
                { verdict }{ " " }
                <span class="figure">{ grouped(plan.parameters()) }</span>{ " parameters in all." }
            </p>
            if let Some(warning) = experiment.identity_warning() {
                <p class="warning" role="note">{ warning }</p>
            }
        </div>
    }
}

fn station_marks(station: &Station) -> Html {
    let Station { y, half_width, shape, about, is_code } = station;
    let class = if *is_code { "station code" } else { "station" };
    html! {
        <g {class}>
            <line x1={fixed(AXIS - half_width, 1)} x2={fixed(AXIS + half_width, 1)} y1={fixed(*y, 1)} y2={fixed(*y, 1)} />
            <text class="shape" x={fixed(AXIS + WIDEST + 16.0, 1)} y={fixed(y - 2.0, 1)}>
                { shape }{ if *is_code { " — the code" } else { "" } }
            </text>
            <text class="about" x={fixed(AXIS + WIDEST + 16.0, 1)} y={fixed(y + 13.0, 1)}>{ about }</text>
        </g>
    }
}

fn sentence(stations: &[Station]) -> String {
    let shapes: Vec<&str> = stations.iter().map(|station| station.shape.as_str()).collect();
    format!("The network, from input to reconstruction: {}", shapes.join(" to "))
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::presets;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn article() -> Vec<Station> {
        stations(presets()[0].experiment.clone().check().expect("a preset").plan())
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_article_is_narrowest_at_its_code() {
        let stations = article();
        assert_eq!(
            stations.iter().map(|station| station.shape.as_str()).collect::<Vec<_>>(),
            ["28×28", "256", "64", "256", "28×28"]
        );
        let narrowest = stations.iter().min_by(|a, b| a.half_width.total_cmp(&b.half_width)).expect("stations");
        assert!(narrowest.is_code);
        assert_eq!(stations.iter().filter(|station| station.is_code).count(), 1);
        assert!((stations[0].half_width - WIDEST).abs() < 1e-3, "the input is as wide as the glass");
        assert_eq!(stations[1].about, "dense, ReLU · 200,960");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn every_preset_fits_the_drawing() {
        for preset in presets() {
            let plan = preset.experiment.check().expect("a preset").plan().clone();
            for station in stations(&plan) {
                assert!((NARROWEST..=WIDEST + 1e-3).contains(&station.half_width), "{}", preset.name);
            }
        }
    }
}
