//! Bar chart as one small SVG: counts of a histogram, or one value per unit of a layer.

use pinhole_protocol::ValueHistogram;
use yew::prelude::*;

use super::format::{brief, fixed, grouped};

/// Height of the drawing in SVG units; the style sheet scales it.
const HEIGHT: f64 = 100.0;
/// Least height of a bar of a value above 0, so that it stays visible beside much taller ones.
const MIN_HEIGHT: f64 = 2.0;
/// Largest number of bars that are drawn with gaps between them.
const MAX_SPACED_BARS: usize = 64;

/// Bars of `values` as an image with the accessible name `about`.
pub fn bar_chart(values: impl IntoIterator<Item = f64>, about: impl Into<AttrValue>) -> Html {
    let values: Vec<f64> = values.into_iter().collect();
    html! {
        <svg class="bars" viewBox={format!("0 0 {} {HEIGHT}", values.len().max(1) * 4)} preserveAspectRatio="none"
            role="img" aria-label={about.into()}>
            <path d={outline(&values)} />
        </svg>
    }
}

/// Bins of a histogram as an image whose accessible name begins with `name`, with the range of values below it.
pub fn value_histogram(histogram: &ValueHistogram, name: &str) -> Html {
    html! {
        <span class="value-histogram">
            { bar_chart(histogram.counts.iter().map(|count| f64::from(*count)), format!("{name}: {}", description(histogram))) }
            <span class="range" aria-hidden="true">
                <span>{ brief(histogram.low.into()) }</span><span>{ brief(histogram.high.into()) }</span>
            </span>
        </span>
    }
}

/// SVG path of the bars.
fn outline(values: &[f64]) -> String {
    let tallest = values.iter().copied().filter(|value| value.is_finite()).fold(f64::MIN_POSITIVE, f64::max);
    let width = if values.len() > MAX_SPACED_BARS { 4 } else { 3 };
    let bar = |(index, value): (usize, &f64)| {
        let height = (value / tallest * HEIGHT).clamp(MIN_HEIGHT, HEIGHT);
        (*value > 0.0).then(|| format!("M{} {HEIGHT}v-{}h{width}V{HEIGHT}z", index * 4, fixed(height, 1)))
    };
    values.iter().enumerate().filter_map(bar).collect()
}

/// Text of the histogram for screen readers.
fn description(histogram: &ValueHistogram) -> String {
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
    fn bar_heights_follow_their_values() {
        assert_eq!(outline(&[1.0, 0.0, 4.0, 0.001]), "M0 100v-25.0h3V100zM8 100v-100.0h3V100zM12 100v-2.0h3V100z");
        assert_eq!(outline(&[]), "");
        assert_eq!(outline(&[0.0, f64::NAN]), "");
        assert_eq!(outline(&[f64::INFINITY, 1.0]), "M0 100v-100.0h3V100zM4 100v-100.0h3V100z");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_histogram_is_described() {
        let histogram = ValueHistogram { low: -1.0, high: 1.0, counts: vec![100, 300, 600, 1_000] };
        assert_eq!(description(&histogram), "2,000 values from -1 to 1, 50 % of them near 0.75");
        assert_eq!(description(&ValueHistogram::default()), "no values");
    }
}
