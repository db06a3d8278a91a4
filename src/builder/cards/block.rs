//! Card of a block: its kind and settings, and its position, changed by dragging or by buttons.

use pinhole_protocol::{BlockSpec, Scaling};
use yew::prelude::*;

use super::CardContext;
use crate::{
    builder::{
        blocks::{self, Side, describe},
        drag::card_id,
        editor::index_of,
    },
    components::{
        field::{Choice, field_error, options},
        number_field::{NumberField, NumberRange},
    },
};

/// Renders the card of a block.
pub fn view(context: &CardContext<'_>, side: Side, index: usize, block: &BlockSpec) -> Html {
    let id = card_id(side, index);
    let name = format!("{} block {}: {}", capitalised(side.word()), index + 1, describe(block));
    let error = context.editor.block_error(side.place(index));
    let error_id = format!("{id}-error");
    let output = context.layout.block(side.place(index));
    html! {
        <div {id} class={classes!("block", error.is_some().then_some("wrong"))} role="group" aria-label={name}
            aria-describedby={error.is_some().then(|| error_id.clone())}>
            <div class="block-head">
                { handle(context, side, index) }
                { kind(context, side, index, block) }
                { for numbers(context, side, index, block) }
                { move_buttons(context, side, index, block) }
            </div>
            if let Some(output) = output {
                <p class="stage-output">{ output.text() }</p>
            }
            <div id={error_id}>{ field_error(error.as_ref()) }</div>
        </div>
    }
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

/// Accessible name of a field of a block, such as `Encoder 1 width`.
fn field_name(side: Side, index: usize, label: &str) -> String {
    format!("{} {} {}", capitalised(side.word()), index + 1, label.to_lowercase())
}

/// Handle to drag the card by; the keyboard uses the buttons instead.
fn handle(context: &CardContext<'_>, side: Side, index: usize) -> Html {
    let count = side.blocks(&context.editor.experiment.network).len();
    let with_drag = |act: fn(&super::Drag, &PointerEvent, (Side, usize, usize))| {
        let drag = context.drag.clone();
        Callback::from(move |event: PointerEvent| act(&drag, &event, (side, index, count)))
    };
    let onpointerup = {
        let drag = context.drag.clone();
        let edit = context.editor.on(|experiment, (side, from, to): (Side, usize, usize)| {
            side.reorder(&mut experiment.network, from, to);
        });
        Callback::from(move |_: PointerEvent| {
            if let Some(dropped) = drag.finish() {
                edit.emit(dropped);
            }
        })
    };
    html! {
        <span class="handle" aria-hidden="true" title="Drag to another place"
            onpointerdown={with_drag(|drag, event, (side, index, count)| drag.start(event, side, index, count))}
            onpointermove={with_drag(|drag, event, _| drag.update(event))}
            onpointercancel={with_drag(|drag, _, _| drag.cancel())} {onpointerup}>{ "⠿" }</span>
    }
}

fn kind(context: &CardContext<'_>, side: Side, index: usize, block: &BlockSpec) -> Html {
    let titles = BlockSpec::ALL.map(|kind| (kind.label(), kind.label()));
    let on_change = context.editor.on(move |experiment, kind: usize| {
        side.change(&mut experiment.network, index, |block| *block = BlockSpec::ALL[kind].clone());
    });
    Choice {
        label: "Kind",
        name: field_name(side, index, "kind").into(),
        selected: index_of(titles.map(|(title, _)| title), block.label()),
        options: options(titles),
        error: None,
        on_change,
    }
    .view()
}

/// Buttons that move the block up or down, or remove it.
fn move_buttons(context: &CardContext<'_>, side: Side, index: usize, block: &BlockSpec) -> Html {
    let count = side.blocks(&context.editor.experiment.network).len();
    let (description, word) = (describe(block), side.word());
    // The index distinguishes equal blocks.
    let name = format!("{word} block {}, {description}", index + 1);
    let to = |to: usize, first: &str, second: &str| {
        let ids = [first, second].map(|action| format!("{}-{action}", card_id(side, to))).to_vec();
        let announcement = format!("{description} is now {word} block {} of {count}", to + 1);
        context.edit_network(announcement, ids, move |network| side.reorder(network, index, to))
    };
    let button = |action: &'static str,
                  name: String,
                  sign: &'static str,
                  disabled: bool,
                  onclick: Callback<MouseEvent>| {
        let id = format!("{}-{action}", card_id(side, index));
        html! { <button {id} type="button" class="button small" aria-label={name} title={action} {disabled} {onclick}>{ sign }</button> }
    };
    let is_last = index + 1 == count;
    let up = to(index.saturating_sub(1), "up", "down");
    let down = to((index + 1).min(count - 1), "down", "up");
    let next = if is_last { index.saturating_sub(1) } else { index };
    let focus = vec![format!("{}-remove", card_id(side, next)), add_id(side)];
    let remove =
        context.edit_network(format!("{description} was removed"), focus, move |network| side.remove(network, index));
    html! {
        <span class="moves">
            { button("up", format!("Move {name}, up"), "↑", index == 0, up) }
            { button("down", format!("Move {name}, down"), "↓", is_last, down) }
            { button("remove", format!("Remove {name}"), "×", false, remove) }
        </span>
    }
}

fn numbers(context: &CardContext<'_>, side: Side, index: usize, block: &BlockSpec) -> Vec<Html> {
    let mut copy = block.clone();
    let is_refused = context.editor.block_error(side.place(index)).is_some();
    let mut fields: Vec<Html> = blocks::numbers(&mut copy)
        .into_iter()
        .enumerate()
        .map(|(number_index, (label, value))| {
            let on_change = context.editor.on(move |experiment, value: f64| {
                side.change(&mut experiment.network, index, |block| {
                    if let Some((_, number)) = blocks::numbers(block).into_iter().nth(number_index) {
                        *number = value as usize;
                    }
                });
            });
            NumberField::new(label, Some(*value), NumberRange::whole_from(1), on_change)
                .name(field_name(side, index, label))
                .checked(None)
                .refused(is_refused)
                .view()
        })
        .collect();
    if let Some(present) = blocks::scaling(&mut copy) {
        fields.push(scaling(context, side, index, *present));
    }
    fields
}

fn scaling(context: &CardContext<'_>, side: Side, index: usize, present: Scaling) -> Html {
    let titles = Scaling::ALL.map(|scaling| (scaling.label(), scaling.label()));
    let on_change = context.editor.on(move |experiment, chosen: usize| {
        side.change(&mut experiment.network, index, |block| {
            if let Some(scaling) = blocks::scaling(block) {
                *scaling = Scaling::ALL[chosen];
            }
        });
    });
    Choice {
        label: "Scaling",
        name: field_name(side, index, "scaling").into(),
        selected: index_of(titles.map(|(title, _)| title), present.label()),
        options: options(titles),
        error: None,
        on_change,
    }
    .view()
}

fn add_id(side: Side) -> String {
    format!("{}-add", side.word())
}

/// Renders the buttons that append a block of each kind.
pub fn add_menu(context: &CardContext<'_>, side: Side) -> Html {
    let word = side.word();
    let count = side.blocks(&context.editor.experiment.network).len();
    let buttons = BlockSpec::ALL.map(|block| {
        let label = block.label();
        let focus = vec![format!("{}-up", card_id(side, count)), format!("{}-remove", card_id(side, count))];
        let announcement = format!("{} is now {word} block {}", describe(&block), count + 1);
        let onclick: Callback<MouseEvent> = context.edit_network(announcement, focus, move |network| side.add(network, block.clone()));
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
