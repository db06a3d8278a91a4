//! Panel of all columns: kind, use, and the reason why a column is not used. A table may have ten thousand, so they are
//! shown in portions.

use std::rc::Rc;

use pinhole_protocol::table::{ColumnKind, ColumnSummary, DetectorPlan, TableSummary};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{fields::button, plan};
use crate::components::format::{brief, fixed, grouped};

/// Columns shown at first, and added at each press of the button.
const SHOWN_AT_ONCE: usize = 200;

/// Bars of a sparkline at most.
const MAX_BARS: usize = 16;

/// Fewest columns for which there is a field to filter them.
const MIN_COLUMNS_TO_FILTER: usize = 12;

#[derive(Properties, PartialEq)]
pub struct ColumnsPanelProps {
    pub summary: Rc<TableSummary>,
    pub plan: Rc<DetectorPlan>,
    pub is_locked: bool,
    pub on_edit: Callback<DetectorPlan>,
}

/// The panel; its own state is the filter and the number of columns shown.
#[component]
pub fn ColumnsPanel(props: &ColumnsPanelProps) -> Html {
    let filter = use_state(String::new);
    let shown = use_state(|| SHOWN_AT_ONCE);
    let columns = &props.summary.columns;
    let matches = matching_columns(columns, &filter);
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
    let used = plan::used_column_count(&props.plan);
    html! {
        <details class="more columns-panel">
            <summary>
                { "Columns" }
                <span class="hint">{ format!("{} of {} used", grouped(used), grouped(columns.len())) }</span>
            </summary>
            if columns.len() >= MIN_COLUMNS_TO_FILTER {
                <label class="field">
                    <span class="field-name">{ "Filter columns" }</span>
                    <input type="text" aria-label="Filter columns" value={(*filter).clone()} {oninput} autocomplete="off" />
                </label>
            }
            <div class="table-scroll" role="region" aria-label="Columns" tabindex="0">
                <table class="cells columns-table" aria-label="Columns">
                    <thead>
                        <tr>
                            { for ["Name", "Use", "Kind", "Distribution", "Unit", "Missing", "Distinct", "Range", "Example"].map(|name| html! { <th scope="col">{ name }</th> }) }
                        </tr>
                    </thead>
                    <tbody>{ for matches.iter().take(*shown).map(|index| row(props, *index)) }</tbody>
                </table>
            </div>
            if matches.len() > *shown {
                <div class="row spread">
                    <span class="hint">{ format!("{} of {} shown", grouped(*shown), grouped(matches.len())) }</span>
                    { button("Show more columns", "button", false, &on_more) }
                </div>
            }
            if matches.is_empty() {
                <p class="hint">{ "No column has that in its name." }</p>
            }
        </details>
    }
}

/// Indices of the columns with `filter` in their name, upper or lower case.
fn matching_columns(columns: &[ColumnSummary], filter: &str) -> Vec<usize> {
    let filter = filter.trim().to_lowercase();
    let matches = |column: &ColumnSummary| filter.is_empty() || column.name.to_lowercase().contains(&filter);
    columns.iter().enumerate().filter(|(_, column)| matches(column)).map(|(index, _)| index).collect()
}

/// Callback that changes the plan by the value of a field.
fn edit_callback(props: &ColumnsPanelProps, change: impl Fn(&mut DetectorPlan, &Event) + 'static) -> Callback<Event> {
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
    let on_kind = edit_callback(props, move |edited, event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        if let Some(kind) = usize::try_from(chosen).ok().and_then(|chosen| ColumnKind::ALL.get(chosen)) {
            plan::set_kind(edited, index, *kind);
        }
    });
    let on_use = edit_callback(props, move |edited, event| {
        if let Some(column) = edited.columns.get_mut(index) {
            column.used = event.target_unchecked_into::<HtmlInputElement>().checked();
        }
    });
    let remark = if is_label {
        Some("the label: never a feature".to_owned())
    } else {
        reason_unused(column, planned.kind, planned.used)
    };
    let can_use = planned.kind.is_usable() && !is_label && !props.is_locked;
    html! {
        <tr key={index}>
            <th scope="row"><span>{ &column.name }</span>{ for remark.map(|remark| html! { <small>{ remark }</small> }) }</th>
            <td>
                <input type="checkbox" aria-label={format!("Use {}", column.name)} checked={planned.used && !is_label}
                    disabled={!can_use} onchange={on_use} />
            </td>
            <td>
                <select aria-label={format!("Kind of {}", column.name)} onchange={on_kind} disabled={props.is_locked}>
                    { for ColumnKind::ALL.map(|kind| html! { <option selected={kind == planned.kind}>{ kind.label() }</option> }) }
                </select>
            </td>
            <td>{ sparkline(column) }</td>
            <td>{ column.unit.as_deref().unwrap_or("–") }</td>
            <td>{ missing_text(column.missing, props.summary.rows) }</td>
            <td>{ distinct_text(column.distinct, column.is_distinct_estimated) }</td>
            <td>{ range_text(column) }</td>
            <td class="example">{ column.examples.first().map_or("–", String::as_str) }</td>
        </tr>
    }
}

