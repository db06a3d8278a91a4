//! Histogram of the anomaly scores, with the threshold.

use std::rc::Rc;

use pinhole_protocol::table::{Histogram, ScoredFile};
use yew::prelude::*;

use crate::components::{
    chart::{ChartCanvas, ChartContent, PlotArea, Point},
    format::{brief, grouped},
    histogram::{self, Bin, ValueAxis},
};

/// Histogram of scores with a vertical line at the threshold.
#[derive(Clone, PartialEq)]
pub struct ScoreHistogram {
    pub scored: Rc<ScoredFile>,
    pub threshold: f64,
}

impl ScoreHistogram {
    fn histogram(&self) -> &Histogram {
        &self.scored.summary.histogram
    }

    /// True if any row is labelled as an anomaly.
    pub fn has_labels(&self) -> bool {
        self.histogram().anomalous.iter().any(|rows| *rows > 0)
    }

    fn readout_of(&self, bin: Bin) -> String {
        let kinds: &[&str] = if self.has_labels() { &["normal rows", "anomalous rows"] } else { &["rows"] };
        format!("score {}", bin.readout(kinds))
    }

    /// Bin of the threshold; `None` if it is beyond all bins.
    fn threshold_bin(&self) -> Option<Bin> {
        let axis = ValueAxis::of(self.histogram());
        let is_on_axis = (axis.value(0.0)..=axis.value(1.0)).contains(&self.threshold);
        let index = histogram::bin_at(self.histogram(), axis.share(self.threshold)).filter(|_| is_on_axis)?;
        histogram::bins(self.histogram()).nth(index)
    }
}

impl ChartContent for ScoreHistogram {
    /// Index of a bin.
    type Cursor = usize;

    fn paint(&self, canvas: &ChartCanvas, cursor: Option<usize>) {
        let area = PlotArea::of_canvas(canvas.size());
        histogram::draw_axes(canvas, self.histogram(), area, "score");
        histogram::draw_bins(canvas, self.histogram(), area, cursor);
        let x = area.left + ValueAxis::of(self.histogram()).share(self.threshold) * (area.right - area.left);
        canvas.line("--ink", 2.0, (x, area.top), (x, area.bottom));
        canvas.dot("--ink", (x, area.top + 4.0), 5.0);
    }

    fn cursor_at(&self, (x, _): Point, size: (f64, f64)) -> Option<usize> {
        histogram::bin_at(self.histogram(), PlotArea::of_canvas(size).share_at(x))
    }

    fn readout(&self, cursor: usize) -> Option<String> {
        histogram::bins(self.histogram()).nth(cursor).map(|bin| self.readout_of(bin))
    }

    /// Bin of the threshold, in words.
    fn default_readout(&self) -> Option<String> {
        self.threshold_bin().map(|bin| format!("At the threshold: {}", self.readout_of(bin)))
    }

    fn to_csv(&self) -> String {
        let lines = histogram::bins(self.histogram()).map(|bin| format!("{}\n", bin.to_csv()));
        std::iter::once("score_from,score_to,normal_rows,anomalous_rows\n".to_owned()).chain(lines).collect()
    }
}

/// Text alternative of the histogram: its range, and its bins as a table.
pub fn data_table(scores: &Histogram) -> Html {
    let axis = ValueAxis::of(scores);
    let about = if axis.is_empty() {
        "All scores are the same, so they rank no row above another.".to_owned()
    } else {
        let (low, high) = (brief(axis.value(0.0)), brief(axis.value(1.0)));
        let kind = if scores.is_log { ", on a logarithmic axis" } else { "" };
        format!("Scores from {low} to {high}{kind}.")
    };
    html! {
        <details class="loss-table">
            <summary><span id="scores-about">{ about }</span></summary>
            <div class="data-table-scroll">
                <table>
                    <thead><tr><th scope="col">{ "Score from" }</th><th scope="col">{ "to" }</th><th scope="col">{ "Normal" }</th><th scope="col">{ "Anomalous" }</th></tr></thead>
                    <tbody>
                        { for histogram::bins(scores).map(|bin| html! {
                            <tr><td>{ brief(bin.from) }</td><td>{ brief(bin.to) }</td><td>{ grouped(bin.normal) }</td><td>{ grouped(bin.anomalous) }</td></tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    /// Scores from 0 to 2 in two bins.
    fn scores(anomalous: &[u32], threshold: f64) -> ScoreHistogram {
        let mut scored = fixtures::scored("a.csv");
        scored.summary.histogram =
            Histogram { high: 2.0, normal: vec![1200, 3], anomalous: anomalous.to_vec(), ..Histogram::default() };
        ScoreHistogram { scored: Rc::new(scored), threshold }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_bin_below_the_pointer_is_read() {
        let (scores, size) = (scores(&[1, 2], 0.5), (400.0, 300.0));
        let area = PlotArea::of_canvas(size);
        let at = |x: f64| scores.cursor_at((x, 100.0), size);
        assert_eq!([at(0.0), at(area.left + 10.0), at(area.right - 10.0)], [0, 0, 1].map(Some));
        assert_eq!(scores.readout(1).as_deref(), Some("score 1 to 2: normal rows 3, anomalous rows 2"));
        assert_eq!(scores.readout(2), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_bin_of_the_threshold_is_read_without_a_pointer() {
        let readout = |threshold| scores(&[0, 0], threshold).default_readout();
        assert_eq!(readout(0.5).as_deref(), Some("At the threshold: score 0 to 1: rows 1,200"));
        assert_eq!(readout(2.0).as_deref(), Some("At the threshold: score 1 to 2: rows 3"));
        assert_eq!([readout(f64::MAX), readout(-1.0)], [None, None], "no bin is there");
        assert_eq!(scores(&[0, 0], 0.5).stepped(None, "ArrowRight"), None, "the slider takes the keys");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_bins_are_saved() {
        let csv = scores(&[1, 2], 0.5).to_csv();
        assert_eq!(csv, "score_from,score_to,normal_rows,anomalous_rows\n0,1,1200,1\n1,2,3,2\n");
    }
}
