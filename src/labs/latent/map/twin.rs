//! The points in view as a table, a page at a time.

use std::rc::Rc;

use yew::prelude::*;

use super::search::value_text;
use crate::{
    components::format::{brief, grouped},
    labs::latent::{controller::Controller, sample::on_choose, state::Lab},
};

/// Rows of a page.
const PAGE: usize = 50;

#[derive(Properties)]
pub struct TwinProps {
    pub controller: Rc<Controller>,
    pub lab: Rc<Lab>,
}

impl PartialEq for TwinProps {
    /// True if the map is the same, whatever it hovers; what is in view is read when the table is opened or turned.
    fn eq(&self, other: &Self) -> bool {
        let positions = |lab: &Lab| lab.shown_positions().map(|positions| Rc::as_ptr(&positions));
        let column = |lab: &Lab| (lab.columns_revision, lab.colour_column().map(|column| column.name.clone()));
        positions(&self.lab) == positions(&other.lab) && column(&self.lab) == column(&other.lab)
    }
}

/// The table, closed at first.
#[component]
pub fn Twin(props: &TwinProps) -> Html {
    let is_open = use_state(|| false);
    let skip = use_state(|| 0_usize);
    let onclick = {
        let (is_open, skip) = (is_open.clone(), skip.clone());
        Callback::from(move |_: MouseEvent| {
            skip.set(0);
            is_open.set(!*is_open);
        })
    };
    html! {
        <div class="map-twin">
            <button type="button" class="button link" aria-expanded={is_open.to_string()} {onclick}>{ if *is_open { "Hide the table" } else { "Points in view as a table" } }</button>
            if *is_open {
                { page(props, &skip) }
            }
        </div>
    }
}

fn page(props: &TwinProps, skip: &UseStateHandle<usize>) -> Html {
    let (lab, controller) = (&props.lab, &props.controller);
    let (points, count) = controller.map.points_in_view(**skip, PAGE);
    let positions = lab.shown_positions().unwrap_or_default();
    let column = lab.colour_column();
    let row = |index: usize| {
        let [across, up] = positions.0.as_chunks::<2>().0.get(index).copied().unwrap_or_default();
        let onclick = on_choose(controller, index);
        html! {
            <tr>
                <th scope="row"><button type="button" class="button link" aria-label={format!("Choose {}", index + 1)} {onclick}>{ index + 1 }</button></th>
                <td class="figure">{ brief(f64::from(across)) }</td>
                <td class="figure">{ brief(f64::from(up)) }</td>
                <td>{ column.map(|column| value_text(column, index)) }</td>
            </tr>
        }
    };
    let turn = |to: usize| {
        let skip = skip.clone();
        Callback::from(move |_: MouseEvent| skip.set(to))
    };
    let to = (**skip + points.len()).min(count);
    html! {
        <>
            <table aria-label="Points in view">
                <thead><tr>
                    <th scope="col">{ "Sample" }</th><th scope="col">{ "x" }</th><th scope="col">{ "y" }</th>
                    <th scope="col">{ column.map_or("Label", |column| column.name.as_str()) }</th>
                </tr></thead>
                <tbody>{ for points.into_iter().map(row) }</tbody>
            </table>
            <p class="row">
                <span class="hint">{ format!("{} to {} of {} in view", grouped(**skip + usize::from(count > 0)), grouped(to), grouped(count)) }</span>
                <button type="button" class="button link" disabled={**skip == 0} onclick={turn(skip.saturating_sub(PAGE))}>{ "Previous page" }</button>
                <button type="button" class="button link" disabled={to >= count} onclick={turn(**skip + PAGE)}>{ "Next page" }</button>
            </p>
        </>
    }
}
