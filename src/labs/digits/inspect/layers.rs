//! Layer by layer: what comes out, what is dead, and how the gradient flows.

use std::collections::BTreeMap;

use pinhole_protocol::{LayerInspection, NetworkPlan, Part};
use yew::prelude::*;

use crate::{
    builder::glass::kind_text,
    components::{
        bar::bar,
        bars,
        figures::{brief, grouped},
    },
};

/// Powers of ten that the gradients' bars span, the largest at the right end: a gradient that is a million times smaller
/// has vanished.
const POWERS: f64 = 6.0;

/// One layer in words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    name: String,
    dead: String,
    gradient: String,
    weights: String,
}

/// The table, and what it comes to.
pub fn view(layers: &[LayerInspection], plan: Option<&NetworkPlan>) -> Html {
    let lines = lines(layers, plan);
    let largest = layers.iter().filter_map(|layer| layer.gradient_norm).fold(0.0, f32::max);
    let row = |(layer, line): (&LayerInspection, Line)| {
        let Line { name, dead, gradient, weights } = line;
        html! {
            <tr key={name.clone()}>
                <th scope="row">{ &name }</th>
                <td>{ bars::histogram(&layer.activations, &format!("{name}, what comes out")) }</td>
                <td class="figure">{ dead }</td>
                <td class="figure">
                    { gradient }
                    if layer.gradient_norm.is_some() {
                        { bar(flow(layer.gradient_norm, largest), "") }
                    }
                </td>
                <td class="figure">{ weights }</td>
            </tr>
        }
    };
    html! {
        <>
            <p data-testid="dead-units">{ verdict(layers) }</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Layers, table">
                <table class="layers" aria-label="Layers">
                    <thead>
                        <tr>
                            <th scope="col">{ "Layer" }</th>
                            <th scope="col">{ "What comes out" }</th>
                            <th scope="col">{ "Dead units" }</th>
                            <th scope="col">{ "Gradient norm" }</th>
                            <th scope="col">{ "Weight norm" }</th>
                        </tr>
                    </thead>
                    <tbody>{ for layers.iter().zip(lines).map(row) }</tbody>
                </table>
            </div>
            <p class="hint">{ "The bars show the gradients on a logarithmic scale over six powers of ten." }</p>
        </>
    }
}

/// Every layer, named by its part, its place in it, and what it does.
fn lines(layers: &[LayerInspection], plan: Option<&NetworkPlan>) -> Vec<Line> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let kind = |layer: &LayerInspection| {
        let planned = plan.and_then(|plan| plan.layers.get(layer.layer)).filter(|planned| planned.part == layer.part);
        planned.map_or_else(String::new, |planned| format!(", {}", kind_text(planned.kind)))
    };
    let line = |layer: &LayerInspection| {
        let place = places.entry(layer.part.slug()).or_default();
        *place += 1;
        Line {
            name: format!("{} {place}{}", layer.part.label(), kind(layer)),
            dead: format!("{} of {}", grouped(layer.dead_units), grouped(layer.units)),
            gradient: layer.gradient_norm.map_or_else(|| "–".into(), |norm| brief(norm.into())),
            weights: brief(layer.weight_norm.into()),
        }
    };
    layers.iter().map(line).collect()
}

/// A gradient's place among [`POWERS`].
fn flow(norm: Option<f32>, largest: f32) -> f64 {
    let Some(norm) = norm.filter(|norm| *norm > 0.0 && largest > 0.0) else { return 0.0 };
    1.0 + f64::from(norm / largest).log10() / POWERS
}

/// What is dead, in one sentence. The output layer counts as well: a pixel that is always black is one that tells nothing.
fn verdict(layers: &[LayerInspection]) -> String {
    let hidden = || layers.iter().filter(|layer| layer.part != Part::Discriminator);
    let (dead, all) = hidden().fold((0, 0), |(dead, all), layer| (dead + layer.dead_units, all + layer.units));
    match dead {
        0 => format!("No unit of {} is dead.", grouped(all)),
        _ => format!(
            "{} of {} units are dead: the same for every sample, so that they tell nothing.",
            grouped(dead),
            grouped(all)
        ),
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
    fn layers_are_counted_within_their_part() {
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
    fn the_dead_are_told() {
        assert_eq!(verdict(&[layer(Part::Encoder, 0, None)]), "No unit of 1,000 is dead.");
        let layers =
            [layer(Part::Encoder, 4, None), layer(Part::Decoder, 2, None), layer(Part::Discriminator, 9, None)];
        assert!(verdict(&layers).starts_with("6 of 2,000 units are dead"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn gradients_flow_on_a_logarithmic_scale() {
        let shares = [Some(1.0), Some(1e-3), Some(0.0), None].map(|norm| flow(norm, 1.0));
        for (share, expected) in shares.into_iter().zip([1.0, 0.5, 0.0, 0.0]) {
            assert!((share - expected).abs() < 1e-6, "{share} is not {expected}");
        }
    }
}
