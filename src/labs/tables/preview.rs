//! Preview of the open table: its first rows as they are read, its size, and its warnings.

use pinhole_protocol::table::{ColumnPlan, TablePreview, TableSummary, TableWarning};
use yew::prelude::*;

use crate::components::format::{fixed, grouped};

/// Most columns shown; ten thousand would slow the page and help nobody.
const MAX_COLUMNS: usize = 60;

/// Most rows shown.
const MAX_ROWS: usize = 20;

/// Rows, columns and size of the file, in one line.
pub fn description(preview: &TablePreview, summary: Option<&TableSummary>) -> String {
    let rows = summary.map_or_else(String::new, |summary| format!("{} rows · ", grouped(summary.rows as usize)));
    let compressed = if preview.is_gzip { ", compressed" } else { "" };
    format!("{rows}{} · {}{compressed}", column_count(preview.columns.len()), file_size(preview.size_bytes))
}

/// A number of columns with its unit.
pub fn column_count(count: usize) -> String {
    if count == 1 { "1 column".into() } else { format!("{} columns", grouped(count)) }
}

/// A file size in a unit that suits it.
fn file_size(bytes: u64) -> String {
    let bytes = bytes as f64;
    match bytes {
        _ if bytes < 1e3 => format!("{} bytes", fixed(bytes, 0)),
        _ if bytes < 1e6 => format!("{} kB", fixed(bytes / 1e3, 0)),
        _ if bytes < 1e9 => format!("{} MB", fixed(bytes / 1e6, 1)),
        _ => format!("{} GB", fixed(bytes / 1e9, 2)),
    }
}

/// Table of the first rows, with name and kind of each column. `plans` holds the chosen kinds, once the whole file was
/// read.
pub fn table(preview: &TablePreview, plans: &[ColumnPlan]) -> Html {
    let shown = preview.columns.len().min(MAX_COLUMNS);
    let kind = |index: usize| {
        let planned = plans.get(index).filter(|plan| plan.name == preview.columns[index].name);
        planned.map_or(preview.columns[index].kind, |plan| plan.kind)
    };
    let hidden = preview.columns.len() - shown;
    html! {
        <>
            <div class="table-scroll" role="region" aria-label="First rows" tabindex="0">
                <table class="cells">
                    <thead>
                        <tr>
                            { for preview.columns[..shown].iter().enumerate().map(|(index, column)| html! {
                                <th scope="col"><span>{ &column.name }</span><small>{ kind(index).label() }</small></th>
                            }) }
                        </tr>
                    </thead>
                    <tbody>
                        { for preview.rows.iter().take(MAX_ROWS).map(|row| html! {
                            <tr>{ for row.iter().take(shown).map(|cell| html! { <td title={truncated(cell)}>{ truncated(cell) }</td> }) }</tr>
                        }) }
                    </tbody>
                </table>
            </div>
            if hidden > 0 {
                <p class="hint">{ format!("{} more columns are read but not shown here.", grouped(hidden)) }</p>
            }
            if preview.rows.is_empty() {
                <p class="hint">{ "There are no rows below the header." }</p>
            }
        </>
    }
}

/// The beginning of a long cell.
fn truncated(cell: &str) -> String {
    const MAX_CHARACTERS: usize = 120;
    match cell.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}

/// List of warnings of reading the table.
pub fn warnings(preview: &TablePreview, summary: Option<&TableSummary>) -> Html {
    let (list, more) =
        summary.map_or((&preview.warnings, 0), |summary| (&summary.warnings, summary.more_warnings as usize));
    let count = list.len() + more;
    if count == 0 {
        return Html::default();
    }
    let title = if count == 1 { "1 warning".to_owned() } else { format!("{} warnings", grouped(count)) };
    html! {
        <details class="more table-warnings">
            <summary>{ title }</summary>
            <ul>
                { for list.iter().map(warning) }
                if more > 0 {
                    <li>{ format!("And {} more.", grouped(more)) }</li>
                }
            </ul>
        </details>
    }
}

fn warning(warning: &TableWarning) -> Html {
    let row = warning.row.map(|row| format!("Row {}: ", grouped(row as usize)));
    html! { <li><strong>{ row }</strong>{ &warning.message }</li> }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_file_is_described_in_one_line() {
        let mut preview = fixtures::preview("a.csv.gz");
        assert_eq!(description(&preview, None), "3 columns · 12 bytes");
        preview.is_gzip = true;
        preview.size_bytes = 1_234_567_890;
        assert_eq!(description(&preview, Some(&fixtures::summary())), "40 rows · 3 columns · 1.23 GB, compressed");
        assert_eq!([1_500, 2_500_000].map(file_size), ["2 kB", "2.5 MB"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn long_cells_are_truncated_between_characters() {
        assert_eq!(truncated("short"), "short");
        assert_eq!(truncated(&"é".repeat(500)), format!("{}…", "é".repeat(120)));
    }
}
