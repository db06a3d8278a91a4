//! ROC and precision-recall curves, with the point of the current threshold.

use std::rc::Rc;

use pinhole_protocol::table::{CurvePoint, Measures, ScoredFile, ThresholdReport};
use yew::prelude::*;

use crate::{
    components::{
        chart::{Chart, use_chart},
        curve_chart::{self, Curve},
        format::fixed,
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
    let (roc_chart, precision_chart) = (use_chart(), use_chart());
    use_effect_with((props.scored.clone(), props.report.clone()), {
        let charts = (roc_chart.clone(), precision_chart.clone());
        move |(scored, report): &(Rc<ScoredFile>, Rc<ThresholdReport>)| {
            if let Some(measures) = &scored.summary.measures {
                show(&charts.0, roc(measures, report));
                show(&charts.1, precision_recall(measures, report));
            }
        }
    });
    let Some(measures) = &props.scored.summary.measures else { return Html::default() };
    let notices = &props.services.notices;
    let (roc, precision) = (roc(measures, &props.report), precision_recall(measures, &props.report));
    html! {
        <section class="card results-card" aria-labelledby="curves-title">
            <h2 id="curves-title">{ "Curves" }</h2>
            <div class="curves">
                <figure>
                    <figcaption class="row spread">
                        <span>{ "ROC" }</span>
                        { roc_chart.save_buttons("ROC curve", "pinhole-roc", notices) }
                    </figcaption>
                    { roc_chart.view("ROC curve", "roc-about") }
                    { data_table("roc-about", format!("AUROC {}.", fixed(measures.auroc, 4)), &roc) }
                </figure>
                <figure>
                    <figcaption class="row spread">
                        <span>{ "Precision and recall" }</span>
                        { precision_chart.save_buttons("precision-recall curve", "pinhole-precision-recall", notices) }
                    </figcaption>
                    { precision_chart.view("Precision-recall curve", "precision-about") }
                    { data_table("precision-about", format!("Average precision {}.", fixed(measures.average_precision, 4)), &precision) }
                </figure>
            </div>
        </section>
    }
}

fn show(chart: &Rc<Chart>, curve: Curve) {
    chart.show(Rc::new(move |sheet| curve_chart::draw(sheet, &curve)));
}

fn roc(measures: &Measures, report: &ThresholdReport) -> Curve {
    let marked = report.confusion.map(|confusion| CurvePoint {
        x: share(confusion.false_positives, confusion.true_negatives),
        y: share(confusion.true_positives, confusion.false_negatives),
    });
    Curve {
        x_label: "false-positive rate",
        y_label: "true-positive rate",
        points: measures.roc.clone(),
        marked,
        chance: (0.0, 1.0),
    }
}

fn precision_recall(measures: &Measures, report: &ThresholdReport) -> Curve {
    let marked = report.recall.zip(report.precision).map(|(x, y)| CurvePoint { x, y });
    let contamination = share(measures.anomalous_rows, measures.normal_rows);
    Curve {
        x_label: "recall",
        y_label: "precision",
        points: measures.precision_recall.clone(),
        marked,
        chance: (contamination, contamination),
    }
}

/// Share of `of` in the sum of both; 0 if both are 0.
fn share(of: u64, others: u64) -> f64 {
    of as f64 / (of + others).max(1) as f64
}

/// Text alternative of a curve: a sentence, and some of its points as a table.
fn data_table(id: &'static str, about: String, curve: &Curve) -> Html {
    const MAX_ROWS: usize = 25;
    let threshold = curve.marked.map(|point| {
        format!(" At the threshold: {} {}, {} {}.", curve.x_label, fixed(point.x, 4), curve.y_label, fixed(point.y, 4))
    });
    let step = curve.points.len().div_ceil(MAX_ROWS).max(1);
    html! {
        <details class="loss-table">
            <summary><span {id}>{ about }{ threshold }</span></summary>
            <table>
                <thead><tr><th scope="col">{ curve.x_label }</th><th scope="col">{ curve.y_label }</th></tr></thead>
                <tbody>
                    { for curve.points.iter().step_by(step).map(|point| html! {
                        <tr><td>{ fixed(point.x, 4) }</td><td>{ fixed(point.y, 4) }</td></tr>
                    }) }
                </tbody>
            </table>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::Confusion;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_threshold_lies_on_both_curves() {
        let measures = Measures {
            auroc: 0.9,
            average_precision: 0.8,
            anomalous_rows: 10,
            normal_rows: 30,
            roc: Vec::new(),
            precision_recall: Vec::new(),
        };
        let mut report = fixtures::scored("a.csv").threshold;
        assert_eq!(roc(&measures, &report).marked, None);
        report.confusion =
            Some(Confusion { true_positives: 5, false_positives: 3, true_negatives: 27, false_negatives: 5 });
        report.precision = Some(0.625);
        report.recall = Some(0.5);
        assert_eq!(roc(&measures, &report).marked, Some(CurvePoint { x: 0.1, y: 0.5 }));
        let curve = precision_recall(&measures, &report);
        assert_eq!(curve.marked, Some(CurvePoint { x: 0.5, y: 0.625 }));
        assert_eq!(curve.chance.0.to_bits(), 0.25_f64.to_bits());
    }
}
