//! Every column: what it is, whether it is used, and why not. Ten thousand of them, a screenful at a time.

use std::rc::Rc;

use pinhole_protocol::table::{ColumnKind, ColumnSummary, DetectorPlan, TableSummary};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{fields::button, plan};
use crate::components::format::{brief, fixed, grouped};

/// Columns shown at first, and more at each press of the button.
const SHOWN_AT_ONCE: usize = 200;

/// From so many columns on there is a field to filter them.
const FILTER_FROM: usize = 12;

#[derive(Properties, PartialEq)]
pub struct ColumnsPanelProps {
    pub summary: Rc<TableSummary>,
    pub plan: Rc<DetectorPlan>,
    pub is_locked: bool,
    pub on_edit: Callback<DetectorPlan>,
}

/// The panel; it keeps only what it shows of the columns.
#[component]
pub fn ColumnsPanel(props: &ColumnsPanelProps) -> Html {
    let filter = use_state(String::new);
    let shown = use_state(|| SHOWN_AT_ONCE);
    let columns = &props.summary.columns;
    let found = matching(columns, &filter);
    let oninput = {
        let (filter, shown) = (filter.clone(), shown.clone());
        Callback::from(move |event: InputEvent| {
            filter.set(event.target_unchecked_into::<HtmlInputElement>().value());
            shown.set(SHOWN_AT_ONCE);
        })
    };
    let on_more = {
        let shown = shown.clone();
        Callback::from(move |()| shown.set(*shown + SHOWN_AT_ONCE))
    };
    let used = plan::used_columns(&props.plan);
    html! {
        <details class="more columns-panel">
            <summary>
                { "Columns" }
                <span class="hint">{ format!("{} of {} used", grouped(used), grouped(columns.len())) }</span>
            </summary>
            if columns.len() >= FILTER_FROM {
                <label class="field">
                    <span class="field-name">{ "Filter columns" }</span>
                    <input type="text" aria-label="Filter columns" value={(*filter).clone()} {oninput} autocomplete="off" />
                </label>
            }
            <div class="table-scroll" role="region" aria-label="Columns" tabindex="0">
                <table class="cells columns-table" aria-label="Columns">
                    <thead>
                        <tr>
                            { for ["Name", "Use", "Kind", "Missing", "Distinct", "Range"].map(|name| html! { <th scope="col">{ name }</th> }) }
                        </tr>
                    </thead>
                    <tbody>{ for found.iter().take(*shown).map(|index| row(props, *index)) }</tbody>
                </table>
            </div>
            if found.len() > *shown {
                <div class="row spread">
                    <span class="hint">{ format!("{} of {} shown", grouped(*shown), grouped(found.len())) }</span>
                    { button("Show more columns", "button", false, &on_more) }
                </div>
            }
            if found.is_empty() {
                <p class="hint">{ "No column has that in its name." }</p>
            }
        </details>
    }
}

/// Places of the columns with `filter` in their name, upper or lower case.
fn matching(columns: &[ColumnSummary], filter: &str) -> Vec<usize> {
    let wanted = filter.trim().to_lowercase();
    let is_wanted = |column: &ColumnSummary| wanted.is_empty() || column.name.to_lowercase().contains(&wanted);
    columns.iter().enumerate().filter(|(_, column)| is_wanted(column)).map(|(index, _)| index).collect()
}

/// A callback that changes the plan by what a field says.
fn editing(props: &ColumnsPanelProps, change: impl Fn(&mut DetectorPlan, &Event) + 'static) -> Callback<Event> {
    let (plan, on_edit) = (props.plan.clone(), props.on_edit.clone());
    Callback::from(move |event: Event| {
        let mut edited = (*plan).clone();
        change(&mut edited, &event);
        on_edit.emit(edited);
    })
}

