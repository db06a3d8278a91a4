//! Small charts of the terms of the loss and of the gradient norm, each with a scale of its own.

use yew::prelude::*;

use super::log::Quantity;
use crate::components::{chart::Trace, format::brief, plot::PlotChart};

/// Renders the small charts with their newest values; nothing before the first steps.
pub fn view(parts: &[(Quantity, Trace)], charts: &[PlotChart], on_change: &Callback<()>) -> Html {
    let figure = |((quantity, trace), chart): (&(Quantity, Trace), &PlotChart)| {
        let name = quantity.label();
        let about = format!("part-{}", name.to_lowercase().replace(' ', "-"));
        let newest = trace.points().last().map(|(_, value)| brief(*value));
        html! {
            <figure key={name}>
                <figcaption class="row spread">
                    <span>{ name }</span>
                    <span class="figure">{ newest }</span>
                </figcaption>
                { chart.view(format!("{name}, step by step"), about.clone(), on_change) }
                <p id={about} class="visually-hidden">{ description(trace) }</p>
            </figure>
        }
    };
    if parts.is_empty() {
        return Html::default();
    }
    html! {
        <div class="loss-parts" role="group" aria-label="What the loss is made of">
            { for parts.iter().zip(charts).map(figure) }
        </div>
    }
}

/// Text of the curve for screen readers.
fn description(trace: &Trace) -> String {
    let values = || trace.points().iter().map(|(_, value)| *value);
    let (Some(first), Some(last)) = (values().next(), values().next_back()) else {
        return "No step is done yet.".into();
    };
    let (low, high) = values().fold((first, first), |(low, high), value| (low.min(value), high.max(value)));
    let [first, last, low, high] = [first, last, low, high].map(brief);
    format!("At first {first}, now {last}; between {low} and {high}.")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_curve_is_described() {
        let mut trace = Trace::default();
        assert_eq!(description(&trace), "No step is done yet.");
        trace.extend([(0.1, &0.5), (0.2, &0.75), (0.3, &-0.25)]);
        assert_eq!(description(&trace), "At first 0.5, now -0.25; between -0.25 and 0.75.");
    }
}
