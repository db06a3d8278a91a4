//! Charts of the code: a histogram of its values, and the use of each of its numbers.

use pinhole_protocol::{BottleneckPlan, Inspection, NetworkPlan};
use yew::prelude::*;

use crate::components::{
    bar_chart,
    format::{brief, grouped},
};

/// KL divergence from the prior, in nats, up to which a number of a variational code counts as inactive.
const INACTIVE_NATS: f32 = 0.01;

/// Renders both charts with their captions.
pub fn view(inspection: &Inspection, plan: Option<&NetworkPlan>) -> Html {
    let bottleneck = plan.map_or(BottleneckPlan::Plain, |plan| plan.bottleneck);
    let (caption, _) = unit(bottleneck);
    let about = use_summary(bottleneck, &inspection.code_use);
    let shown = inspection.code_use.len();
    let all = plan.map_or(shown, code_units);
    html! {
        <div class="pair">
            <figure>
                { bar_chart::value_histogram(&inspection.code, "The code's numbers") }
                <figcaption>{ "The code's numbers" }</figcaption>
            </figure>
            <figure>
                { bar_chart::bar_chart(inspection.code_use.iter().map(|share| f64::from(*share)), format!("{caption}. {about}")) }
                <figcaption>
                    { caption }{ ". " }<span data-testid="code-use">{ &about }</span>
                    if shown < all {
                        { format!(" These are the first {} of {}.", grouped(shown), grouped(all)) }
                    }
                </figcaption>
            </figure>
        </div>
    }
}

/// Meaning of a bar, and the plural of what it stands for.
const fn unit(bottleneck: BottleneckPlan) -> (&'static str, &'static str) {
    match bottleneck {
        BottleneckPlan::VectorQuantised { .. } => ("How often each codebook vector is used", "codebook vectors"),
        BottleneckPlan::Variational => ("KL divergence of each number from the prior, in nats", "numbers"),
        BottleneckPlan::Plain | BottleneckPlan::Adversarial { .. } | BottleneckPlan::TopK { .. } => {
            ("Share of samples for which each number is not 0", "numbers")
        }
    }
}

/// Number of bars of the whole code.
const fn code_units(plan: &NetworkPlan) -> usize {
    match plan.bottleneck {
        BottleneckPlan::VectorQuantised { codes, .. } => codes,
        _ => plan.code.len(),
    }
}

/// Sentence on the numbers or vectors that are not in use.
fn use_summary(bottleneck: BottleneckPlan, code_use: &[f32]) -> String {
    let is_variational = bottleneck == BottleneckPlan::Variational;
    let least = if is_variational { INACTIVE_NATS } else { 0.0 };
    let all = code_use.len();
    let unused = code_use.iter().filter(|share| **share <= least).count();
    let (_, units) = unit(bottleneck);
    let total = is_variational.then(|| format!(" {} nats in all.", brief(code_use.iter().sum::<f32>().into())));
    let state = match bottleneck {
        BottleneckPlan::VectorQuantised { .. } => "never used",
        BottleneckPlan::Variational => "inactive: they equal the prior",
        _ => "dead: 0 for every sample",
    };
    let sentence = match unused {
        _ if all == 0 => return "Nothing is known of them yet.".into(),
        0 => format!("All {} {units} are in use.", grouped(all)),
        _ => format!("{} of {} {units} are {state}.", grouped(unused), grouped(all)),
    };
    sentence + &total.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const QUANTISED: BottleneckPlan = BottleneckPlan::VectorQuantised { codes: 4, dimension: 8, places: 49 };

    #[wasm_bindgen_test(unsupported = test)]
    fn unused_numbers_are_counted() {
        assert_eq!(
            use_summary(BottleneckPlan::Plain, &[0.0, 0.5, 1.0]),
            "1 of 3 numbers are dead: 0 for every sample."
        );
        assert_eq!(use_summary(BottleneckPlan::TopK { active: 2 }, &[0.1, 0.5]), "All 2 numbers are in use.");
        assert_eq!(use_summary(QUANTISED, &[0.0, 0.5, 0.0, 0.5]), "2 of 4 codebook vectors are never used.");
        assert_eq!(
            use_summary(BottleneckPlan::Variational, &[0.001, 2.0, 3.5]),
            "1 of 3 numbers are inactive: they equal the prior. 5.501 nats in all."
        );
        assert_eq!(use_summary(BottleneckPlan::Plain, &[]), "Nothing is known of them yet.");
    }
}
