//! How the rows in sight look.

use std::ops::Range;

use pinhole_protocol::table::{RowOrder, ScoredRow, SortKey};
use yew::prelude::*;

use super::feed::Feed;
use crate::components::format::{brief, fixed, grouped};

/// Most columns of the file that are shown: each costs time in every frame of scrolling.
const MOST_COLUMNS: usize = 60;

/// Most letters of a cell on the page; a cell may be a whole book.
const MOST_LETTERS: usize = 80;

/// All that the table shows.
pub struct Sight<'a> {
    pub feed: &'a Feed,
    pub columns: &'a [String],
    pub threshold: f64,
    pub has_labels: bool,
    /// The place of the selected row.
    pub selected: Option<u64>,
    pub on_order: &'a Callback<RowOrder>,
    /// Told the place of a row that was pressed.
    pub on_pick: &'a Callback<u64>,
}

impl Sight<'_> {
    /// The rows of `window` in a table that says how many there are in all.
    pub fn table(&self, table: &NodeRef, window: Range<u64>) -> Html {
        let count = (self.feed.total() + 1).to_string();
        let is_waiting = self.feed.is_waiting();
        html! {
            <table class="cells scored-rows" ref={table.clone()} aria-label="Scored rows" aria-rowcount={count}
                aria-busy={is_waiting.then_some("true")}>
                { self.head() }
                <tbody>{ for window.map(|place| self.row(place)) }</tbody>
            </table>
        }
    }

    /// Says that some columns are not shown.
    pub fn hidden_columns(&self) -> Html {
        let hidden = self.columns.len().saturating_sub(MOST_COLUMNS);
        if hidden == 0 {
            return Html::default();
        }
        html! { <p class="hint">{ format!("{} more columns are not shown here.", grouped(hidden)) }</p> }
    }

    fn shown_columns(&self) -> &[String] {
        &self.columns[..self.columns.len().min(MOST_COLUMNS)]
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
        let order = self.feed.view().order;
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

    fn row(&self, place: u64) -> Html {
        let is_selected = self.selected == Some(place);
        let row_index = (place + 2).to_string();
        let Some(row) = self.feed.row(place) else {
            return html! {
                <tr key={place} class="awaited" aria-rowindex={row_index} aria-current={is_selected.then_some("true")}>
                    <th scope="row" class="number">{ "…" }</th>
                </tr>
            };
        };
        let is_flagged = row.score > self.threshold;
        let onclick = self.on_pick.reform(move |_: MouseEvent| place);
        html! {
            <tr key={place} class={classes!(is_flagged.then_some("flagged"))} {onclick}
                aria-rowindex={row_index} aria-current={is_selected.then_some("true")}>
                <th scope="row" class="number">{ row.row }</th>
                <td class="number">{ brief(row.score) }</td>
                <td class="number">{ percentile(row.percentile) }</td>
                <td class="flag">{ if is_flagged { "▲ flagged" } else { "" } }</td>
                if self.has_labels {
                    <td class="label">{ label(row) }</td>
                }
                <td class="top">{ blame(row) }</td>
                { for row.cells.iter().take(MOST_COLUMNS).map(|cell| html! { <td class="cell">{ cut(cell) }</td> }) }
            </tr>
        }
    }
}

/// The order that pressing a header gives: the greatest scores first, all else from the least; pressed again, reversed.
fn next_order(order: RowOrder, key: SortKey) -> RowOrder {
    let descending = if order.key == key { !order.descending } else { key == SortKey::Score };
    RowOrder { key, descending }
}

fn percentile(share: f64) -> String {
    fixed(100.0 * share, 2)
}

const fn label(row: &ScoredRow) -> &'static str {
    match row.is_anomalous {
        Some(true) => "odd",
        Some(false) => "normal",
        None => "",
    }
}

/// The columns most to blame, with their shares.
fn blame(row: &ScoredRow) -> String {
    let named = row.top_columns.iter().map(|blame| format!("{} {} %", blame.column, fixed(100.0 * blame.share, 0)));
    named.collect::<Vec<_>>().join(", ")
}

/// A row in words.
pub fn described(row: &ScoredRow, threshold: f64) -> String {
    let flag = if row.score > threshold { ", flagged" } else { "" };
    let blame = blame(row);
    let columns = if blame.is_empty() { String::new() } else { format!(": {blame}") };
    format!("Row {}, score {}{flag}{columns}", row.row, brief(row.score))
}

fn cut(cell: &str) -> String {
    let end = cell.char_indices().nth(MOST_LETTERS).map(|(end, _)| end);
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
    fn a_row_is_told_in_words() {
        let row = ScoredRow {
            row: 17,
            score: 2.5,
            percentile: 1.0,
            is_flagged: true,
            is_anomalous: Some(true),
            top_columns: vec![TopColumn { column: "flow".into(), share: 0.618 }],
            cells: Vec::new(),
        };
        assert_eq!(described(&row, 2.0), "Row 17, score 2.5, flagged: flow 62 %");
        assert_eq!(described(&ScoredRow { top_columns: Vec::new(), ..row }, 3.0), "Row 17, score 2.5");
        assert_eq!(cut(&"ä".repeat(81)).chars().count(), 81);
    }
}
