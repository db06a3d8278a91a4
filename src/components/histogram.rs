//! Histogram of anomaly scores or values, normal and anomalous rows stacked, on a linear or logarithmic axis.

use pinhole_protocol::table::Histogram;

use super::chart::{ChartCanvas, Margins, Scale};

/// Largest exponent of ten on a logarithmic axis; 64-bit floats end at 308.
const MAX_EXPONENT: f64 = 300.0;

/// Axis of a histogram's values: converts values to shares of the axis, 0 to 1, and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueAxis {
    low: f64,
    high: f64,
    is_log: bool,
}

impl ValueAxis {
    /// Axis of a histogram's bins.
    pub fn of(histogram: &Histogram) -> Self {
        let Histogram { low, high, is_log, .. } = *histogram;
        let limit = if is_log { MAX_EXPONENT } else { f64::MAX };
        Self { low: low.clamp(-limit, limit), high: high.clamp(-limit, limit), is_log }
    }

    /// True if all values are equal, or there are none.
    pub fn is_empty(self) -> bool {
        // An axis that ends at NaN is empty too.
        !matches!(self.high.partial_cmp(&self.low), Some(std::cmp::Ordering::Greater))
    }

    /// Position of a value on the axis, 0 to 1; values beyond the axis are clamped to its ends.
    pub fn share(self, value: f64) -> f64 {
        if self.is_empty() || value.is_nan() {
            return 0.5;
        }
        // The logarithm of 0 lies below any axis, that of a negative score as well.
        let position = if self.is_log { value.max(0.0).log10() } else { value };
        ((position - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Value at a share of the axis.
    pub fn value(self, share: f64) -> f64 {
        let position = self.low + share.clamp(0.0, 1.0) * (self.high - self.low);
        if self.is_log { 10_f64.powf(position) } else { position }
    }

    /// Axis as a scale in pixels.
    fn scale(self, from: f64, to: f64) -> Scale {
        Scale::between(self.value(0.0), self.value(1.0), self.is_log, from, to)
    }
}

/// Layout of a histogram on its canvas.
pub struct HistogramStyle<'a> {
    pub title: &'a str,
    pub margins: Margins,
    /// Left, top, width and height in pixels.
    pub frame: (f64, f64, f64, f64),
    /// True to paint the axes with their labels.
    pub has_rules: bool,
}

impl<'a> HistogramStyle<'a> {
    /// Layout that fills the canvas, with axes.
    pub fn whole(canvas: &ChartCanvas, title: &'a str) -> Self {
        let margins = Margins::default();
        Self { title, margins, frame: (0.0, 0.0, canvas.width, canvas.height), has_rules: true }
    }
}

/// Count of the fullest bin.
pub fn tallest(histogram: &Histogram) -> u64 {
    bins(histogram).map(|(normal, anomalous)| normal + anomalous).max().unwrap_or_default()
}

/// Paints the bins; a bin with few rows stays visible beside one with many.
pub fn draw(canvas: &ChartCanvas, histogram: &Histogram, style: &HistogramStyle) {
    let axis = ValueAxis::of(histogram);
    let (left, top, width, height) = style.frame;
    let Margins { left: before, right: after, top: above, bottom: below } = style.margins;
    let (from, to) = (left + before, left + width - after);
    let (floor, ceiling) = (top + height - below, top + above);
    let y_scale = Scale::between(0.0, (tallest(histogram).max(1)) as f64 * 1.04, false, floor, ceiling);
    if style.has_rules {
        canvas.y_axis(y_scale, 4, style.margins);
        if !axis.is_empty() {
            canvas.x_axis(axis.scale(from, to), 6, style.title, style.margins);
        }
    }
    let count = histogram.normal.len().max(histogram.anomalous.len()).max(1);
    let step = (to - from) / count as f64;
    let gap = if step > 4.0 { 1.0 } else { 0.0 };
    for (index, (normal, anomalous)) in bins(histogram).enumerate() {
        let x = from + index as f64 * step;
        let normal_px = bar_px(normal, y_scale, floor);
        let anomalous_px = bar_px(anomalous, y_scale, floor);
        canvas.fill("--rows-normal", (x, floor - normal_px), (step - gap, normal_px));
        canvas.fill("--rows-anomalous", (x, floor - normal_px - anomalous_px), (step - gap, anomalous_px));
    }
    canvas.line("--ink-soft", 1.0, (from, floor + 0.5), (to, floor + 0.5));
}

fn bins(histogram: &Histogram) -> impl Iterator<Item = (u64, u64)> {
    let count = histogram.normal.len().max(histogram.anomalous.len());
    let at = |counts: &[u32], index: usize| counts.get(index).copied().map_or(0, u64::from);
    (0..count).map(move |index| (at(&histogram.normal, index), at(&histogram.anomalous, index)))
}

fn bar_px(rows: u64, y_scale: Scale, floor: f64) -> f64 {
    const MIN_HEIGHT_PX: f64 = 2.0;
    let height = y_scale.pixel(rows as f64).map_or(0.0, |pixel| floor - pixel);
    if rows == 0 { 0.0 } else { height.max(MIN_HEIGHT_PX) }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn axis(low: f64, high: f64, is_log: bool) -> ValueAxis {
        ValueAxis::of(&Histogram { low, high, is_log, ..Histogram::default() })
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_value_survives_conversion_to_a_share_and_back() {
        for (axis, values) in [(axis(-2.0, 6.0, false), [-2.0, 0.5, 6.0]), (axis(-3.0, 2.0, true), [0.001, 0.7, 100.0])]
        {
            for value in values {
                let there_and_back = axis.value(axis.share(value));
                assert!((there_and_back - value).abs() < 1e-9 * value.abs().max(1.0), "{value} {there_and_back}");
            }
        }
        let middle = axis(-2.0, 2.0, true).share(1.0);
        assert!((middle - 0.5).abs() < 1e-12, "{middle}");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn values_beyond_the_axis_are_clamped() {
        let log = axis(-2.0, 2.0, true);
        let shares = [0.0, -1.0, 1e-9, f64::MAX, f64::INFINITY].map(|value| log.share(value));
        assert_eq!(shares.map(f64::to_bits), [0.0, 0.0, 0.0, 1.0, 1.0].map(f64::to_bits));
        assert!(axis(-400.0, 400.0, true).value(1.0).is_finite());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn equal_scores_have_an_empty_axis() {
        let flat = axis(3.0, 3.0, false);
        assert!(flat.is_empty());
        assert_eq!([flat.share(3.0), flat.value(0.7)].map(f64::to_bits), [0.5, 3.0].map(f64::to_bits));
        assert!(axis(f64::NAN, 1.0, false).is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_bin_counts_normal_and_anomalous_rows() {
        let histogram = Histogram { normal: vec![3, 9], anomalous: vec![8], ..Histogram::default() };
        assert_eq!(bins(&histogram).collect::<Vec<_>>(), [(3, 8), (9, 0)]);
        assert_eq!(tallest(&histogram), 11);
    }
}
