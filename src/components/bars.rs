//! Bars side by side, as one small drawing: counts of values, or one value of each of many units.

use pinhole_protocol::ValueHistogram;
use yew::prelude::*;

use super::figures::{brief, fixed, grouped};

/// Height of the drawing, in its own units; the page scales it.
const HEIGHT: f64 = 100.0;
/// Of a value above 0, however small beside the others: it is there.
const LEAST: f64 = 2.0;
/// More bars than this have no room for gaps.
const MOST_APART: usize = 64;

/// Bars of these values as an image; `about` says what they show.
pub fn bars(values: impl IntoIterator<Item = f64>, about: impl Into<AttrValue>) -> Html {
    let values: Vec<f64> = values.into_iter().collect();
    html! {
        <svg class="bars" viewBox={format!("0 0 {} {HEIGHT}", values.len().max(1) * 4)} preserveAspectRatio="none"
            role="img" aria-label={about.into()}>
            <path d={outline(&values)} />
        </svg>
    }
}

/// A histogram's bins as an image named `name`, with the range below it.
pub fn histogram(histogram: &ValueHistogram, name: &str) -> Html {
    html! {
        <span class="value-histogram">
            { bars(histogram.counts.iter().map(|count| f64::from(*count)), format!("{name}: {}", in_words(histogram))) }
            <span class="range" aria-hidden="true">
                <span>{ brief(histogram.low.into()) }</span><span>{ brief(histogram.high.into()) }</span>
            </span>
        </span>
    }
}

/// The bars' outline.
fn outline(values: &[f64]) -> String {
    let tallest = values.iter().copied().filter(|value| value.is_finite()).fold(f64::MIN_POSITIVE, f64::max);
    let width = if values.len() > MOST_APART { 4 } else { 3 };
    let bar = |(index, value): (usize, &f64)| {
        let height = (value / tallest * HEIGHT).clamp(LEAST, HEIGHT);
        (*value > 0.0).then(|| format!("M{} {HEIGHT}v-{}h{width}V{HEIGHT}z", index * 4, fixed(height, 1)))
    };
    values.iter().enumerate().filter_map(bar).collect()
}

/// The histogram for those who do not see it.
fn in_words(histogram: &ValueHistogram) -> String {
    let ValueHistogram { low, high, counts } = histogram;
    let all: usize = counts.iter().map(|count| *count as usize).sum();
    let fullest = counts.iter().enumerate().max_by_key(|(_, count)| **count);
    let Some((bin, count)) = fullest.filter(|_| all > 0) else { return "no values".into() };
    let middle = f64::from(*low) + (bin as f64 + 0.5) / counts.len() as f64 * f64::from(high - low);
    format!(
        "{} values from {} to {}, {} % of them near {}",
        grouped(all),
        brief((*low).into()),
        brief((*high).into()),
        fixed(100.0 * f64::from(*count) / all as f64, 0),
        brief(middle)
    )
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn bars_are_as_tall_as_their_values() {
        assert_eq!(outline(&[1.0, 0.0, 4.0, 0.001]), "M0 100v-25.0h3V100zM8 100v-100.0h3V100zM12 100v-2.0h3V100z");
        assert_eq!(outline(&[]), "");
        assert_eq!(outline(&[0.0, f64::NAN]), "");
        assert_eq!(outline(&[f64::INFINITY, 1.0]), "M0 100v-100.0h3V100zM4 100v-100.0h3V100z");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_histogram_is_told_in_words() {
        let histogram = ValueHistogram { low: -1.0, high: 1.0, counts: vec![100, 300, 600, 1_000] };
        assert_eq!(in_words(&histogram), "2,000 values from -1 to 1, 50 % of them near 0.75");
        assert_eq!(in_words(&ValueHistogram::default()), "no values");
    }
}
