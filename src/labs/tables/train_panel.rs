//! How odd rows are looked for, and the one button that does it.

use std::{collections::HashSet, rc::Rc};

use pinhole_protocol::table::{
    DetectorPlan, LabelGuess, LabelPlan, LabelValue, Method, RowChoice, Scaling, TableSummary,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    fields::{button, menu, text_field},
    plan,
    state::{Lab, Work},
};
use crate::components::{
    field::{NumberField, Slider, field_error},
    format::{fixed, grouped},
};

/// Most columns that the label menu offers; of more, those with few values.
const MOST_LABELS: usize = 500;

/// A label column has no more values than this; numbers that measure something have.
const MOST_LABEL_VALUES: u64 = 50;

/// What the panel does.
pub struct PanelActions {
    pub edit: Callback<DetectorPlan>,
    pub train: Callback<()>,
    pub stop: Callback<()>,
}

/// The panel.
pub fn view(lab: &Lab, actions: &PanelActions) -> Html {
    let editor = Editor { plan: lab.hand.plan.clone(), on_edit: actions.edit.clone() };
    let summary = lab.hand.summary.as_ref();
    let obstacle = summary.and_then(|_| plan::obstacle(&lab.hand.plan));
    let can_train = summary.is_some() && lab.work.is_none() && obstacle.is_none();
    let can_stop = lab.work.is_some_and(Work::can_stop);
    html! {
        <section class="train-panel card" aria-labelledby="train-table-title">
            <h2 id="train-table-title">{ "Find odd rows" }</h2>
            <fieldset disabled={lab.work.is_some_and(|work| work != Work::Reading)}>
                if let Some(summary) = summary {
                    { editor.label(summary) }
                }
                { editor.method() }
                { editor.share() }
                { editor.more() }
            </fieldset>
            { field_error(obstacle.map(AttrValue::from).as_ref()) }
            <div class="row run-buttons">
                { button("Train", "button primary", !can_train, &actions.train) }
                { button("Stop", "button", !can_stop, &actions.stop) }
            </div>
            if let Some(hint) = hint(lab) {
                <p class="hint">{ hint }</p>
            }
        </section>
    }
}

/// What is needed before it can be trained.
fn hint(lab: &Lab) -> Option<&'static str> {
    if lab.hand.summary.is_some() {
        None
    } else if lab.hand.preview.is_none() {
        Some("Open a table first, or try one of the page's.")
    } else if lab.work.is_some() {
        Some("Training can begin when the file is read to its end.")
    } else {
        Some("This file was only scored. Open it with \"Open CSV\" to train on it.")
    }
}

/// Edits the plan.
struct Editor {
    plan: Rc<DetectorPlan>,
    on_edit: Callback<DetectorPlan>,
}