fn row(props: &ColumnsPanelProps, index: usize) -> Html {
    let column = &props.summary.columns[index];
    let Some(planned) = props.plan.columns.get(index) else { return Html::default() };
    let is_label = props.plan.label.as_ref().is_some_and(|label| label.column == column.name);
    let on_kind = editing(props, move |edited, event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        if let Some(kind) = usize::try_from(chosen).ok().and_then(|chosen| ColumnKind::ALL.get(chosen)) {
            plan::set_kind(edited, index, *kind);
        }
    });
    let on_use = editing(props, move |edited, event| {
        if let Some(column) = edited.columns.get_mut(index) {
            column.used = event.target_unchecked_into::<HtmlInputElement>().checked();
        }
    });
    let said = if is_label {
        Some("the label: never a feature".to_owned())
    } else {
        why_unused(column, planned.kind, planned.used)
    };
    let can_use = planned.kind.is_usable() && !is_label && !props.is_locked;
    html! {
        <tr key={index}>
            <th scope="row"><span>{ &column.name }</span>{ for said.map(|said| html! { <small>{ said }</small> }) }</th>
            <td>
                <input type="checkbox" aria-label={format!("Use {}", column.name)} checked={planned.used && !is_label}
                    disabled={!can_use} onchange={on_use} />
            </td>
            <td>
                <select aria-label={format!("Kind of {}", column.name)} onchange={on_kind} disabled={props.is_locked}>
                    { for ColumnKind::ALL.map(|kind| html! { <option selected={kind == planned.kind}>{ kind.label() }</option> }) }
                </select>
            </td>
            <td>{ missing(column.missing, props.summary.rows) }</td>
            <td>{ distinct(column.distinct) }</td>
            <td>{ range(column) }</td>
        </tr>
    }
}

/// Why a column is not used.
fn why_unused(column: &ColumnSummary, kind: ColumnKind, is_used: bool) -> Option<String> {
    if is_used {
        None
    } else if let Some(aside) = &column.exclusion_reason {
        Some(format!("set aside: {aside}"))
    } else if kind.is_usable() {
        Some("not used".to_owned())
    } else {
        Some(format!("not used: a detector cannot learn from {} columns", kind.label()))
    }
}

fn missing(cells: u64, rows: u64) -> String {
    match (cells, rows) {
        (0, _) | (_, 0) => "–".into(),
        // A single cell among millions is not none.
        _ if (cells as f64) < 0.001 * rows as f64 => "< 0.1 %".into(),
        _ => format!("{} %", fixed(100.0 * cells as f64 / rows as f64, 1)),
    }
}

fn distinct(values: u64) -> String {
    const COUNTED_TO: u64 = 10_000;
    let sign = if values >= COUNTED_TO { "≥ " } else { "" };
    format!("{sign}{}", grouped(values as usize))
}

fn range(column: &ColumnSummary) -> String {
    const MOST_LETTERS: usize = 40;
    if let (Some(min), Some(max)) = (column.min, column.max) {
        return format!("{} to {}", brief(min), brief(max));
    }
    let examples = column.examples.join(", ");
    match examples.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", &examples[..end]),
        None => examples,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::example;

    #[wasm_bindgen_test(unsupported = test)]
    fn columns_are_found_by_a_part_of_their_name() {
        let columns = example::summary().columns;
        assert_eq!(matching(&columns, ""), [0, 1, 2]);
        assert_eq!(matching(&columns, " FLO"), [1]);
        assert!(matching(&columns, "nowhere").is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn it_is_said_why_a_column_is_left_out() {
        let mut columns = example::summary().columns;
        let says = |column: &ColumnSummary, kind, is_used| why_unused(column, kind, is_used).unwrap_or_default();
        assert!(says(&columns[0], ColumnKind::Identifier, false).contains("every value is another"));
        assert_eq!(says(&columns[1], ColumnKind::Numeric, true), "");
        assert_eq!(says(&columns[1], ColumnKind::Numeric, false), "not used");
        assert!(says(&columns[1], ColumnKind::Text, false).contains("text columns"));
        columns[1].min = Some(-0.25);
        columns[1].max = Some(1e12);
        assert_eq!(range(&columns[1]), "-0.25 to 1e12");
        columns[2].examples = vec!["ok".into(), "fault".into()];
        assert_eq!(range(&columns[2]), "ok, fault");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn shares_of_missing_cells_do_not_vanish() {
        assert_eq!(
            [(0, 10), (5, 0), (1, 1_000_000), (1, 8)].map(|(cells, rows)| missing(cells, rows)),
            ["–", "–", "< 0.1 %", "12.5 %"]
        );
        assert_eq!([12, 10_000].map(distinct), ["12", "≥ 10,000"]);
    }
}
