//! The detector in hand: what it is, how it comes and goes, and what else it can do.

use pinhole_protocol::table::DetectorSummary;
use web_sys::File;
use yew::prelude::*;

use super::{fields::button, preview::columns, state::Lab};
use crate::components::{
    field::switch,
    file_button::file_button,
    format::{fixed, grouped},
};

/// What the bar does.
pub struct BarActions {
    pub open: Callback<Vec<File>>,
    pub save: Callback<()>,
    /// Whether the saved file holds the rows to fine-tune with.
    pub keep_rows: Callback<bool>,
    pub score: Callback<Vec<File>>,
    pub score_this: Callback<()>,
    pub fine_tune: Callback<()>,
    pub compare: Callback<()>,
}

/// The bar.
pub fn view(lab: &Lab, with_replay: bool, actions: &BarActions) -> Html {
    let detector = lab.hand.detector.as_deref();
    let is_busy = lab.work.is_some();
    let is_idle_with_one = detector.is_some() && !is_busy;
    html! {
        <section class="detector-bar card" aria-labelledby="detector-title">
            <h2 id="detector-title">{ "Detector in hand" }</h2>
            { detector.map_or_else(nothing, about) }
            <div class="row">
                { file_button("Open detector", ".safetensors", false, is_busy, actions.open.clone()) }
                { button("Save detector", "button", !is_idle_with_one, &actions.save) }
            </div>
            if let Some(detector) = detector.filter(|detector| detector.replay_rows > 0) {
                { switch("Save its rows to fine-tune with", with_replay, &actions.keep_rows) }
                <p class="hint">{ replay_hint(detector.replay_rows, with_replay) }</p>
            }
            <div class="row">
                { file_button("Score another file", crate::files::TABLES, false, !is_idle_with_one, actions.score.clone()) }
                if is_unscored(lab) {
                    { button("Score this table", "button", !is_idle_with_one, &actions.score_this) }
                }
                { button("Fine-tune", "button", !can_fine_tune(lab), &actions.fine_tune) }
            </div>
            if detector.is_some() {
                <p class="hint">{ fine_tune_hint(lab) }</p>
            }
            if lab.hand.scored.is_some() && lab.hand.summary.is_some() {
                <div class="row">
                    { button("Compare with PCA and isolation forest", "button", is_busy, &actions.compare) }
                </div>
            }
        </section>
    }
}

fn nothing() -> Html {
    html! { <p class="hint">{ "None yet. Train one, or open one that was saved: it scores the next file without training." }</p> }
}

fn about(detector: &DetectorSummary) -> Html {
    html! {
        <>
            <p class="detector-name">{ &detector.name }</p>
            <dl class="facts">
                { fact("Method", detector.method.label().to_owned()) }
                { fact("Built of", detector.description.clone()) }
                { fact("Reads", format!("{} as {} numbers", columns(detector.columns.len()), grouped(detector.features))) }
                { fact("Learned from", format!("{} rows in {} s", grouped(detector.trained_rows as usize), fixed(detector.elapsed_s, 1))) }
            </dl>
            { for detector.warnings.iter().map(|warning| html! { <p class="warning">{ warning }</p> }) }
        </>
    }
}

fn fact(name: &'static str, value: String) -> Html {
    html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
}

fn replay_hint(rows: u64, with_replay: bool) -> String {
    let rows = grouped(rows as usize);
    if with_replay {
        format!("The file will hold {rows} prepared rows of your table: share it only with those who may see them.")
    } else {
        format!("The file will hold no row of your table, and cannot be fine-tuned (that takes {rows} of its rows).")
    }
}

/// A table in hand that the detector in hand has no scores for.
fn is_unscored(lab: &Lab) -> bool {
    lab.hand.preview.is_some() && lab.hand.detector.is_some() && lab.hand.scored.is_none()
}

fn can_fine_tune(lab: &Lab) -> bool {
    let has_rows = lab.hand.detector.as_ref().is_some_and(|detector| detector.replay_rows > 0);
    let is_other_file = lab.hand.scored.as_ref().is_some_and(|scored| scored.drift.is_some());
    has_rows && is_other_file && lab.work.is_none()
}

fn fine_tune_hint(lab: &Lab) -> &'static str {
    if lab.hand.detector.as_ref().is_some_and(|detector| detector.replay_rows == 0) {
        "It was saved without rows of its table, so it cannot be fine-tuned."
    } else if can_fine_tune(lab) {
        "Fine-tuning trains it on with this file and old rows; how both are scored then is shown with the results."
    } else {
        "Fine-tuning needs another file that was scored with it."
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use pinhole_protocol::table::{ColumnDrift, DriftReport};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::example;

    #[wasm_bindgen_test(unsupported = test)]
    fn fine_tuning_needs_old_rows_and_another_file() {
        let mut lab = Lab::default();
        lab.hand.detector = Some(Rc::new(example::detector()));
        let mut scored = example::scored("june.csv");
        lab.hand.scored = Some(Rc::new(scored.clone()));
        assert!(!can_fine_tune(&lab), "it is the table that it learned from");
        let shift = ColumnDrift {
            name: "score".into(),
            population_stability_index: 0.3,
            kolmogorov_smirnov: 0.2,
            missing_before: 0.0,
            missing_now: 0.0,
            unknown: 0,
        };
        scored.drift = Some(DriftReport { scores: shift, columns: Vec::new(), column_notes: Vec::new() });
        lab.hand.scored = Some(Rc::new(scored));
        assert!(can_fine_tune(&lab));
        let detector = DetectorSummary { replay_rows: 0, ..example::detector() };
        lab.hand.detector = Some(Rc::new(detector));
        assert!(!can_fine_tune(&lab));
        assert!(fine_tune_hint(&lab).contains("without rows"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_table_without_scores_can_be_scored() {
        let mut lab = Lab::default();
        lab.hand.preview = Some(Rc::new(example::preview("a.csv")));
        assert!(!is_unscored(&lab));
        lab.hand.detector = Some(Rc::new(example::detector()));
        assert!(is_unscored(&lab));
    }
}
