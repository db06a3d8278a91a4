//! Table of layers: activations, dead units, gradient and weight norms.

use std::collections::BTreeMap;

use pinhole_protocol::{LayerInspection, NetworkPlan, Part};
use yew::prelude::*;

use crate::{
    builder::layer_text::kind_text,
    components::{
        bar_chart,
        format::{brief, grouped},
        share_bar::share_bar,
    },
};

/// Decades that the bars of gradient norms span below the largest: a gradient a million times smaller counts as
/// vanished.
const DECADES: f64 = 6.0;

/// Row of the table as text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    name: String,
    dead: String,
    gradient: String,
    weights: String,
}

/// Renders the table and a summary of the dead units.
pub fn view(layers: &[LayerInspection], plan: Option<&NetworkPlan>) -> Html {
    let lines = lines(layers, plan);
    let largest = layers.iter().filter_map(|layer| layer.gradient_norm).fold(0.0, f32::max);
    let row = |(layer, line): (&LayerInspection, Line)| {
        let Line { name, dead, gradient, weights } = line;
        html! {
            <tr key={name.clone()}>
                <th scope="row">{ &name }</th>
                <td>{ bar_chart::value_histogram(&layer.activations, &format!("{name}, activations")) }</td>
                <td class="figure">{ dead }</td>
                <td class="figure">
                    { gradient }
                    if layer.gradient_norm.is_some() {
                        { share_bar(gradient_share(layer.gradient_norm, largest), "") }
                    }
                </td>
                <td class="figure">{ weights }</td>
            </tr>
        }
    };
    html! {
        <>
            <p data-testid="dead-units">{ dead_units_text(layers) }</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Layers, table">
                <table class="layers" aria-label="Layers">
                    <thead>
                        <tr>
                            <th scope="col">{ "Layer" }</th>
                            <th scope="col">{ "Activations" }</th>
                            <th scope="col">{ "Dead units" }</th>
                            <th scope="col">{ "Gradient norm" }</th>
                            <th scope="col">{ "Weight norm" }</th>
                        </tr>
                    </thead>
                    <tbody>{ for layers.iter().zip(lines).map(row) }</tbody>
                </table>
            </div>
            <p class="hint">
                { if largest > 0.0 {
                    "The bars show the gradients on a logarithmic scale over six powers of ten."
                } else {
                    "Gradients exist only during training: they are shown while a run goes on with this view open."
                } }
            </p>
        </>
    }
}

/// Rows of the table; each layer is named by its part, its number within it, and its kind.
fn lines(layers: &[LayerInspection], plan: Option<&NetworkPlan>) -> Vec<Line> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let kind = |layer: &LayerInspection| {
        let planned = plan.and_then(|plan| plan.layers.get(layer.layer)).filter(|planned| planned.part == layer.part);
        planned.map_or_else(String::new, |planned| format!(", {}", kind_text(planned.kind)))
    };
    let line = |layer: &LayerInspection| {
        let number = counts.entry(layer.part.slug()).or_default();
        *number += 1;
        Line {
            name: format!("{} {number}{}", layer.part.label(), kind(layer)),
            dead: format!("{} of {}", grouped(layer.dead_units), grouped(layer.units)),
            gradient: layer.gradient_norm.map_or_else(|| "–".into(), |norm| brief(norm.into())),
            weights: brief(layer.weight_norm.into()),
        }
    };
    layers.iter().map(line).collect()
}

/// Length of the bar of a gradient norm, 0 to 1, on a logarithmic scale of [`DECADES`].
fn gradient_share(norm: Option<f32>, largest: f32) -> f64 {
    let Some(norm) = norm.filter(|norm| *norm > 0.0 && largest > 0.0) else { return 0.0 };
    1.0 + f64::from(norm / largest).log10() / DECADES
}

/// Sentence on the dead units of all layers but the discriminator's. The output layer counts too: a pixel that is
/// always black carries no information.
fn dead_units_text(layers: &[LayerInspection]) -> String {
    let hidden = || layers.iter().filter(|layer| layer.part != Part::Discriminator);
    let (dead, all) = hidden().fold((0, 0), |(dead, all), layer| (dead + layer.dead_units, all + layer.units));
    match dead {
        0 => format!("No unit of {} is dead.", grouped(all)),
        _ => {
            format!("{} of {} units are dead: they have the same value for every sample.", grouped(dead), grouped(all))
        }
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{NetworkSpec, ValueHistogram};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn layer(part: Part, dead_units: usize, gradient_norm: Option<f32>) -> LayerInspection {
        LayerInspection {
            part,
            layer: 0,
            activations: ValueHistogram::default(),
            units: 1_000,
            dead_units,
            gradient_norm,
            weight_norm: 12.5,
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn layers_are_numbered_within_their_part() {
        let layers = [
            layer(Part::Encoder, 3, Some(0.25)),
            layer(Part::Encoder, 0, Some(0.5)),
            layer(Part::Bottleneck, 0, None),
            layer(Part::Decoder, 0, None),
        ];
        let names = |plan| lines(&layers, plan).into_iter().map(|line| line.name).collect::<Vec<_>>();
        assert_eq!(names(None), ["Encoder 1", "Encoder 2", "Bottleneck 1", "Decoder 1"]);
        let plan = NetworkSpec::default().plan().expect("the article's network");
        assert_eq!(names(Some(&plan))[0], "Encoder 1, dense");
        assert_eq!(names(Some(&plan))[3], "Decoder 1", "the plan is of another network");
        let lines = lines(&layers, None);
        assert_eq!((lines[0].dead.as_str(), lines[0].gradient.as_str()), ("3 of 1,000", "0.25"));
        assert_eq!((lines[2].gradient.as_str(), lines[2].weights.as_str()), ("–", "12.5"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn dead_units_are_counted() {
        assert_eq!(dead_units_text(&[layer(Part::Encoder, 0, None)]), "No unit of 1,000 is dead.");
        let layers =
            [layer(Part::Encoder, 4, None), layer(Part::Decoder, 2, None), layer(Part::Discriminator, 9, None)];
        assert!(dead_units_text(&layers).starts_with("6 of 2,000 units are dead"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn gradient_bars_have_a_logarithmic_scale() {
        let shares = [Some(1.0), Some(1e-3), Some(0.0), None].map(|norm| gradient_share(norm, 1.0));
        for (share, expected) in shares.into_iter().zip([1.0, 0.5, 0.0, 0.0]) {
            assert!((share - expected).abs() < 1e-6, "{share} is not {expected}");
        }
    }
}
