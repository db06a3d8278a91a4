//! Panel of the current detector: its facts, opening and saving it, scoring with it, fine-tuning and comparing it.

use pinhole_protocol::table::DetectorSummary;
use web_sys::File;
use yew::prelude::*;

use super::{fields::button, preview::column_count, state::Lab};
use crate::{
    components::{
        field::switch,
        file_button::file_button,
        format::{fixed, grouped},
    },
    glossary::{LinkedTerm, glossary_link},
};

/// Callbacks of the panel.
pub struct DetectorActions {
    pub open: Callback<Vec<File>>,
    pub save: Callback<()>,
    /// Receives true if the saved file is to hold the rows to fine-tune with.
    pub set_with_replay: Callback<bool>,
    pub score: Callback<Vec<File>>,
    pub score_current_table: Callback<()>,
    pub fine_tune: Callback<()>,
    pub compare: Callback<()>,
}

/// The panel.
pub fn view(lab: &Lab, with_replay: bool, actions: &DetectorActions) -> Html {
    let detector = lab.data.detector.as_deref();
    let is_busy = lab.job.is_some();
    let can_use = detector.is_some() && !is_busy;
    html! {
        <section class="detector-panel card" aria-labelledby="detector-title">
            <h2 id="detector-title">{ "Current detector" }</h2>
            { detector.map_or_else(no_detector, metadata_list) }
            <div class="row">
                { file_button("Open detector", ".safetensors", false, is_busy, actions.open.clone()) }
                { button("Save detector", "button", !can_use, &actions.save) }
            </div>
            if let Some(detector) = detector.filter(|detector| detector.replay_rows > 0) {
                { switch("Save its rows to fine-tune with", with_replay, &actions.set_with_replay) }
                <p class="hint">{ replay_hint(detector.replay_rows, with_replay) }</p>
            }
            <div class="row">
                { file_button("Score another file", crate::files::TABLES, true, !can_use, actions.score.clone()) }
                if is_unscored(lab) {
                    { button("Score this table", "button", !can_use, &actions.score_current_table) }
                }
                { button("Fine-tune", "button", !can_fine_tune(lab), &actions.fine_tune) }
            </div>
            if detector.is_some() {
                <p class="hint">{ fine_tune_hint(lab) }</p>
            }
            if lab.data.scored.is_some() && lab.data.summary.is_some() {
                <div class="row">
                    { button("Compare with baselines", "button", is_busy, &actions.compare) }
                </div>
                <p class="hint">
                    { "The " }
                    { glossary_link(LinkedTerm::Baseline, "baselines") }
                    { " are PCA, isolation forest, kNN, ECOD, LOF and HBOS, fitted on the same rows." }
                </p>
            }
        </section>
    }
}

fn no_detector() -> Html {
    html! { <p class="hint">{ "None yet. Train one, or open one that was saved: it scores the next file without training." }</p> }
}

fn metadata_list(detector: &DetectorSummary) -> Html {
    html! {
        <>
            <p class="detector-name">{ &detector.name }</p>
            <dl class="facts">
                { metadata_entry("Method", detector.method.label().to_owned()) }
                { metadata_entry("Architecture", detector.description.clone()) }
                { metadata_entry("Input", format!("{}, {} features", column_count(detector.columns.len()), grouped(detector.features))) }
                { metadata_entry("Trained on", format!("{} rows in {} s", grouped(detector.trained_rows as usize), fixed(detector.elapsed_s, 1))) }
            </dl>
            { for detector.warnings.iter().map(|warning| html! { <p class="warning">{ warning }</p> }) }
        </>
    }
}

fn metadata_entry(name: &'static str, value: String) -> Html {
    html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
}

fn replay_hint(rows: u64, with_replay: bool) -> String {
    let rows = grouped(rows as usize);
    if with_replay {
        format!("The file will hold {rows} prepared rows of your table: share it only with those who may see them.")
    } else {
        format!(
            "The file will hold no row of your table, but hashes of some, values of columns with one value, and names of \
             entities. It cannot be fine-tuned (that takes {rows} rows). The nearest rows are left out of its scores; its \
             threshold flags the same share of the rows."
        )
    }
}

/// True if the current detector has not scored the open table.
fn is_unscored(lab: &Lab) -> bool {
    lab.data.preview.is_some() && lab.data.detector.is_some() && lab.data.scored.is_none()
}

fn can_fine_tune(lab: &Lab) -> bool {
    let has_rows = lab.data.detector.as_ref().is_some_and(|detector| detector.replay_rows > 0);
    let is_other_file = lab.data.scored.as_ref().is_some_and(|scored| scored.drift.is_some());
    has_rows && is_other_file && lab.job.is_none()
}

fn fine_tune_hint(lab: &Lab) -> &'static str {
    if lab.data.detector.as_ref().is_some_and(|detector| detector.replay_rows == 0) {
        "This detector was saved without rows of its table, so it cannot be fine-tuned."
    } else if can_fine_tune(lab) {
        "Fine-tuning trains the detector further, on this file and on saved rows of its own table. The results then show how \
         the scores of both change."
    } else {
        "Fine-tuning needs another file, scored with this detector."
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use pinhole_protocol::table::{ColumnDrift, DriftReport};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    #[wasm_bindgen_test(unsupported = test)]
    fn fine_tuning_needs_old_rows_and_another_file() {
        let mut lab = Lab::default();
        lab.data.detector = Some(Rc::new(fixtures::detector()));
        let mut scored = fixtures::scored("june.csv");
        lab.data.scored = Some(Rc::new(scored.clone()));
        assert!(!can_fine_tune(&lab), "it is the table that it was trained on");
        scored.drift = Some(DriftReport { scores: ColumnDrift::default(), columns: Vec::new() });
        lab.data.scored = Some(Rc::new(scored));
        assert!(can_fine_tune(&lab));
        let detector = DetectorSummary { replay_rows: 0, ..fixtures::detector() };
        lab.data.detector = Some(Rc::new(detector));
        assert!(!can_fine_tune(&lab));
        assert!(fine_tune_hint(&lab).contains("without rows"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_table_without_scores_can_be_scored() {
        let mut lab = Lab::default();
        lab.data.preview = Some(Rc::new(fixtures::preview("a.csv")));
        assert!(!is_unscored(&lab));
        lab.data.detector = Some(Rc::new(fixtures::detector()));
        assert!(is_unscored(&lab));
    }
}
