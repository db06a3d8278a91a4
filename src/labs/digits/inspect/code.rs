//! The code: its numbers, and how much each of them is used.

use pinhole_protocol::{BottleneckPlan, Inspection, NetworkPlan};
use yew::prelude::*;

use crate::components::{
    bars,
    figures::{brief, grouped},
};

/// A number of a variational code that diverges less than this from the prior tells nothing, in nats.
const SILENT_NATS: f32 = 0.01;

/// Both drawings, and what they say.
pub fn view(inspection: &Inspection, plan: Option<&NetworkPlan>) -> Html {
    let bottleneck = plan.map_or(BottleneckPlan::Plain, |plan| plan.bottleneck);
    let (caption, _) = unit(bottleneck);
    let about = used(bottleneck, &inspection.code_use);
    let told = inspection.code_use.len();
    let all = plan.map_or(told, places);
    html! {
        <div class="pair">
            <figure>
                { bars::histogram(&inspection.code, "The code's numbers") }
                <figcaption>{ "The code's numbers" }</figcaption>
            </figure>
            <figure>
                { bars::bars(inspection.code_use.iter().map(|share| f64::from(*share)), format!("{caption}. {about}")) }
                <figcaption>
                    { caption }{ ". " }<span data-testid="code-use">{ &about }</span>
                    if told < all {
                        { format!(" These are the first {} of {}.", grouped(told), grouped(all)) }
                    }
                </figcaption>
            </figure>
        </div>
    }
}

/// What each bar stands for, and the word for many of them.
const fn unit(bottleneck: BottleneckPlan) -> (&'static str, &'static str) {
    match bottleneck {
        BottleneckPlan::VectorQuantised { .. } => ("How often each codebook vector is used", "codebook vectors"),
        BottleneckPlan::Variational => ("What each number tells, in nats", "numbers"),
        BottleneckPlan::Plain | BottleneckPlan::Adversarial { .. } | BottleneckPlan::TopK { .. } => {
            ("Share of samples for which each number is not 0", "numbers")
        }
    }
}

/// How many bars there would be, were none left out.
const fn places(plan: &NetworkPlan) -> usize {
    match plan.bottleneck {
        BottleneckPlan::VectorQuantised { codes, .. } => codes,
        _ => plan.code.len(),
    }
}

/// Who is silent.
fn used(bottleneck: BottleneckPlan, code_use: &[f32]) -> String {
    let is_variational = bottleneck == BottleneckPlan::Variational;
    let least = if is_variational { SILENT_NATS } else { 0.0 };
    let all = code_use.len();
    let silent = code_use.iter().filter(|share| **share <= least).count();
    let (_, units) = unit(bottleneck);
    let total = is_variational.then(|| format!(" {} nats in all.", brief(code_use.iter().sum::<f32>().into())));
    let fate = match bottleneck {
        BottleneckPlan::VectorQuantised { .. } => "never used",
        BottleneckPlan::Variational => "silent: they equal the prior",
        _ => "dead: 0 for every sample",
    };
    let sentence = match silent {
        _ if all == 0 => return "Nothing is known of them yet.".into(),
        0 => format!("All {} {units} are in use.", grouped(all)),
        _ => format!("{} of {} {units} are {fate}.", grouped(silent), grouped(all)),
    };
    sentence + &total.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const QUANTISED: BottleneckPlan = BottleneckPlan::VectorQuantised { codes: 4, dimension: 8, places: 49 };

    #[wasm_bindgen_test(unsupported = test)]
    fn the_silent_are_counted() {
        assert_eq!(used(BottleneckPlan::Plain, &[0.0, 0.5, 1.0]), "1 of 3 numbers are dead: 0 for every sample.");
        assert_eq!(used(BottleneckPlan::TopK { active: 2 }, &[0.1, 0.5]), "All 2 numbers are in use.");
        assert_eq!(used(QUANTISED, &[0.0, 0.5, 0.0, 0.5]), "2 of 4 codebook vectors are never used.");
        assert_eq!(
            used(BottleneckPlan::Variational, &[0.001, 2.0, 3.5]),
            "1 of 3 numbers are silent: they equal the prior. 5.501 nats in all."
        );
        assert_eq!(used(BottleneckPlan::Plain, &[]), "Nothing is known of them yet.");
    }
}
