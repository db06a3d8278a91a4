//! Fields of the label: its column, the values that mark an anomaly, and what it is used for.

use std::{collections::HashSet, rc::Rc};

use pinhole_protocol::table::{LabelPlan, LabelValue, RowChoice, TableSummary};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Editor;
use crate::{
    components::format::grouped,
    glossary::{LinkedTerm, glossary_link},
    labs::tables::{
        fields::{button, menu, text_field},
        plan,
        state::Lab,
    },
};

/// Most columns that the label menu offers; in a wider table, those with few values.
const MAX_LABEL_COLUMNS: usize = 500;

/// Most distinct values of a column that the label menu offers in a wide table: a measured number has more.
const MAX_LABEL_VALUES: u64 = 50;

impl Editor {
    /// The label column, its values, and the rows that are learnt from.
    pub(super) fn label(&self, summary: &Rc<TableSummary>) -> Html {
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

    /// Use of the label, one click to change it, and the label's faults.
    pub(super) fn label_use(&self, summary: &TableSummary, lab: &Lab) -> Html {
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
}

/// Use of a label in a sentence; the button that changes it, and the rows that are learnt from then.
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
}