impl Editor {
    fn on<T: 'static>(&self, change: impl Fn(&mut DetectorPlan, T) + 'static) -> Callback<T> {
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
            self.on(move |edited, index: usize| {
                let column = index.checked_sub(1).and_then(|index| names.get(index)).cloned();
                plan::set_label(edited, column, &summary);
            })
        };
        html! {
            <>
                { menu("Label column", titles, selected.map_or(0, |index| index + 1), &on_label) }
                if let Some(label) = chosen {
                    { self.anomalous_values(label, plan::guess_of(&label.column, summary)) }
                    { self.rows() }
                } else {
                    <p class="hint">{ "Without a label it learns from all rows and leaves the worst ones out as it goes." }</p>
                }
            </>
        }
    }

    /// Which values mean odd: ticked where they are known, else written.
    fn anomalous_values(&self, label: &LabelPlan, guess: Option<&LabelGuess>) -> Html {
        let Some(guess) = guess else {
            let tell = self.on(|edited, text: String| {
                if let Some(label) = &mut edited.label {
                    label.anomalous_values = plan::read_list(&text);
                }
            });
            return text_field("Values that mean odd", label.anomalous_values.join(", "), "such as 1, fraud", &tell);
        };
        let odd: HashSet<&str> = label.anomalous_values.iter().map(String::as_str).collect();
        html! {
            <fieldset class="odd-values">
                <legend class="field-name">{ "Values that mean odd" }</legend>
                { for guess.values.iter().map(|LabelValue { value, rows }| {
                    let onchange = self.on({
                        let value = value.clone();
                        move |edited, event: Event| {
                            let is_odd = event.target_unchecked_into::<HtmlInputElement>().checked();
                            plan::set_odd(edited, &value, is_odd);
                        }
                    });
                    let shown = if value.is_empty() { "(empty)" } else { value };
                    html! {
                        <label class="switch">
                            <input type="checkbox" checked={odd.contains(value.as_str())} {onchange} />
                            <span>{ shown }</span>
                            <span class="hint">{ format!("{} rows", grouped(*rows as usize)) }</span>
                        </label>
                    }
                }) }
            </fieldset>
        }
    }

    fn rows(&self) -> Html {
        const CHOICES: [RowChoice; 2] = [RowChoice::Auto, RowChoice::Unsupervised];
        let selected = CHOICES.iter().position(|choice| *choice == self.plan.rows).unwrap_or_default();
        let titles = ["Normal rows only", "All rows, the worst left out"].map(AttrValue::from);
        let tell = self.on(|edited, index: usize| edited.rows = CHOICES[index]);
        menu("Learn from", titles, selected, &tell)
    }

    fn method(&self) -> Html {
        let selected = Method::ALL.iter().position(|method| *method == self.plan.method).unwrap_or_default();
        let tell = self.on(|edited, index: usize| edited.method = Method::ALL[index]);
        menu("Method", Method::ALL.map(|method| AttrValue::from(method.label())), selected, &tell)
    }

    fn share(&self) -> Html {
        let share = self.plan.contamination;
        let on_change = self.on(|edited, percent: f64| edited.contamination = percent / 100.0);
        Slider {
            label: "Expected share of odd rows",
            min: "0.5",
            max: "50",
            step: "0.5",
            value: fixed(share * 100.0, 1),
            text: format!("{} %", fixed(share * 100.0, 1)),
            disabled: false,
            on_change,
        }
        .view()
    }

    fn more(&self) -> Html {
        const SCALINGS: [Scaling; 2] = [Scaling::Standard, Scaling::Quantile];
        let scaling = SCALINGS.iter().position(|scaling| *scaling == self.plan.scaling).unwrap_or_default();
        let titles = ["Standard: mean and spread", "Quantile: by rank"].map(AttrValue::from);
        let on_scaling = self.on(|edited, index: usize| edited.scaling = SCALINGS[index]);
        let on_seed = self.on(|edited, seed: f64| edited.seed = seed as u64);
        html! {
            <details class="more">
                <summary>{ "More" }</summary>
                { menu("Scaling", titles, scaling, &on_scaling) }
                { NumberField::new("Seed", Some(self.plan.seed), on_seed).whole().view() }
            </details>
        }
    }
}

/// Columns that may be the label. Of very many only those with few values, and the chosen one.
fn label_columns(summary: &TableSummary, chosen: Option<&str>) -> Vec<String> {
    let is_short = summary.columns.len() <= MOST_LABELS;
    let is_chosen = |name: &str| chosen == Some(name);
    let mut names: Vec<String> = summary
        .columns
        .iter()
        .filter(|column| is_short || column.distinct <= MOST_LABEL_VALUES || is_chosen(&column.name))
        .map(|column| column.name.clone())
        .collect();
    let mut kept = 0;
    names.retain(|name| {
        kept += 1;
        kept <= MOST_LABELS || is_chosen(name)
    });
    names
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::ColumnSummary;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::example;

    #[wasm_bindgen_test(unsupported = test)]
    fn few_columns_are_all_offered_and_of_many_the_likely_ones() {
        assert_eq!(label_columns(&example::summary(), None), ["id", "flow", "state"]);
        let column = |index: usize| ColumnSummary {
            name: index.to_string(),
            distinct: if index.is_multiple_of(2) { 1000 } else { 2 },
            ..ColumnSummary::default()
        };
        let columns = (0..10_000).map(column).collect();
        let many = TableSummary { columns, ..example::summary() };
        assert_eq!(label_columns(&many, None).len(), MOST_LABELS);
        let with_chosen = label_columns(&many, Some("9998"));
        assert_eq!((with_chosen.len(), with_chosen.last().map(String::as_str)), (MOST_LABELS + 1, Some("9998")));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_panel_says_what_it_waits_for() {
        let mut lab = Lab::default();
        assert!(hint(&lab).is_some_and(|hint| hint.starts_with("Open a table")));
        lab.hand.preview = Some(Rc::new(example::preview("a.csv")));
        assert!(hint(&lab).is_some_and(|hint| hint.contains("only scored")));
        lab.work = Some(Work::Reading);
        assert!(hint(&lab).is_some_and(|hint| hint.contains("read to its end")));
        lab.hand.summary = Some(Rc::new(example::summary()));
        assert_eq!(hint(&lab), None);
    }
}
