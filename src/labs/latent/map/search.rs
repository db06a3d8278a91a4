//! Search for vectors by a value of a column.

use std::rc::Rc;

use pinhole_protocol::latent::{SampleColumn, SampleValues};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::{
    components::{
        format::{brief, grouped},
        selection::Selection,
    },
    labs::latent::{
        controller::{Controller, on},
        sample::on_choose,
        state::{Found, Lab, LabAction},
    },
};

/// Matches that are listed.
const MAX_LISTED: usize = 24;

/// Numbers that a text asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Numbers {
    low: f32,
    high: f32,
}

/// Numbers of a text: `3`, `>0.5`, `<2` or `0.1..0.2`; `None` if it is none of these.
fn numbers(text: &str) -> Option<Numbers> {
    let read = |text: &str| text.trim().replace('−', "-").parse::<f32>().ok();
    if let Some((low, high)) = text.split_once("..") {
        return Some(Numbers { low: read(low)?, high: read(high)? });
    }
    match text.split_at_checked(1) {
        Some((">", low)) => Some(Numbers { low: read(low)?.next_up(), high: f32::INFINITY }),
        Some(("<", high)) => Some(Numbers { low: f32::NEG_INFINITY, high: read(high)?.next_down() }),
        _ => read(text).map(|value| Numbers { low: value, high: value }),
    }
}

/// Vectors with a text in their category, or a number that it asks for.
fn matching(column: &SampleColumn, text: &str) -> Vec<usize> {
    let text = text.trim().to_lowercase();
    let matches: Vec<bool> = match &column.values {
        _ if text.is_empty() => return Vec::new(),
        SampleValues::Categories { names, indices } => {
            let is_match: Vec<bool> = names.iter().map(|name| name.to_lowercase().contains(&text)).collect();
            indices.0.iter().map(|index| is_match.get(usize::from(*index)) == Some(&true)).collect()
        }
        SampleValues::Numbers(values) => match numbers(&text) {
            Some(Numbers { low, high }) => values.0.iter().map(|value| (low..=high).contains(value)).collect(),
            None => return Vec::new(),
        },
    };
    matches.into_iter().enumerate().filter(|(_, is_match)| *is_match).map(|(index, _)| index).collect()
}

/// Value of a column for a vector, as people read it; empty where unknown.
pub fn value_text(column: &SampleColumn, index: usize) -> String {
    match &column.values {
        SampleValues::Categories { names, indices } => {
            indices.0.get(index).and_then(|category| names.get(usize::from(*category))).cloned().unwrap_or_default()
        }
        SampleValues::Numbers(values) => values.0.get(index).map_or_else(String::new, |value| brief(f64::from(*value))),
    }
}

/// Renders the search.
pub fn view(lab: &Lab, controller: &Rc<Controller>, column: &UseStateHandle<Option<String>>) -> Html {
    let Some(searched) = searched_column(lab, column.as_deref()) else { return Html::default() };
    let name = searched.name.clone();
    let oninput = {
        let (controller, name) = (controller.clone(), name.clone());
        Callback::from(move |event: InputEvent| {
            find(&controller, &name, &event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onchange = {
        let (controller, column) = (controller.clone(), column.clone());
        Callback::from(move |event: Event| {
            let name = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(found) = &controller.lab().found {
                find(&controller, &name, &found.text);
            }
            column.set(Some(name));
        })
    };
    let placeholder = match searched.values {
        SampleValues::Categories { .. } => "part of a name",
        SampleValues::Numbers(_) => "3, >0.5, 0.1..0.2",
    };
    html! {
        <div class="map-search" role="search">
            <div class="pair">
                <label class="field">
                    <span class="field-name">{ "Search in" }</span>
                    <select {onchange} aria-label="Search in">
                        { for lab.columns().map(|column| html! {
                            <option value={column.name.clone()} selected={column.name == name}>{ &column.name }</option>
                        }) }
                    </select>
                </label>
                <label class="field">
                    <span class="field-name">{ "Value" }</span>
                    <input type="search" aria-label="Value" {placeholder} value={lab.found.as_ref().map(|found| found.text.clone())} {oninput} />
                </label>
            </div>
            { matches_view(lab, controller) }
        </div>
    }
}

/// The column of that name, or else the one of the colours.
fn searched_column<'a>(lab: &'a Lab, name: Option<&str>) -> Option<&'a SampleColumn> {
    lab.columns().find(|column| Some(column.name.as_str()) == name).or_else(|| lab.colour_column())
}

fn find(controller: &Controller, column: &str, text: &str) {
    let lab = controller.lab();
    let found = searched_column(&lab, Some(column)).filter(|_| !text.trim().is_empty());
    let found = found.map(|column| Found { text: text.to_owned(), indices: matching(column, text).into() });
    controller.dispatch(LabAction::Find(found));
}

fn matches_view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let Some(found) = &lab.found else { return Html::default() };
    let on_select = on(controller, |controller, _: MouseEvent| {
        let lab = controller.lab();
        if let Some(found) = &lab.found {
            let selection = Selection::new(lab.selection_origin(), found.indices.to_vec(), found.text.clone());
            controller.dispatch(LabAction::Find(None));
            controller.select(Some(selection));
        }
    });
    let item = |index: &usize| {
        let onclick = on_choose(controller, *index);
        let name = match lab.category(*index) {
            Some(category) => format!("{}: {category}", index + 1),
            None => (index + 1).to_string(),
        };
        html! { <li><button type="button" class="button link" {onclick}>{ name }</button></li> }
    };
    html! {
        <>
            <p class="row">
                <span>{ format!("{} found", grouped(found.indices.len())) }</span>
                <button type="button" class="button link" disabled={found.indices.is_empty()} onclick={on_select}>{ "Select them" }</button>
            </p>
            <ul class="map-found" aria-label="Found">{ for found.indices.iter().take(MAX_LISTED).map(item) }</ul>
        </>
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Bytes, Floats};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn numbers_are_asked_for_in_four_ways() {
        let column =
            SampleColumn { name: "Error".into(), values: SampleValues::Numbers(Floats(vec![0.1, 0.5, 3.0, f32::NAN])) };
        let find = |text| matching(&column, text);
        assert_eq!([find("3"), find(">0.5"), find("< 0.5"), find("0.1..0.5")], [vec![2], vec![2], vec![0], vec![0, 1]]);
        assert!(find(",5").is_empty() && find("0,1").is_empty(), "a comma is no minus sign");
        assert!(find("").is_empty() && find("many").is_empty() && find(">").is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn categories_are_found_by_a_part_of_their_name() {
        let names = vec!["Berlin".into(), "Bern".into(), "Paris".into()];
        let values = SampleValues::Categories { names, indices: Bytes(vec![2, 0, 1, 255]) };
        let column = SampleColumn { name: "City".into(), values };
        assert_eq!(matching(&column, "BER"), [1, 2]);
        assert_eq!(["", "Berlin"].map(String::from), [value_text(&column, 3), value_text(&column, 1)]);
    }
}