/// Reason why a column is not used; `None` for a used one.
fn reason_unused(column: &ColumnSummary, kind: ColumnKind, is_used: bool) -> Option<String> {
    if is_used {
        None
    } else if let Some(reason) = &column.exclusion_reason {
        Some(format!("excluded: {reason}"))
    } else if kind.is_usable() {
        Some("not used".to_owned())
    } else {
        Some(format!("not used: a detector cannot learn from {} columns", kind.label()))
    }
}

/// Bars of the distribution of a column: of its numbers, or of its most frequent values.
fn sparkline(column: &ColumnSummary) -> Html {
    let counts: Vec<u64> = if column.histogram.is_empty() {
        column.values.iter().take(MAX_BARS).map(|value| value.rows).collect()
    } else {
        column.histogram.iter().map(|&count| count.into()).collect()
    };
    let Some(most) = counts.iter().copied().max().filter(|_| counts.len() > 1) else { return Html::from("–") };
    let bar = |(index, &count): (usize, &u64)| {
        // A rare value is still seen.
        let height = if count == 0 { 0.0 } else { (count as f64 / most as f64).max(0.05) };
        html! { <rect x={index.to_string()} y={fixed(1.0 - height, 3)} width="0.85" height={fixed(height, 3)} /> }
    };
    html! {
        <svg class="sparkline" viewBox={format!("0 0 {} 1", counts.len())} preserveAspectRatio="none" role="img"
            aria-label={format!("Distribution of {}", column.name)}>
            { for counts.iter().enumerate().map(bar) }
        </svg>
    }
}

fn missing_text(cells: u64, rows: u64) -> String {
    match (cells, rows) {
        (0, _) | (_, 0) => "–".into(),
        // A single cell among millions must not read as 0.
        _ if (cells as f64) < 0.001 * rows as f64 => "< 0.1 %".into(),
        _ => format!("{} %", fixed(100.0 * cells as f64 / rows as f64, 1)),
    }
}

fn distinct_text(values: u64, is_estimated: bool) -> String {
    let sign = if is_estimated { "≈ " } else { "" };
    format!("{sign}{}", grouped(values as usize))
}

fn range_text(column: &ColumnSummary) -> String {
    const MAX_CHARACTERS: usize = 40;
    if let (Some(min), Some(max)) = (column.min, column.max) {
        return format!("{} to {}", brief(min), brief(max));
    }
    let examples = column.examples.join(", ");
    match examples.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", &examples[..end]),
        None => examples,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    #[wasm_bindgen_test(unsupported = test)]
    fn columns_are_filtered_by_a_part_of_their_name() {
        let columns = fixtures::summary().columns;
        assert_eq!(matching_columns(&columns, ""), [0, 1, 2]);
        assert_eq!(matching_columns(&columns, " FLO"), [1]);
        assert!(matching_columns(&columns, "nowhere").is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_unused_column_shows_its_reason() {
        let mut columns = fixtures::summary().columns;
        let reason = |column: &ColumnSummary, kind, is_used| reason_unused(column, kind, is_used).unwrap_or_default();
        assert!(reason(&columns[0], ColumnKind::Identifier, false).contains("every value is another"));
        assert_eq!(reason(&columns[1], ColumnKind::Numeric, true), "");
        assert_eq!(reason(&columns[1], ColumnKind::Numeric, false), "not used");
        assert!(reason(&columns[1], ColumnKind::Text, false).contains("text columns"));
        columns[1].min = Some(-0.25);
        columns[1].max = Some(1e12);
        assert_eq!(range_text(&columns[1]), "-0.25 to 1e12");
        columns[2].examples = vec!["ok".into(), "fault".into()];
        assert_eq!(range_text(&columns[2]), "ok, fault");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn small_shares_of_missing_cells_are_not_rounded_to_zero() {
        assert_eq!(
            [(0, 10), (5, 0), (1, 1_000_000), (1, 8)].map(|(cells, rows)| missing_text(cells, rows)),
            ["–", "–", "< 0.1 %", "12.5 %"]
        );
        assert_eq!(
            [(12, false), (10_123, true)].map(|(values, is_estimated)| distinct_text(values, is_estimated)),
            ["12", "≈ 10,123"]
        );
    }
}
