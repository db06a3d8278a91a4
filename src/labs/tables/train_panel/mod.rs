//! Panel that trains a detector: its settings, "Train" and "Stop".

mod label;

use std::rc::Rc;

use pinhole_protocol::table::{ColumnKind, DetectorPlan, Method, NumberScaling, RowChoice, TableSummary};
use yew::prelude::*;

use super::{
    fields::{button, menu},
    plan,
    state::{JobKind, Lab},
};
use crate::{
    components::{
        field::{Slider, field_error},
        format::{brief, fixed},
        number_field::{NumberField, NumberRange},
    },
    glossary::{LinkedTerm, glossary_link},
    storage::StorageState,
};

/// Fewest rows that an entity of an offered column has on average.
const MIN_ROWS_PER_ENTITY: u64 = 3;

/// Callbacks of the panel.
pub struct TrainActions {
    pub edit: Callback<DetectorPlan>,
    pub train: Callback<()>,
    pub stop: Callback<()>,
}

/// The panel.
pub fn view(lab: &Lab, actions: &TrainActions) -> Html {
    let editor = Editor { plan: lab.data.plan.clone(), on_edit: actions.edit.clone() };
    let summary = lab.data.summary.as_ref();
    let invalid = summary.and_then(|_| plan::invalid_reason(&lab.data.plan));
    let can_train = summary.is_some() && lab.job.is_none() && invalid.is_none();
    let can_stop = lab.job.is_some_and(JobKind::can_stop);
    html! {
        <section class="train-panel card" aria-labelledby="train-table-title">
            <h2 id="train-table-title">{ "Find anomalies" }</h2>
            <fieldset disabled={lab.job.is_some_and(|job| job != JobKind::Reading)}>
                if let Some(summary) = summary {
                    { editor.label(summary) }
                    { editor.entity(summary) }
                    { editor.time() }
                }
                { editor.method() }
                { editor.contamination() }
                { editor.more() }
            </fieldset>
            { field_error(invalid.map(AttrValue::from).as_ref()) }
            if let Some(name) = summary.and_then(|summary| plan::label_as_feature(&lab.data.plan, summary)) {
                <p class="warning" role="status">
                    { format!("“{name}” looks like a label, and is used as a feature: the detector would learn the answer. \
                        Choose it as the label column, or untick it under \"Columns\".") }
                </p>
            }
            if let Some(summary) = summary {
                { editor.label_use(summary, lab) }
            }
            <div class="row run-buttons">
                { button("Train", "button primary", !can_train, &actions.train) }
                { button("Stop", "button", !can_stop, &actions.stop) }
            </div>
            if lab.storage != StorageState::Works {
                <p class="warning" role="status">{ lab.storage.to_string() }</p>
            }
            if let Some(hint) = hint(lab) {
                <p class="hint">{ hint }</p>
            }
        </section>
    }
}

/// Hint on what is missing before training can start.
fn hint(lab: &Lab) -> Option<&'static str> {
    if lab.data.summary.is_some() {
        None
    } else if lab.data.preview.is_none() {
        Some("Open a table first, or try one of the page's.")
    } else if lab.job.is_some() {
        Some("Training can start when the whole file is read.")
    } else {
        Some("This file was only scored. Open it with \"Open table\" to train on it.")
    }
}

/// The fields of the panel, which edit the plan.
struct Editor {
    plan: Rc<DetectorPlan>,
    on_edit: Callback<DetectorPlan>,
}

