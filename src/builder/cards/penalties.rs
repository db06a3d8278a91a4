//! Penalties on the code, as rows of the bottleneck's card.

use pinhole_protocol::{Penalty, PenaltyKind};
use yew::prelude::*;

use crate::{
    builder::{
        editor::{Editor, index_of},
        focus::focus_soon,
    },
    components::{
        field::{Choice, field_error, options},
        format::shortest,
        number_field::{NumberField, NumberRange},
    },
};

/// Weight of a new penalty: strong enough to have an effect, too weak to dominate the reconstruction loss.
const FIRST_WEIGHT: f32 = 1e-3;

const ADD_ID: &str = "add-penalty";

/// Renders the penalties and the button that adds one.
pub fn view(editor: &Editor) -> Html {
    let penalties = &editor.experiment.objective.penalties;
    // There is at most one penalty of each kind.
    let is_new = |kind: &PenaltyKind| penalties.iter().all(|penalty| penalty.kind.label() != kind.label());
    let next = PenaltyKind::ALL.into_iter().find(is_new);
    let on_add = editor.on(move |experiment, _: MouseEvent| {
        experiment.objective.penalties.extend(next.map(|kind| Penalty { kind, weight: FIRST_WEIGHT }));
    });
    html! {
        <div class="penalties" role="group" aria-label="Penalties">
            { for penalties.iter().enumerate().map(|(index, penalty)| row(editor, index, *penalty)) }
            { field_error(editor.setting_error("objective.penalties").as_ref()) }
            <button id={ADD_ID} type="button" class="button small" disabled={next.is_none()} onclick={on_add}>{ "Add a penalty" }</button>
        </div>
    }
}

fn row(editor: &Editor, index: usize, penalty: Penalty) -> Html {
    let number = index + 1;
    let change = move |set: fn(&mut Penalty, f64)| {
        editor.on(move |experiment, value: f64| {
            if let Some(penalty) = experiment.objective.penalties.get_mut(index) {
                set(penalty, value);
            }
        })
    };
    let on_kind = change(|penalty, kind| penalty.kind = PenaltyKind::ALL[kind as usize]);
    let remove = editor.on(move |experiment, ()| {
        if index < experiment.objective.penalties.len() {
            experiment.objective.penalties.remove(index);
        }
    });
    let on_remove = Callback::from(move |_: MouseEvent| {
        remove.emit(());
        focus_soon(vec![ADD_ID.into()]);
    });
    let titles = PenaltyKind::ALL.map(PenaltyKind::label);
    let target = match penalty.kind {
        PenaltyKind::KlSparsity { target } => Some(target),
        _ => None,
    };
    let real = |label, word, value, range, on_change| {
        let name = format!("Penalty {number} {word}");
        NumberField::new(label, Some(shortest(value)), range, on_change).name(name).checked(None).view()
    };
    html! {
        <div class="penalty">
            { Choice {
                label: "Penalty",
                name: format!("Penalty {number}").into(),
                options: options(titles.map(|title| (title, title))),
                selected: index_of(titles, penalty.kind.label()),
                error: None,
                on_change: on_kind.reform(|kind: usize| kind as f64),
            }.view() }
            { real("Weight", "weight", penalty.weight, NumberRange::WEIGHT, change(|penalty, weight| penalty.weight = weight as f32)) }
            if let Some(target) = target {
                { real("Target", "target", target, NumberRange::above(0.0, 1.0).below_max(), change(|penalty, target| {
                    penalty.kind = PenaltyKind::KlSparsity { target: target as f32 };
                })) }
            }
            <button type="button" class="button small" aria-label={format!("Remove penalty {number}")} onclick={on_remove}>{ "×" }</button>
        </div>
    }
}
