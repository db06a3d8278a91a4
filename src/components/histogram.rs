//! Histogram of anomaly scores or values, normal and anomalous rows stacked, on a linear or logarithmic axis.

use js_sys::Number;
use pinhole_protocol::table::Histogram;

use super::{
    chart::{ChartCanvas, PlotArea, Scale},
    format::{brief, grouped},
};

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

/// Bin of a histogram: its edges, and its rows of both kinds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    pub from: f64,
    pub to: f64,
    pub normal: u64,
    pub anomalous: u64,
}

impl Bin {
    /// Number of rows.
    pub const fn rows(&self) -> u64 {
        self.normal + self.anomalous
    }

    /// Edges and counts in words. `kinds` are the names of the normal and of the anomalous rows; without the second,
    /// those are left out.
    pub fn readout(&self, kinds: &[&str]) -> String {
        let count = |(kind, rows): (&&str, u64)| format!("{kind} {}", grouped(rows));
        let counts: Vec<String> = kinds.iter().zip([self.normal, self.anomalous]).map(count).collect();
        format!("{} to {}: {}", brief(self.from), brief(self.to), counts.join(", "))
    }

    /// Edges and counts as cells of CSV.
    pub fn to_csv(self) -> String {
        format!("{},{},{},{}", exact(self.from), exact(self.to), self.normal, self.anomalous)
    }
}

/// Shortest decimal number that identifies the float.
fn exact(value: f64) -> String {
    Number::from(value).to_string_with_radix(10).map(String::from).expect("10 is a valid radix")
}

/// Bins of a histogram, from left to right.
pub fn bins(histogram: &Histogram) -> impl DoubleEndedIterator<Item = Bin> + ExactSizeIterator {
    let (axis, count) = (ValueAxis::of(histogram), bin_count(histogram));
    let edge = move |index: usize| axis.value(index as f64 / count as f64);
    let rows = |counts: &[u32], index: usize| counts.get(index).copied().map_or(0, u64::from);
    (0..count).map(move |index| Bin {
        from: edge(index),
        to: edge(index + 1),
        normal: rows(&histogram.normal, index),
        anomalous: rows(&histogram.anomalous, index),
    })
}

fn bin_count(histogram: &Histogram) -> usize {
    histogram.normal.len().max(histogram.anomalous.len())
}

/// Index of the bin at a share of the axis, 0 to 1; `None` without bins, or if the axis is empty.
pub fn bin_at(histogram: &Histogram, share: f64) -> Option<usize> {
    let last = bin_count(histogram).checked_sub(1).filter(|_| !ValueAxis::of(histogram).is_empty())?;
    Some(((share * (last + 1) as f64) as usize).min(last))
}

/// Count of the fullest bin.
pub fn tallest(histogram: &Histogram) -> u64 {
    bins(histogram).map(|bin| bin.rows()).max().unwrap_or_default()
}

/// Scale of the counts, from 0 at the bottom of the plot.
pub fn count_scale(histogram: &Histogram, area: PlotArea) -> Scale {
    Scale::between(0.0, (tallest(histogram).max(1)) as f64 * 1.04, false, area.bottom, area.top)
}

/// Paints the axes: rows over the values, whose name is `name`.
pub fn draw_axes(canvas: &ChartCanvas, histogram: &Histogram, area: PlotArea, name: &str) {
    canvas.y_axis(area, count_scale(histogram, area), 4, "rows");
    let axis = ValueAxis::of(histogram);
    if !axis.is_empty() {
        canvas.x_axis(area, axis.scale(area.left, area.right), 6, name);
    }
}

/// Paints the bins, with lines around the one at the cursor; a bin with few rows stays visible beside one with many.
pub fn draw_bins(canvas: &ChartCanvas, histogram: &Histogram, area: PlotArea, cursor: Option<usize>) {
    let PlotArea { left, right, top, bottom } = area;
    let y_scale = count_scale(histogram, area);
    let step = (right - left) / bin_count(histogram).max(1) as f64;
    let gap = if step > 4.0 { 1.0 } else { 0.0 };
    for (index, bin) in bins(histogram).enumerate() {
        let x = left + index as f64 * step;
        let normal_px = bar_px(bin.normal, y_scale, bottom);
        let anomalous_px = bar_px(bin.anomalous, y_scale, bottom);
        canvas.fill("--rows-normal", (x, bottom - normal_px), (step - gap, normal_px));
        canvas.fill("--rows-anomalous", (x, bottom - normal_px - anomalous_px), (step - gap, anomalous_px));
        if cursor == Some(index) {
            for edge in [x - 0.5, x + step - gap + 0.5] {
                canvas.line("--light", 1.0, (edge, top), (edge, bottom));
            }
        }
    }
    canvas.line("--ink-soft", 1.0, (left, bottom + 0.5), (right, bottom + 0.5));
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
        let histogram = Histogram { high: 4.0, normal: vec![3, 9], anomalous: vec![8], ..Histogram::default() };
        let expected =
            [Bin { from: 0.0, to: 2.0, normal: 3, anomalous: 8 }, Bin { from: 2.0, to: 4.0, normal: 9, anomalous: 0 }];
        assert_eq!(bins(&histogram).collect::<Vec<_>>(), expected);
        assert_eq!(tallest(&histogram), 11);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_bin_is_read_and_saved() {
        let bin = Bin { from: 0.1, to: 1e12, normal: 1234, anomalous: 5 };
        assert_eq!(bin.readout(&["normal rows", "anomalous rows"]), "0.1 to 1e12: normal rows 1,234, anomalous rows 5");
        assert_eq!(bin.readout(&["rows"]), "0.1 to 1e12: rows 1,234");
        assert_eq!(bin.to_csv(), "0.1,1000000000000,1234,5");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_share_of_the_axis_is_in_one_bin() {
        let histogram = Histogram { high: 1.0, normal: vec![0; 4], ..Histogram::default() };
        let indices = [0.0, 0.24, 0.26, 0.99, 1.0].map(|share| bin_at(&histogram, share));
        assert_eq!(indices, [0, 0, 1, 3, 3].map(Some));
        assert_eq!(bin_at(&Histogram { high: 0.0, ..histogram }, 0.5), None, "all values are equal");
        assert_eq!(bin_at(&Histogram { high: 1.0, ..Histogram::default() }, 0.5), None, "there are no bins");
    }
}
