//! A block: its kind and numbers, edited in place, and its place, changed by dragging or by buttons.

use pinhole_protocol::{BlockSpec, Scaling};
use yew::prelude::*;

use super::Bench;
use crate::{
    builder::{
        blocks::{self, Side, describe},
        drag::card_id,
        editor::place_of,
    },
    components::field::{Choice, NumberField, field_error, options},
};

/// The card of one block.
pub fn view(bench: &Bench<'_>, side: Side, index: usize, block: &BlockSpec) -> Html {
    let id = card_id(side, index);
    let name = format!("{} block {}: {}", capital(side.word()), index + 1, describe(block));
    let error = bench.editor.error_at(side.place(index));
    let error_id = format!("{id}-error");
    let made = bench.survey.block(side.place(index));
    html! {
        <div {id} class={classes!("block", error.is_some().then_some("wrong"))} role="group" aria-label={name}
            aria-describedby={error.is_some().then(|| error_id.clone())}>
            <div class="block-head">
                { handle(bench, side, index) }
                { kind(bench, side, index, block) }
                { for numbers(bench, side, index, block) }
                { moves(bench, side, index, block) }
            </div>
            if let Some(made) = made {
                <p class="made">{ made.text() }</p>
            }
            <div id={error_id}>{ field_error(error.as_ref()) }</div>
        </div>
    }
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

/// The name of a field of a block, such as `Encoder 1 width`.
fn name_of(side: Side, index: usize, label: &str) -> String {
    format!("{} {} {}", capital(side.word()), index + 1, label.to_lowercase())
}

/// To drag by; keys have the buttons.
fn handle(bench: &Bench<'_>, side: Side, index: usize) -> Html {
    let count = side.blocks(&bench.editor.experiment.network).len();
    let with_drag = |act: fn(&super::Drag, &PointerEvent, (Side, usize, usize))| {
        let drag = bench.drag.clone();
        Callback::from(move |event: PointerEvent| act(&drag, &event, (side, index, count)))
    };
    let onpointerup = {
        let drag = bench.drag.clone();
        let edit = bench.editor.on(|experiment, (side, from, to): (Side, usize, usize)| {
            side.reorder(&mut experiment.network, from, to);
        });
        Callback::from(move |_: PointerEvent| {
            if let Some(dropped) = drag.release() {
                edit.emit(dropped);
            }
        })
    };
    html! {
        <span class="handle" aria-hidden="true" title="Drag to another place"
            onpointerdown={with_drag(|drag, event, (side, index, count)| drag.grip(event, side, index, count))}
            onpointermove={with_drag(|drag, event, _| drag.carry(event))}
            onpointercancel={with_drag(|drag, _, _| drag.cancel())} {onpointerup}>{ "⠿" }</span>
    }
}

fn kind(bench: &Bench<'_>, side: Side, index: usize, block: &BlockSpec) -> Html {
    let titles = BlockSpec::ALL.map(|kind| (kind.label(), kind.label()));
    let on_change = bench.editor.on(move |experiment, kind: usize| {
        side.change(&mut experiment.network, index, |block| *block = BlockSpec::ALL[kind].clone());
    });
    Choice {
        label: "Kind",
        name: name_of(side, index, "kind").into(),
        selected: place_of(titles.map(|(title, _)| title), block.label()),
        options: options(titles),
        error: None,
        on_change,
    }
    .view()
}

/// Up, down, away.
fn moves(bench: &Bench<'_>, side: Side, index: usize, block: &BlockSpec) -> Html {
    let count = side.blocks(&bench.editor.experiment.network).len();
    let (what, word) = (describe(block), side.word());
    // Of two equal blocks only the place tells which.
    let name = format!("{word} block {}, {what}", index + 1);
    let to = |to: usize, first: &str, second: &str| {
        let ids = [first, second].map(|way| format!("{}-{way}", card_id(side, to))).to_vec();
        let said = format!("{what} is now {word} block {} of {count}", to + 1);
        bench.act(said, ids, move |network| side.reorder(network, index, to))
    };
    let button = |way: &'static str,
                  name: String,
                  sign: &'static str,
                  disabled: bool,
                  onclick: Callback<MouseEvent>| {
        let id = format!("{}-{way}", card_id(side, index));
        html! { <button {id} type="button" class="button small" aria-label={name} title={way} {disabled} {onclick}>{ sign }</button> }
    };
    let is_last = index + 1 == count;
    let up = to(index.saturating_sub(1), "up", "down");
    let down = to((index + 1).min(count - 1), "down", "up");
    let next = if is_last { index.saturating_sub(1) } else { index };
    let focus = vec![format!("{}-remove", card_id(side, next)), add_id(side)];
    let remove = bench.act(format!("{what} is gone"), focus, move |network| side.remove(network, index));
    html! {
        <span class="moves">
            { button("up", format!("Move {name}, up"), "↑", index == 0, up) }
            { button("down", format!("Move {name}, down"), "↓", is_last, down) }
            { button("remove", format!("Remove {name}"), "×", false, remove) }
        </span>
    }
}

fn numbers(bench: &Bench<'_>, side: Side, index: usize, block: &BlockSpec) -> Vec<Html> {
    let mut copy = block.clone();
    let mut fields: Vec<Html> = blocks::numbers(&mut copy)
        .into_iter()
        .enumerate()
        .map(|(place, (label, value))| {
            let on_change = bench.editor.on(move |experiment, value: f64| {
                side.change(&mut experiment.network, index, |block| {
                    if let Some((_, number)) = blocks::numbers(block).into_iter().nth(place) {
                        *number = value as usize;
                    }
                });
            });
            NumberField::new(label, Some(*value), on_change).name(name_of(side, index, label)).whole().view()
        })
        .collect();
    if let Some(now) = blocks::scaling(&mut copy) {
        fields.push(scaling(bench, side, index, *now));
    }
    fields
}

fn scaling(bench: &Bench<'_>, side: Side, index: usize, now: Scaling) -> Html {
    let titles = Scaling::ALL.map(|one| (one.label(), one.label()));
    let on_change = bench.editor.on(move |experiment, chosen: usize| {
        side.change(&mut experiment.network, index, |block| {
            if let Some(scaling) = blocks::scaling(block) {
                *scaling = Scaling::ALL[chosen];
            }
        });
    });
    Choice {
        label: "Scaling",
        name: name_of(side, index, "scaling").into(),
        selected: place_of(titles.map(|(title, _)| title), now.label()),
        options: options(titles),
        error: None,
        on_change,
    }
    .view()
}

fn add_id(side: Side) -> String {
    format!("{}-add", side.word())
}

/// Adds a block of any kind where the list ends.
pub fn add_menu(bench: &Bench<'_>, side: Side) -> Html {
    let word = side.word();
    let count = side.blocks(&bench.editor.experiment.network).len();
    let buttons = BlockSpec::ALL.map(|block| {
        let label = block.label();
        let focus = vec![format!("{}-up", card_id(side, count)), format!("{}-remove", card_id(side, count))];
        let said = format!("{} is now {word} block {}", describe(&block), count + 1);
        let onclick: Callback<MouseEvent> = bench.act(said, focus, move |network| side.add(network, block.clone()));
        html! {
            <button type="button" class="button small" aria-label={format!("Add {label} to the {word}")} {onclick}>{ label }</button>
        }
    });
    html! {
        <details class="add">
            <summary id={add_id(side)}>{ format!("Add a block to the {word}") }</summary>
            <div class="row">{ for buttons }</div>
        </details>
    }
}
