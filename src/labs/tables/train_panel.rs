//! Panel that trains a detector: its settings, "Train" and "Stop".

use std::{collections::HashSet, rc::Rc};

use pinhole_protocol::table::{
    ColumnKind, DetectorPlan, LabelPlan, LabelValue, Method, NumberScaling, RowChoice, TableSummary,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    fields::{button, menu, text_field},
    plan,
    state::{JobKind, Lab},
};
use crate::{
    components::{
        field::{Slider, field_error},
        format::{brief, fixed, grouped},
        number_field::{NumberField, NumberRange},
    },
    glossary::{LinkedTerm, glossary_link},
    storage::StorageState,
};

/// Most columns that the label menu offers; in a wider table, those with few values.
const MAX_LABEL_COLUMNS: usize = 500;

/// Most distinct values of a column that the label menu offers in a wide table: a measured number has more.
const MAX_LABEL_VALUES: u64 = 50;

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

    fn label(&self, summary: &Rc<TableSummary>) -> Html {
        let chosen = self.plan.label.as_ref();
        let names = label_columns(summary, chosen.map(|label| label.column.as_str()));
        let selected = chosen.and_then(|label| names.iter().position(|name| *name == label.column));
        let titles: Vec<AttrValue> =
            std::iter::once("None".into()).chain(names.iter().map(|name| name.clone().into())).collect();
        let on_label = {
            let summary = summary.clone();
            self.callback(move |edited, index: usize| {
                let column = index.checked_sub(1).and_then(|index| names.get(index)).cloned();
                plan::set_label(edited, column, &summary);
            })
        };
        html! {
            <>
                { menu("Label column", titles, selected.map_or(0, |index| index + 1), &on_label) }
                if let Some(label) = chosen {
                    { self.anomalous_values(label, plan::values_of(&label.column, summary)) }
                    { self.rows() }
                } else {
                    <p class="hint">
                        { "Without a label column the detector trains on all rows (" }
                        { glossary_link(LinkedTerm::Unsupervised, "unsupervised") }
                        { "), and sets the most unusual aside first where they form groups." }
                    </p>
                }
            </>
        }
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

    /// Values of the label that mark an anomaly: check boxes if the values are known, else a text field.
    fn anomalous_values(&self, label: &LabelPlan, values: &[LabelValue]) -> Html {
        if values.is_empty() {
            let on_text = self.callback(|edited, text: String| {
                if let Some(label) = &mut edited.label {
                    label.anomalous_values = plan::parse_list(&text);
                }
            });
            return text_field(
                "Values that mark an anomaly",
                label.anomalous_values.join(", "),
                "such as 1, fraud",
                &on_text,
            );
        }
        let anomalous: HashSet<&str> = label.anomalous_values.iter().map(String::as_str).collect();
        html! {
            <fieldset class="anomalous-values">
                <legend class="field-name">{ "Values that mark an anomaly" }</legend>
                { for values.iter().map(|LabelValue { value, rows }| {
                    let onchange = self.callback({
                        let value = value.clone();
                        move |edited, event: Event| {
                            let is_anomalous = event.target_unchecked_into::<HtmlInputElement>().checked();
                            plan::set_anomalous(edited, &value, is_anomalous);
                        }
                    });
                    let shown = if value.is_empty() { "(empty)" } else { value };
                    html! {
                        <label class="switch">
                            <input type="checkbox" checked={anomalous.contains(value.as_str())} {onchange} />
                            <span>{ shown }</span>
                            <span class="hint">{ format!("{} rows", grouped(*rows as usize)) }</span>
                        </label>
                    }
                }) }
            </fieldset>
        }
    }

    /// What the label is used for, one click to change it, and what is wrong with the label.
    fn label_use(&self, summary: &TableSummary, lab: &Lab) -> Html {
        let Some(label) = &self.plan.label else { return Html::default() };
        let (sentence, action, rows) =
            label_use(label, self.plan.rows, plan::label_guess(&label.column, summary).is_some());
        let set_rows = self.callback(move |edited, ()| edited.rows = rows);
        html! {
            <>
                <div class="row" data-testid="label-use">
                    <p>{ sentence }</p>
                    { button(action, "button", lab.job.is_some(), &set_rows) }
                </div>
                { for lab.label_warnings().iter().map(|warning| html! { <p class="warning" role="status">{ warning }</p> }) }
            </>
        }
    }

    fn rows(&self) -> Html {
        const CHOICES: [RowChoice; 2] = [RowChoice::Auto, RowChoice::Unsupervised];
        let selected = CHOICES.iter().position(|choice| *choice == self.plan.rows).unwrap_or_default();
        let titles = ["Normal rows only (semi-supervised)", "All rows (unsupervised)"].map(AttrValue::from);
        let on_rows = self.callback(|edited, index: usize| edited.rows = CHOICES[index]);
        menu("Learn from", titles, selected, &on_rows)
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

/// What a label is used for, in a sentence; the button that changes it, and the rows that are learnt from then.
fn label_use(label: &LabelPlan, rows: RowChoice, is_guessed: bool) -> (String, &'static str, RowChoice) {
    let column = &label.column;
    let guessed = if is_guessed { " It looks like a label; choose another above, or none." } else { "" };
    match rows {
        RowChoice::Auto => (
            format!(
                "The detector learns from the rows that \"{column}\" calls normal, and is measured by it.{guessed}"
            ),
            "Only measure",
            RowChoice::Unsupervised,
        ),
        RowChoice::Unsupervised => (
            format!("The detector learns from all rows; \"{column}\" only measures it."),
            "Learn from normal rows",
            RowChoice::Auto,
        ),
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

/// Columns that the label menu offers: all of them, or in a wide table those with few values and the chosen one.
fn label_columns(summary: &TableSummary, chosen: Option<&str>) -> Vec<String> {
    let is_narrow = summary.columns.len() <= MAX_LABEL_COLUMNS;
    let is_chosen = |name: &str| chosen == Some(name);
    let mut names: Vec<String> = summary
        .columns
        .iter()
        .filter(|column| is_narrow || column.distinct <= MAX_LABEL_VALUES || is_chosen(&column.name))
        .map(|column| column.name.clone())
        .collect();
    let mut offered = 0;
    names.retain(|name| {
        offered += 1;
        offered <= MAX_LABEL_COLUMNS || is_chosen(name)
    });
    names
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::ColumnSummary;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_narrow_table_offers_all_columns_and_a_wide_one_the_likely_labels() {
        assert_eq!(label_columns(&fixtures::summary(), None), ["id", "flow", "state"]);
        let column = |index: usize| ColumnSummary {
            name: index.to_string(),
            distinct: if index.is_multiple_of(2) { 1000 } else { 2 },
            ..ColumnSummary::default()
        };
        let columns = (0..10_000).map(column).collect();
        let wide = TableSummary { columns, ..fixtures::summary() };
        assert_eq!(label_columns(&wide, None).len(), MAX_LABEL_COLUMNS);
        let with_chosen = label_columns(&wide, Some("9998"));
        assert_eq!((with_chosen.len(), with_chosen.last().map(String::as_str)), (MAX_LABEL_COLUMNS + 1, Some("9998")));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn one_click_changes_what_a_label_is_used_for() {
        let label = LabelPlan { column: "state".into(), anomalous_values: vec!["fault".into()] };
        let (sentence, action, rows) = label_use(&label, RowChoice::Auto, true);
        assert!(sentence.starts_with("The detector learns from the rows that \"state\" calls normal"), "{sentence}");
        assert!(sentence.contains("looks like a label"));
        assert_eq!((action, rows), ("Only measure", RowChoice::Unsupervised));
        let (sentence, _, rows) = label_use(&label, rows, false);
        assert!(sentence.contains("only measures it") && rows == RowChoice::Auto, "{sentence}");
    }

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
