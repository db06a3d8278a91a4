//! ROC and precision-recall curves, with the point of the current threshold.

use std::rc::Rc;

use pinhole_protocol::table::{CurvePoint, Measures, ScoredFile, ThresholdReport};
use yew::prelude::*;

use crate::{
    components::{
        chart::{ChartCanvas, ChartContent, Point, use_interactive_chart},
        format::{brief, fixed},
        plot::{Axis, Plot, Series},
    },
    services::Services,
};

#[derive(Properties, PartialEq)]
pub struct CurvesProps {
    pub services: Services,
    pub scored: Rc<ScoredFile>,
    pub report: Rc<ThresholdReport>,
}

/// Both curves; empty without measures.
#[component]
pub fn Curves(props: &CurvesProps) -> Html {
    let measures = props.scored.summary.measures.as_ref();
    let curves = measures.map(|measures| (roc(measures, &props.report), precision_recall(measures, &props.report)));
    let (roc, precision) = curves.unwrap_or_default();
    let (roc_chart, precision_chart) = (use_interactive_chart(roc.clone()), use_interactive_chart(precision.clone()));
    let update = use_force_update();
    let Some(measures) = measures else { return Html::default() };
    let (notices, on_change) = (&props.services.notices, Callback::from(move |()| update.force_update()));
    html! {
        <section class="card results-card" aria-labelledby="curves-title">
            <h2 id="curves-title">{ "Curves" }</h2>
            <div class="curves">
                <figure>
                    <figcaption class="row spread">
                        <span>{ "ROC" }</span>
                        { roc_chart.save_buttons("ROC curve", "pinhole-roc", notices) }
                    </figcaption>
                    { roc_chart.view("ROC curve", "roc-about", &on_change) }
                    { data_table("roc-about", format!("AUROC {}.", fixed(measures.auroc, 4)), &roc) }
                </figure>
                <figure>
                    <figcaption class="row spread">
                        <span>{ "Precision and recall" }</span>
                        { precision_chart.save_buttons("precision-recall curve", "pinhole-precision-recall", notices) }
                    </figcaption>
                    { precision_chart.view("Precision-recall curve", "precision-about", &on_change) }
                    { data_table("precision-about", format!("Average precision {}.", fixed(measures.average_precision, 4)), &precision) }
                </figure>
            </div>
        </section>
    }
}

/// Curve of a ranking, with the point of the current threshold.
#[derive(Clone, Debug, Default, PartialEq)]
struct RankingCurve {
    /// The line of a random ranking, and the curve.
    plot: Rc<Plot>,
    threshold: Option<Point>,
}

impl RankingCurve {
    /// Curve in the unit square. `axes` are the names of x and y; `random` has y of a random ranking at x = 0 and x = 1.
    fn new(name: &'static str, axes: [&'static str; 2], curve: &[CurvePoint], random: [f64; 2]) -> Self {
        let [x, y] = axes.map(|label| Axis { label, is_log: false, range: Some((0.0, 1.0)) });
        let series = |name, colour, width, points| Series { name, colour, width, points, has_dots: false };
        let line = vec![(0.0, random[0]), (1.0, random[1])];
        let points = curve.iter().map(|point| (point.x, point.y)).collect();
        let series =
            vec![series("random ranking", "--curve-steps", 1.0, line), series(name, "--curve-training", 2.0, points)];
        Self { plot: Rc::new(Plot { x, y, series, marked_x: None }), threshold: None }
    }

    /// Coordinates of a point with the names of the axes, in words.
    fn coordinates(&self, (x, y): Point, number: impl Fn(f64) -> String) -> String {
        format!("{} {}, {} {}", self.plot.x.label, number(x), self.plot.y.label, number(y))
    }

    fn points(&self) -> &[Point] {
        self.plot.series.last().map_or(&[], |curve| &curve.points)
    }
}

impl ChartContent for RankingCurve {
    /// Point of the curve.
    type Cursor = Point;

    fn paint(&self, canvas: &ChartCanvas, cursor: Option<Point>) {
        self.plot.paint(canvas, cursor);
        if let Some(center) = self.threshold.and_then(|point| self.plot.pixel(point, canvas.size())) {
            canvas.dot("--rows-anomalous", center, 5.0);
        }
    }

    fn cursor_at(&self, pixel: Point, size: (f64, f64)) -> Option<Point> {
        self.plot.cursor_at(pixel, size)
    }

    fn stepped(&self, cursor: Option<Point>, key: &str) -> Option<Point> {
        self.plot.stepped(cursor, key)
    }

    fn readout(&self, cursor: Point) -> Option<String> {
        Some(self.coordinates(cursor, brief))
    }

