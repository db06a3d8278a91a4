//! The scale: the candidates for one measure on one axis.

use pinhole_protocol::latent::{Candidate, Verdict};
use yew::prelude::*;

use crate::{components::format::brief, labs::latent::sample::text::number};

/// Figure of a candidate, or a dash.
pub fn figure(value: Option<f64>) -> String {
    match value {
        None => "–".into(),
        Some(value) if value.is_finite() && value.abs() < 10.0 && value.abs() >= 0.1 => number(value, 2),
        Some(value) => brief(value).replace('-', "−"),
    }
}

/// Renders the axis of each candidate, with a dot at its figure; the code's own first.
pub fn scale(verdict: &Verdict) -> Html {
    let places = places(&verdict.candidates);
    let told: Vec<String> =
        verdict.candidates.iter().map(|candidate| format!("{} {}", candidate.name, figure(candidate.value))).collect();
    let row = |(index, (candidate, place)): (usize, (&Candidate, Option<f64>))| {
        html! {
            <div class={classes!("scale-row", (index == 0).then_some("own"))}>
                <span>{ &candidate.name }</span>
                <svg class="scale-track">
                    <line x1="0" x2="100%" y1="50%" y2="50%" />
                    { for place.map(|place| html! { <circle cx={format!("{}%", number(100.0 * place, 2))} cy="50%" r="5" /> }) }
                </svg>
                <span class="figure">{ figure(candidate.value) }</span>
            </div>
        }
    };
    html! {
        <div class="scale" role="img" aria-label={format!("{}: {}", verdict.measure, told.join(", "))}>
            { for verdict.candidates.iter().zip(places).enumerate().map(row) }
        </div>
    }
}

/// Places of the candidates on an axis that begins at 0, or at the least figure below it, 0 to 1; the greatest figure
/// leaves a margin.
fn places(candidates: &[Candidate]) -> Vec<Option<f64>> {
    let figures = || candidates.iter().filter_map(|candidate| candidate.value).filter(|value| value.is_finite());
    let (low, high) = figures().fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
    let place = |value: f64| {
        let length = high - low;
        if length > 0.0 { 0.04 + 0.92 * (value - low) / length } else { 0.5 }
    };
    candidates.iter().map(|candidate| candidate.value.filter(|value| value.is_finite()).map(place)).collect()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::latent::measures::tests::candidates;

    #[wasm_bindgen_test(unsupported = test)]
    fn candidates_share_an_axis() {
        let rounded = |values: &[(&str, f64)]| {
            places(&candidates(values))
                .into_iter()
                .map(|place| place.map(|place| (place * 100.0).round()))
                .collect::<Vec<_>>()
        };
        assert_eq!(rounded(&[("code", 0.4), ("pca", 0.2)]), [Some(96.0), Some(50.0)]);
        assert_eq!(rounded(&[("code", 0.5), ("pca", -0.5)]), [Some(96.0), Some(4.0)]);
        assert_eq!(rounded(&[("code", 0.0), ("pca", f64::NAN)]), [Some(50.0), None]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn figures_are_brief() {
        let values = [Some(0.331), Some(-0.119), Some(0.015_24), Some(1234.5), None];
        assert_eq!(values.map(figure), ["0.33", "−0.12", "0.01524", "1235", "–"]);
    }
}
