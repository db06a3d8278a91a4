//! Arithmetic with means of groups, a - b + c, and walks along the direction between two groups.

use std::{cmp::Ordering, rc::Rc};

use pinhole_protocol::latent::{DecodedContent, DecodedSamples};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::{
    glossary::{LinkedTerm, glossary_link},
    labs::latent::{
        controller::{Controller, on},
        groups::{Group, all},
        pictures::{PaintedCanvas, Painting, column_names, rows_table},
        state::{ExploreAction, Lab, Purpose},
    },
};

/// Renders both, folded up until they are asked for.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let groups = all(lab);
    if groups.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <details class="latent-part">
                <summary><h2>{ "Arithmetic" }</h2></summary>
                <p class="hint">{ "Means of groups are added and subtracted: all 7s minus all 1s, plus A." }</p>
                { menus(&groups, &["Mean of", "Minus", "Plus"], &lab.exploration.sum, controller, ExploreAction::SetSum) }
                { result(lab, "Combination", lab.answers.decoded(Purpose::Combination), |_| "Sum".into()) }
            </details>
            <details class="latent-part">
                <summary><h2>{ "Direction between groups" }</h2></summary>
                <p class="hint">
                    { "A is moved along the " }
                    { glossary_link(LinkedTerm::AttributeDirection, "direction") }
                    { " from one group's mean to another's, the same length back and forth." }
                </p>
                { menus(&groups, &["From group", "To group"], &lab.exploration.direction, controller, ExploreAction::SetDirection) }
                if lab.chosen.a.is_none() {
                    <p class="hint">{ "Choose A on the map first." }</p>
                }
                { direction(lab) }
            </details>
        </>
    }
}

fn direction(lab: &Lab) -> Html {
    let walk = lab.answers.decoded(Purpose::Direction);
    let middle = walk.map_or(0, |walk| walk.count / 2);
    result(lab, "Walk along the direction", walk, move |index| match index.cmp(&middle) {
        Ordering::Less => format!("−{}", middle - index),
        Ordering::Equal => "A".into(),
        Ordering::Greater => format!("+{}", index - middle),
    })
}

/// Decoded samples as a strip or a table; nothing before there are any.
fn result(
    lab: &Lab,
    name: &'static str,
    samples: Option<&Rc<DecodedSamples>>,
    heads: impl Fn(usize) -> String,
) -> Html {
    match samples.map(|samples| &samples.content) {
        None => Html::default(),
        Some(DecodedContent::Rows { cells }) => {
            let columns = lab.vectors.as_ref().map(|vectors| column_names(&vectors.decoding)).unwrap_or_default();
            rows_table(name, columns, heads, cells)
        }
        Some(content) => {
            let is_single = samples.is_some_and(|samples| samples.count == 1);
            html! {
                <div class={if is_single { "latent-single" } else { "reel" }}>
                    <PaintedCanvas label={name} painting={Painting::strip(content)} />
                </div>
            }
        }
    }
}

/// Menus of groups, the first option of each of which is none.
fn menus<const N: usize>(
    groups: &[(Group, AttrValue)],
    names: &[&'static str; N],
    chosen: &[Option<Group>; N],
    controller: &Rc<Controller>,
    action: fn(usize, Option<Group>) -> ExploreAction,
) -> Html {
    let menu = |(place, (name, chosen)): (usize, (&&'static str, &Option<Group>))| {
        let selected = chosen.as_ref().and_then(|chosen| groups.iter().position(|(group, _)| group == chosen));
        let selected = selected.map_or(0, |index| index + 1);
        let known: Vec<Group> = groups.iter().map(|(group, _)| group.clone()).collect();
        let onchange = on(controller, Controller::explore).reform(move |event: Event| {
            let index = usize::try_from(event.target_unchecked_into::<HtmlSelectElement>().selected_index())
                .unwrap_or_default();
            action(place, index.checked_sub(1).and_then(|index| known.get(index).cloned()))
        });
        html! {
            <label class="field">
                <span class="field-name">{ *name }</span>
                <select {onchange} ~selectedIndex={selected as u32} aria-label={*name}>
                    <option selected={selected == 0}>{ "–" }</option>
                    { for groups.iter().enumerate().map(|(index, (_, title))| html! {
                        <option selected={index + 1 == selected}>{ title }</option>
                    }) }
                </select>
            </label>
        }
    };
    html! { <div class="latent-menus">{ for names.iter().zip(chosen).enumerate().map(menu) }</div> }
}