impl Editor {
    fn callback<T: 'static>(&self, change: impl Fn(&mut DetectorPlan, T) + 'static) -> Callback<T> {
        let (plan, on_edit) = (self.plan.clone(), self.on_edit.clone());
        Callback::from(move |value| {
            let mut edited = (*plan).clone();
            change(&mut edited, value);
            on_edit.emit(edited);
        })
    }

    /// The column that says to which entity a row belongs.
    fn entity(&self, summary: &Rc<TableSummary>) -> Html {
        let chosen = self.plan.entity.as_deref();
        let names = entity_columns(summary, chosen);
        let selected = chosen.and_then(|chosen| names.iter().position(|name| name == chosen));
        let titles: Vec<AttrValue> =
            std::iter::once("None".into()).chain(names.iter().map(|name| name.clone().into())).collect();
        let on_entity = self.callback(move |edited, index: usize| {
            edited.entity = index.checked_sub(1).and_then(|index| names.get(index)).cloned();
        });
        html! {
            <>
                { menu("Entity column", titles, selected.map_or(0, |index| index + 1), &on_entity) }
                if let Some(entity) = chosen {
                    <p class="hint">
                        { format!("Numbers are compared with what is usual for the row's own {entity}, where that tells \
                            more than the whole table.") }
                    </p>
                }
            </>
        }
    }

    /// The column with the time of each row.
    fn time(&self) -> Html {
        let chosen = self.plan.time.as_ref();
        let names: Vec<String> = plan::time_columns(&self.plan).cloned().collect();
        let selected = chosen.and_then(|chosen| names.iter().position(|name| name == chosen));
        let titles: Vec<AttrValue> =
            std::iter::once("None".into()).chain(names.iter().map(|name| name.clone().into())).collect();
        let on_time = self.callback(move |edited, index: usize| {
            edited.time = index.checked_sub(1).and_then(|index| names.get(index)).cloned();
        });
        let before = self.plan.entity.as_ref().map_or_else(String::new, |entity| format!(" of the same {entity}"));
        html! {
            <>
                { menu("Time column", titles, selected.map_or(0, |index| index + 1), &on_time) }
                if chosen.is_some() {
                    <p class="hint">
                        { format!("The table is read as a log: each row is compared with those before it{before} too, so \
                            that jumps and stuck sensors are found.") }
                    </p>
                }
            </>
        }
    }

    fn method(&self) -> Html {
        let selected = Method::ALL.iter().position(|method| *method == self.plan.method).unwrap_or_default();
        let on_method = self.callback(|edited, index: usize| edited.method = Method::ALL[index]);
        menu("Method", Method::ALL.map(|method| AttrValue::from(method.label())), selected, &on_method)
    }

    fn contamination(&self) -> Html {
        let share = self.plan.contamination;
        let on_change = self.callback(|edited, percent: f64| edited.contamination = percent / 100.0);
        let slider = Slider {
            label: "Contamination",
            min: "0.5",
            max: "50",
            step: "0.5",
            value: fixed(share * 100.0, 1),
            text: format!("{} %", fixed(share * 100.0, 1)),
            disabled: false,
            on_change,
        };
        html! {
            <>
                { slider.view() }
                <p class="hint">
                    { glossary_link(LinkedTerm::Contamination, "Contamination") }
                    { " is the expected share of " }
                    { glossary_link(LinkedTerm::Anomaly, "anomalies") }
                    { ", unusual rows, in this table." }
                    if self.learns_from_normals() {
                        { format!(" As the detector learns from normal rows, the first threshold does not follow it: it flags {} % \
                            of those held out.", brief(100.0 * self.plan.false_alarm_rate)) }
                    }
                </p>
            </>
        }
    }

    /// True if the plan trains on rows that a label calls normal.
    fn learns_from_normals(&self) -> bool {
        self.plan.label.is_some() && self.plan.rows == RowChoice::Auto
    }

    fn more(&self) -> Html {
        const SCALINGS: [NumberScaling; 2] = [NumberScaling::Standard, NumberScaling::Quantile];
        let scaling = SCALINGS.iter().position(|scaling| *scaling == self.plan.scaling).unwrap_or_default();
        let titles = ["Standard: mean and standard deviation", "Quantile: by rank"].map(AttrValue::from);
        let on_scaling = self.callback(|edited, index: usize| edited.scaling = SCALINGS[index]);
        let on_alarms = self.callback(|edited, percent: f64| edited.false_alarm_rate = percent / 100.0);
        let on_seed = self.callback(|edited, seed: f64| edited.seed = seed as u64);
        html! {
            <details class="more">
                <summary>{ "More" }</summary>
                { menu("Scaling", titles, scaling, &on_scaling) }
                if self.learns_from_normals() {
                    { NumberField::new("First false-alarm rate, in percent", Some(brief(100.0 * self.plan.false_alarm_rate)),
                        NumberRange::PERCENT, on_alarms).view() }
                }
                { NumberField::new("Seed", Some(self.plan.seed), NumberRange::SEED, on_seed).view() }
            </details>
        }
    }
}

/// Columns that the entity menu offers: those whose values repeat, and the chosen one.
fn entity_columns(summary: &TableSummary, chosen: Option<&str>) -> Vec<String> {
    let repeats = |distinct: u64| distinct > 1 && distinct * MIN_ROWS_PER_ENTITY <= summary.rows;
    let columns = summary.columns.iter().filter(|column| {
        let is_kind = matches!(column.kind, ColumnKind::Categorical | ColumnKind::Text | ColumnKind::Numeric);
        (is_kind && repeats(column.distinct)) || chosen == Some(column.name.as_str())
    });
    columns.map(|column| column.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_hint_names_what_is_missing() {
        let mut lab = Lab::default();
        assert!(hint(&lab).is_some_and(|hint| hint.starts_with("Open a table")));
        lab.data.preview = Some(Rc::new(fixtures::preview("a.csv")));
        assert!(hint(&lab).is_some_and(|hint| hint.contains("only scored")));
        lab.job = Some(JobKind::Reading);
        assert!(hint(&lab).is_some_and(|hint| hint.contains("whole file is read")));
        lab.data.summary = Some(Rc::new(fixtures::summary()));
        assert_eq!(hint(&lab), None);
    }
}
