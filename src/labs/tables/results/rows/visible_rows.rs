//! Markup of the table of scored rows.

use std::ops::Range;

use pinhole_protocol::table::{RowOrder, ScoredRow, SortKey};
use yew::prelude::*;

use super::row_cache::RowCache;
use crate::components::format::{brief, fixed, grouped};

/// Most columns of the file that are shown: each costs time in every frame while scrolling.
const MAX_COLUMNS: usize = 60;

/// Most characters of a cell on the page.
const MAX_CELL_CHARACTERS: usize = 80;

/// The visible rows, and what else the table shows.
pub struct VisibleRows<'a> {
    pub cache: &'a RowCache,
    pub columns: &'a [String],
    pub threshold: f64,
    pub has_labels: bool,
    /// Index of the selected row in the view.
    pub selected: Option<u64>,
    pub on_order: &'a Callback<RowOrder>,
    /// Receives the index of a row that was clicked.
    pub on_select: &'a Callback<u64>,
}

impl VisibleRows<'_> {
    /// Table of the rows of `window`; `aria-rowcount` counts all rows.
    pub fn table(&self, table: &NodeRef, window: Range<u64>) -> Html {
        let count = (self.cache.total() + 1).to_string();
        let is_waiting = self.cache.is_waiting();
        html! {
            <table class="cells scored-rows" ref={table.clone()} aria-label="Scored rows" aria-rowcount={count}
                aria-busy={is_waiting.then_some("true")}>
                { self.head() }
                <tbody>{ for window.map(|index| self.row(index)) }</tbody>
            </table>
        }
    }

    /// Hint on columns that are not shown; empty if all are.
    pub fn hidden_columns(&self) -> Html {
        let hidden = self.columns.len().saturating_sub(MAX_COLUMNS);
        if hidden == 0 {
            return Html::default();
        }
        html! { <p class="hint">{ format!("{} more columns are not shown here.", grouped(hidden)) }</p> }
    }

    fn shown_columns(&self) -> &[String] {
        &self.columns[..self.columns.len().min(MAX_COLUMNS)]
    }

    fn head(&self) -> Html {
        let plain = |title: &'static str, class: &'static str| html! { <th scope="col" {class}>{ title }</th> };
        html! {
            <thead>
                <tr aria-rowindex="1">
                    { self.sortable("Row", SortKey::Row, "number") }
                    { self.sortable("Score", SortKey::Score, "number") }
                    { plain("Percentile", "number") }
                    { plain("Flag", "flag") }
                    if self.has_labels {
                        { plain("Label", "label") }
                    }
                    { plain("Top columns", "top") }
                    { for self.shown_columns().iter().enumerate().map(|(index, name)| {
                        self.sortable(name, SortKey::Column(index), "cell")
                    }) }
                </tr>
            </thead>
        }
    }

    fn sortable(&self, title: &str, key: SortKey, class: &'static str) -> Html {
        let order = self.cache.view().order;
        let (sort, mark) = match (order.key == key, order.descending) {
            (false, _) => (None, ""),
            (true, true) => (Some("descending"), " ↓"),
            (true, false) => (Some("ascending"), " ↑"),
        };
        let next = next_order(order, key);
        let onclick = self.on_order.reform(move |_: MouseEvent| next);
        html! {
            <th scope="col" {class} aria-sort={sort}>
                <button type="button" {onclick} title={title.to_owned()}>{ title }<span aria-hidden="true">{ mark }</span></button>
            </th>
        }
    }

    fn row(&self, index: u64) -> Html {
        let is_selected = self.selected == Some(index);
        let row_index = (index + 2).to_string();
        let Some(row) = self.cache.row(index) else {
            return html! {
                <tr key={index} class="pending" aria-rowindex={row_index} aria-current={is_selected.then_some("true")}>
                    <th scope="row" class="number">{ "…" }</th>
                </tr>
            };
        };
        let is_flagged = row.score > self.threshold;
        let onclick = self.on_select.reform(move |_: MouseEvent| index);
        html! {
            <tr key={index} class={classes!(is_flagged.then_some("flagged"))} {onclick}
                aria-rowindex={row_index} aria-current={is_selected.then_some("true")}>
                <th scope="row" class="number">{ row.row }</th>
                <td class="number">{ brief(row.score) }</td>
                <td class="number">{ fixed(row.percentile, 2) }</td>
                <td class="flag">{ if is_flagged { "▲ flagged" } else { "" } }</td>
                if self.has_labels {
                    <td class="label">{ label(row) }</td>
                }
                <td class="top">{ top_columns(row) }</td>
                { for row.cells.iter().take(MAX_COLUMNS).map(|cell| html! { <td class="cell">{ truncated(cell) }</td> }) }
            </tr>
        }
    }
}

/// Order after a click on a header: scores descending, all else ascending; the current key is reversed.
fn next_order(order: RowOrder, key: SortKey) -> RowOrder {
    let descending = if order.key == key { !order.descending } else { key == SortKey::Score };
    RowOrder { key, descending }
}

const fn label(row: &ScoredRow) -> &'static str {
    match row.is_anomalous {
        Some(true) => "anomaly",
        Some(false) => "normal",
        None => "",
    }
}

/// The columns that contribute most, with their shares of the score.
fn top_columns(row: &ScoredRow) -> String {
    let named = row.top_columns.iter().map(|top| format!("{} {} %", top.column, fixed(100.0 * top.share, 0)));
    named.collect::<Vec<_>>().join(", ")
}

/// Description of a row for screen readers.
pub fn row_description(row: &ScoredRow, threshold: f64) -> String {
    let flag = if row.score > threshold { ", flagged" } else { "" };
    let top_columns = top_columns(row);
    let columns = if top_columns.is_empty() { String::new() } else { format!(": {top_columns}") };
    format!("Row {}, score {}{flag}{columns}", row.row, brief(row.score))
}

fn truncated(cell: &str) -> String {
    let end = cell.char_indices().nth(MAX_CELL_CHARACTERS).map(|(end, _)| end);
    end.map_or_else(|| cell.to_owned(), |end| format!("{}…", &cell[..end]))
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::TopColumn;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_header_sorts_and_then_reverses() {
        let order = RowOrder::default();
        let by_column = next_order(order, SortKey::Column(3));
        assert_eq!(by_column, RowOrder { key: SortKey::Column(3), descending: false });
        assert!(next_order(by_column, SortKey::Column(3)).descending);
        assert!(next_order(by_column, SortKey::Score).descending);
        assert!(!next_order(order, SortKey::Score).descending);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_row_is_described_for_screen_readers() {
        let row = ScoredRow {
            row: 17,
            score: 2.5,
            percentile: 100.0,
            is_flagged: true,
            is_anomalous: Some(true),
            top_columns: vec![TopColumn { column: "flow".into(), share: 0.618 }],
            cells: Vec::new(),
        };
        assert_eq!(row_description(&row, 2.0), "Row 17, score 2.5, flagged: flow 62 %");
        assert_eq!(row_description(&ScoredRow { top_columns: Vec::new(), ..row }, 3.0), "Row 17, score 2.5");
        assert_eq!(truncated(&"ä".repeat(81)).chars().count(), 81);
    }
}