    fn to_csv(&self) -> String {
        let threshold = self.threshold.map(|(x, y)| format!("threshold,{},{}\n", fixed(x, 9), fixed(y, 9)));
        self.plot.to_csv() + &threshold.unwrap_or_default()
    }
}

fn roc(measures: &Measures, report: &ThresholdReport) -> RankingCurve {
    let threshold = report.confusion.map(|confusion| {
        let x = share(confusion.false_positives, confusion.true_negatives);
        (x, share(confusion.true_positives, confusion.false_negatives))
    });
    let axes = ["false-positive rate", "true-positive rate"];
    RankingCurve { threshold, ..RankingCurve::new("ROC", axes, &measures.roc, [0.0, 1.0]) }
}

fn precision_recall(measures: &Measures, report: &ThresholdReport) -> RankingCurve {
    let threshold = report.recall.zip(report.precision);
    let contamination = share(measures.anomalous_rows, measures.table_normal_rows);
    let axes = ["recall", "precision"];
    let curve = RankingCurve::new("precision-recall", axes, &measures.precision_recall, [contamination; 2]);
    RankingCurve { threshold, ..curve }
}

/// Share of `of` in the sum of both; 0 if both are 0.
fn share(of: u64, others: u64) -> f64 {
    of as f64 / (of + others).max(1) as f64
}

/// Text alternative of a curve: a sentence, and some of its points as a table.
fn data_table(id: &'static str, about: String, curve: &RankingCurve) -> Html {
    const MAX_ROWS: usize = 25;
    let number = |value: f64| fixed(value, 4);
    let threshold = curve.threshold.map(|point| format!(" At the threshold: {}.", curve.coordinates(point, number)));
    let points = curve.points();
    let step = points.len().div_ceil(MAX_ROWS).max(1);
    html! {
        <details class="loss-table">
            <summary><span {id}>{ about }{ threshold }</span></summary>
            <table>
                <thead><tr><th scope="col">{ curve.plot.x.label }</th><th scope="col">{ curve.plot.y.label }</th></tr></thead>
                <tbody>
                    { for points.iter().step_by(step).map(|(x, y)| html! {
                        <tr><td>{ number(*x) }</td><td>{ number(*y) }</td></tr>
                    }) }
                </tbody>
            </table>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::{Confusion, Interval};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    fn measures() -> Measures {
        Measures {
            auroc: 0.9,
            auroc_interval: Interval { low: 0.8, high: 1.0 },
            average_precision: 0.8,
            average_precision_interval: Interval { low: 0.7, high: 0.9 },
            anomalous_rows: 10,
            normal_rows: 15,
            table_normal_rows: 30,
            roc: [(0.0, 0.0), (0.0, 0.5), (1.0, 1.0)].map(|(x, y)| CurvePoint { x, y }).into(),
            precision_recall: Vec::new(),
        }
    }

    /// Report of a threshold that flags 8 rows, 5 of the 10 anomalies among them.
    fn report() -> ThresholdReport {
        let confusion = Confusion { true_positives: 5, false_positives: 3, true_negatives: 27, false_negatives: 5 };
        ThresholdReport {
            confusion: Some(confusion),
            precision: Some(0.625),
            recall: Some(0.5),
            ..fixtures::scored("a.csv").threshold
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_threshold_lies_on_both_curves() {
        assert_eq!(roc(&measures(), &fixtures::scored("a.csv").threshold).threshold, None);
        assert_eq!(roc(&measures(), &report()).threshold, Some((0.1, 0.5)));
        let curve = precision_recall(&measures(), &report());
        assert_eq!(curve.threshold, Some((0.5, 0.625)));
        assert_eq!(curve.plot.series[0].points, [(0.0, 0.25), (1.0, 0.25)]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_point_of_the_curve_is_read_and_saved() {
        let curve = roc(&measures(), &report());
        let cursor = curve.stepped(Some((0.0, 0.0)), "ArrowRight");
        assert_eq!(cursor, Some((0.0, 0.5)));
        let readout = cursor.and_then(|cursor| curve.readout(cursor));
        assert_eq!(readout.as_deref(), Some("false-positive rate 0, true-positive rate 0.5"));
        let csv = curve.to_csv();
        assert!(csv.starts_with("curve,false-positive_rate,true-positive_rate\nrandom ranking,0.000000000,"), "{csv}");
        assert!(csv.contains("\nROC,0.000000000,0.500000000\n"), "{csv}");
        assert!(csv.ends_with("\nthreshold,0.100000000,0.500000000\n"), "{csv}");
    }
}
