//! Dialogue that asks which columns of a file those of the detector belong to, before the file is scored.

use std::rc::Rc;

use pinhole_protocol::table::{RenamedColumn, UnmatchedColumns};
use web_sys::{HtmlDialogElement, HtmlSelectElement};
use yew::prelude::*;

use super::fields::button;
use crate::components::field::field_error;

#[derive(Properties, PartialEq)]
pub struct UnmatchedColumnsProps {
    pub columns: Rc<UnmatchedColumns>,
    /// Sentence on why the last answer was refused.
    pub refusal: Option<AttrValue>,
    /// Receives the columns that were matched; the others are read as missing.
    pub on_score: Callback<Vec<RenamedColumn>>,
    pub on_cancel: Callback<()>,
}

/// The dialogue: a menu of the file's unused columns for each column of the detector that the file lacks.
#[component]
pub fn UnmatchedColumnsDialog(props: &UnmatchedColumnsProps) -> Html {
    let dialog = use_node_ref();
    // Index of each choice in the menu: 0 for none, else that of the unused column and 1.
    let chosen = use_state(|| vec![0_usize; props.columns.missing.len()]);
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // It fails only if the dialogue is open.
                let _ = dialog.show_modal();
            }
        });
    }
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |(row, choice): (usize, usize)| {
            let mut next = (*chosen).clone();
            next[row] = choice;
            chosen.set(next);
        })
    };
    let on_score = {
        let (chosen, columns) = (chosen.clone(), props.columns.clone());
        props.on_score.reform(move |()| renamed(&columns, &chosen))
    };
    // Escape cancels; the dialogue goes when the lab has heard of it.
    let oncancel = props.on_cancel.reform(|event: Event| event.prevent_default());
    let contradiction = contradiction(&props.columns, &chosen).map(AttrValue::from);
    html! {
        <dialog ref={dialog} {oncancel} class="unmatched-columns card" aria-labelledby="unmatched-title">
            <h2 id="unmatched-title">{ format!("Columns of {}", props.columns.name) }</h2>
            <p class="hint">{ question(&props.columns) }</p>
            <div class="table-scroll">
                <table class="cells" aria-label="Unmatched columns">
                    <thead><tr><th scope="col">{ "Column of the detector" }</th><th scope="col">{ "Column of the file" }</th></tr></thead>
                    <tbody>
                        { for props.columns.missing.iter().enumerate().map(|(row, name)| html! {
                            <tr key={row}>
                                <th scope="row">{ name.clone() }</th>
                                <td>{ menu(name, &props.columns.unused, chosen[row], &choose.reform(move |choice| (row, choice))) }</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
            { field_error(contradiction.as_ref().or(props.refusal.as_ref())) }
            <div class="row">
                { button("Score", "button primary", contradiction.is_some(), &on_score) }
                { button("Cancel", "button", false, &props.on_cancel) }
            </div>
        </dialog>
    }
}

/// Menu of the unused columns for the column with this name.
fn menu(name: &str, unused: &[String], selected: usize, on_choose: &Callback<usize>) -> Html {
    let onchange = on_choose.reform(|event: Event| {
        let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        usize::try_from(index).unwrap_or_default()
    });
    let label = if name.is_empty() { "Column without a name" } else { name };
    html! {
        <select {onchange} aria-label={label.to_owned()}>
            <option selected={selected == 0}>{ "None" }</option>
            { for unused.iter().enumerate().map(|(index, name)| html! {
                <option selected={selected == index + 1}>{ name.clone() }</option>
            }) }
        </select>
    }
}

fn question(columns: &UnmatchedColumns) -> String {
    let found = if columns.missing.len() == 1 {
        "A column of the detector is not found by its name. Which one is it here?"
    } else {
        "Some columns of the detector are not found by their names. Which ones are they here?"
    };
    format!("{found} With \"None\", its cells are read as missing.")
}

/// The columns that were chosen, by their names.
fn renamed(columns: &UnmatchedColumns, chosen: &[usize]) -> Vec<RenamedColumn> {
    let pairs = columns.missing.iter().zip(chosen);
    pairs
        .filter_map(|(old, choice)| {
            let new = columns.unused.get(choice.checked_sub(1)?)?;
            Some(RenamedColumn { old: old.clone(), new: new.clone() })
        })
        .collect()
}

/// A sentence if a column of the file is chosen twice.
fn contradiction(columns: &UnmatchedColumns, chosen: &[usize]) -> Option<String> {
    let renamed = renamed(columns, chosen);
    let (index, second) =
        renamed.iter().enumerate().find(|(index, own)| renamed[..*index].iter().any(|other| other.new == own.new))?;
    let first = renamed[..index].iter().find(|other| other.new == second.new)?;
    Some(format!("\"{}\" is chosen for both \"{}\" and \"{}\": choose it once.", second.new, first.old, second.old))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn columns() -> UnmatchedColumns {
        let names = |names: [&str; 2]| names.map(String::from).to_vec();
        UnmatchedColumns {
            name: "june.csv".into(),
            missing: names(["amount", "fee"]),
            unused: names(["Betrag", "Gebühr"]),
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn chosen_columns_are_a_map_by_name() {
        let map = |chosen: &[usize]| {
            let renamed = renamed(&columns(), chosen);
            renamed.into_iter().map(|column| format!("{}={}", column.old, column.new)).collect::<Vec<_>>()
        };
        assert_eq!(map(&[0, 0]), [""; 0]);
        assert_eq!(map(&[2, 0]), ["amount=Gebühr"]);
        assert_eq!(map(&[1, 2]), ["amount=Betrag", "fee=Gebühr"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_column_that_is_chosen_twice_is_told() {
        assert_eq!(contradiction(&columns(), &[1, 2]), None);
        assert_eq!(contradiction(&columns(), &[0, 0]), None);
        assert_eq!(
            contradiction(&columns(), &[2, 2]).as_deref(),
            Some("\"Gebühr\" is chosen for both \"amount\" and \"fee\": choose it once.")
        );
    }
}
