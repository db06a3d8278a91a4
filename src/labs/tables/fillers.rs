//! Numbers that seem to stand for missing values, each with a button that makes it missing.

use std::rc::Rc;

use pinhole_protocol::table::{ColumnFormat, DecimalMark, Dialect, Filler, TableSummary};
use yew::prelude::*;

use super::fields::button;

/// Names of columns that a button lists.
const NAMED_COLUMNS: usize = 3;

/// The buttons; nothing where there is no such number.
pub fn view(summary: &Rc<TableSummary>, is_locked: bool, on_change: &Callback<Dialect>) -> Html {
    let press = |index: usize| {
        let (summary, on_change) = (summary.clone(), on_change.clone());
        Callback::from(move |()| on_change.emit(without_filler(&summary.dialect, &summary.fillers[index])))
    };
    html! {
        { for summary.fillers.iter().enumerate().map(|(index, filler)| html! {
            <div class="row spread filler" key={index}>
                <p>{ sentence(filler, summary) }</p>
                { button(format!("Read {} as missing", filler.value), "button", is_locked, &press(index)) }
            </div>
        }) }
    }
}

fn sentence(filler: &Filler, summary: &TableSummary) -> String {
    let name = |index: &usize| summary.columns.get(*index).map(|column| column.name.clone());
    let mut names: Vec<String> = filler.columns.iter().take(NAMED_COLUMNS).filter_map(name).collect();
    if filler.columns.len() > NAMED_COLUMNS {
        names.push(format!("{} more columns", filler.columns.len() - NAMED_COLUMNS));
    }
    let cells = if filler.cells == 1 { "1 cell".to_owned() } else { format!("{} cells", filler.cells) };
    format!("{} lies far from all other values in {} ({cells}).", filler.value, names.join(", "))
}

/// The dialect with a number as a missing marker of its columns.
fn without_filler(dialect: &Dialect, filler: &Filler) -> Dialect {
    let mut dialect = dialect.clone();
    for &column in &filler.columns {
        let index = dialect.columns.partition_point(|format| format.column < column);
        if dialect.columns.get(index).is_none_or(|format| format.column != column) {
            dialect.columns.insert(index, ColumnFormat { column, ..ColumnFormat::default() });
        }
        // In the file's own notation, as a marker that a person types.
        let marker = filler.value.to_string();
        let is_comma = dialect.decimal == DecimalMark::Comma;
        dialect.columns[index].missing_markers.push(if is_comma { marker.replace('.', ",") } else { marker });
    }
    dialect
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    fn filler() -> Filler {
        Filler { value: -999.0, columns: vec![1, 2], cells: 4, first_row: 8 }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_filler_becomes_a_marker_of_its_columns() {
        let own = ColumnFormat { column: 2, unit: Some("bar".into()), ..ColumnFormat::default() };
        let dialect = without_filler(&Dialect { columns: vec![own], ..Dialect::default() }, &filler());
        let markers: Vec<(usize, &[String])> =
            dialect.columns.iter().map(|format| (format.column, &format.missing_markers[..])).collect();
        assert_eq!(markers, [(1, &["-999".to_owned()][..]), (2, &["-999".to_owned()][..])]);
        assert_eq!(dialect.columns[1].unit.as_deref(), Some("bar"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_filler_is_told_with_its_columns() {
        let told = sentence(&filler(), &fixtures::summary());
        assert_eq!(told, "-999 lies far from all other values in flow, state (4 cells).");
    }
}
