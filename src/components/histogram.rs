//! Counts of values in bins, of two kinds stacked, on a linear or logarithmic axis.

use pinhole_protocol::table::Histogram;

use super::chart::{Margins, Scale, Sheet};

/// Greatest power of ten that a logarithmic axis shows; beyond, floating-point numbers end.
const GREATEST_POWER: f64 = 300.0;

/// The axis of values: where a value lies, as a share of the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueAxis {
    low: f64,
    high: f64,
    is_log: bool,
}

impl ValueAxis {
    /// The axis that a histogram's bins are counted on.
    pub fn of(histogram: &Histogram) -> Self {
        let Histogram { low, high, is_log, .. } = *histogram;
        let most = if is_log { GREATEST_POWER } else { f64::MAX };
        Self { low: low.clamp(-most, most), high: high.clamp(-most, most), is_log }
    }

    /// Whether all values are the same, or there is none.
    pub fn is_empty(self) -> bool {
        // Not a number is no axis either.
        !matches!(self.high.partial_cmp(&self.low), Some(std::cmp::Ordering::Greater))
    }

    /// Where a value lies, 0 to 1; values beyond the axis lie at its ends.
    pub fn share(self, value: f64) -> f64 {
        if self.is_empty() || value.is_nan() {
            return 0.5;
        }
        // The logarithm of 0 lies below any axis, that of a negative score as well.
        let place = if self.is_log { value.max(0.0).log10() } else { value };
        ((place - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// The value at a share of the axis.
    pub fn value(self, share: f64) -> f64 {
        let place = self.low + share.clamp(0.0, 1.0) * (self.high - self.low);
        if self.is_log { 10_f64.powf(place) } else { place }
    }

    /// The axis in pixels.
    fn scale(self, from: f64, to: f64) -> Scale {
        Scale::between(self.value(0.0), self.value(1.0), self.is_log, from, to)
    }
}

/// How a histogram is drawn.
pub struct HistogramStyle<'a> {
    pub title: &'a str,
    pub margins: Margins,
    /// Left and right edge, where it does not fill the sheet.
    pub frame: (f64, f64, f64, f64),
    /// Ticks at the left.
    pub has_rules: bool,
}

impl<'a> HistogramStyle<'a> {
    /// Fills the sheet.
    pub fn whole(sheet: &Sheet, title: &'a str) -> Self {
        let margins = Margins::default();
        Self { title, margins, frame: (0.0, 0.0, sheet.width, sheet.height), has_rules: true }
    }
}

/// The greatest bin.
pub fn tallest(histogram: &Histogram) -> u64 {
    bins(histogram).map(|(normal, anomalous)| normal + anomalous).max().unwrap_or_default()
}

/// Draws the bins; a bin with few rows beside one with many stays visible.
pub fn draw(sheet: &Sheet, histogram: &Histogram, style: &HistogramStyle) {
    let axis = ValueAxis::of(histogram);
    let (left, top, width, height) = style.frame;
    let Margins { left: before, right: after, top: above, bottom: below } = style.margins;
    let (from, to) = (left + before, left + width - after);
    let (floor, ceiling) = (top + height - below, top + above);
    let up = Scale::between(0.0, (tallest(histogram).max(1)) as f64 * 1.04, false, floor, ceiling);
    if style.has_rules {
        sheet.rules(up, 4, style.margins);
        if !axis.is_empty() {
            sheet.below(axis.scale(from, to), 6, style.title, style.margins);
        }
    }
    let count = histogram.normal.len().max(histogram.anomalous.len()).max(1);
    let step = (to - from) / count as f64;
    let gap = if step > 4.0 { 1.0 } else { 0.0 };
    for (index, (normal, anomalous)) in bins(histogram).enumerate() {
        let x = from + index as f64 * step;
        let normal_px = bar_px(normal, up, floor);
        let anomalous_px = bar_px(anomalous, up, floor);
        sheet.fill("--rows-normal", (x, floor - normal_px), (step - gap, normal_px));
        sheet.fill("--rows-anomalous", (x, floor - normal_px - anomalous_px), (step - gap, anomalous_px));
    }
    sheet.line("--ink-soft", 1.0, (from, floor + 0.5), (to, floor + 0.5));
}

fn bins(histogram: &Histogram) -> impl Iterator<Item = (u64, u64)> {
    let count = histogram.normal.len().max(histogram.anomalous.len());
    let at = |counts: &[u32], index: usize| counts.get(index).copied().map_or(0, u64::from);
    (0..count).map(move |index| (at(&histogram.normal, index), at(&histogram.anomalous, index)))
}

fn bar_px(rows: u64, up: Scale, floor: f64) -> f64 {
    const LEAST_PX: f64 = 2.0;
    let height = up.pixel(rows as f64).map_or(0.0, |pixel| floor - pixel);
    if rows == 0 { 0.0 } else { height.max(LEAST_PX) }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn axis(low: f64, high: f64, is_log: bool) -> ValueAxis {
        ValueAxis::of(&Histogram { low, high, is_log, ..Histogram::default() })
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn values_and_places_belong_together() {
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
    fn what_lies_beyond_the_axis_lies_at_its_ends() {
        let log = axis(-2.0, 2.0, true);
        let shares = [0.0, -1.0, 1e-9, f64::MAX, f64::INFINITY].map(|value| log.share(value));
        assert_eq!(shares.map(f64::to_bits), [0.0, 0.0, 0.0, 1.0, 1.0].map(f64::to_bits));
        assert!(axis(-400.0, 400.0, true).value(1.0).is_finite());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn constant_scores_have_no_axis_and_do_no_harm() {
        let flat = axis(3.0, 3.0, false);
        assert!(flat.is_empty());
        assert_eq!([flat.share(3.0), flat.value(0.7)].map(f64::to_bits), [0.5, 3.0].map(f64::to_bits));
        assert!(axis(f64::NAN, 1.0, false).is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn both_kinds_count_in_a_bin() {
        let histogram = Histogram { normal: vec![3, 9], anomalous: vec![8], ..Histogram::default() };
        assert_eq!(bins(&histogram).collect::<Vec<_>>(), [(3, 8), (9, 0)]);
        assert_eq!(tallest(&histogram), 11);
    }
}
