//! The first rows of the file, as they are read.

use pinhole_protocol::table::{ColumnPlan, TablePreview, TableSummary, TableWarning};
use yew::prelude::*;

use crate::components::format::{fixed, grouped};

/// Most columns shown: a page with ten thousand of them is of no use to anyone.
const MOST_COLUMNS: usize = 60;

/// Most rows shown.
const MOST_ROWS: usize = 20;

/// What the file is, in one line.
pub fn about(preview: &TablePreview, summary: Option<&TableSummary>) -> String {
    let rows = summary.map_or_else(String::new, |summary| format!("{} rows · ", grouped(summary.rows as usize)));
    let packed = if preview.is_gzip { ", compressed" } else { "" };
    format!("{rows}{} · {}{packed}", columns(preview.columns.len()), size(preview.size_bytes))
}

/// So many columns.
pub fn columns(count: usize) -> String {
    if count == 1 { "1 column".into() } else { format!("{} columns", grouped(count)) }
}

/// Bytes as people say them.
fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    match bytes {
        _ if bytes < 1e3 => format!("{} bytes", fixed(bytes, 0)),
        _ if bytes < 1e6 => format!("{} kB", fixed(bytes / 1e3, 0)),
        _ if bytes < 1e9 => format!("{} MB", fixed(bytes / 1e6, 1)),
        _ => format!("{} GB", fixed(bytes / 1e9, 2)),
    }
}

/// The first rows, with name and kind of each column. `plans` are the kinds in force, once the file was read to its end.
pub fn table(preview: &TablePreview, plans: &[ColumnPlan]) -> Html {
    let shown = preview.columns.len().min(MOST_COLUMNS);
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
                        { for preview.rows.iter().take(MOST_ROWS).map(|row| html! {
                            <tr>{ for row.iter().take(shown).map(|cell| html! { <td title={cut(cell)}>{ cut(cell) }</td> }) }</tr>
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

/// A cell may be a whole book: its beginning tells enough.
fn cut(cell: &str) -> String {
    const MOST_LETTERS: usize = 120;
    match cell.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}

/// What was read as well as could be.
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
                    <li>{ format!("And {} more of the kind.", grouped(more)) }</li>
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
    use crate::labs::tables::example;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_file_is_told_in_one_line() {
        let mut preview = example::preview("a.csv.gz");
        assert_eq!(about(&preview, None), "3 columns · 12 bytes");
        preview.is_gzip = true;
        preview.size_bytes = 1_234_567_890;
        assert_eq!(about(&preview, Some(&example::summary())), "40 rows · 3 columns · 1.23 GB, compressed");
        assert_eq!([1_500, 2_500_000].map(size), ["2 kB", "2.5 MB"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn long_cells_are_cut_between_letters() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut(&"é".repeat(500)), format!("{}…", "é".repeat(120)));
    }
}
