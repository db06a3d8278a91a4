//! The narrow place: the kind of code, and what is asked of it beside a good reconstruction.

use pinhole_protocol::{Activation, BottleneckSpec, HeadSpec, Prior};
use yew::prelude::*;

use super::{Bench, penalties};
use crate::{
    builder::{
        blocks::{bottleneck_of_kind, code_numbers},
        editor::{Editor, Number, place_of, real},
    },
    components::{
        field::{NumberField, field_error},
        figures::grouped,
    },
};

/// What a new classifier tells apart: digits.
const CLASSES: usize = 10;

/// The card of the code.
pub fn view(bench: &Bench<'_>) -> Html {
    let editor = bench.editor;
    let error = editor.error_of("network.bottleneck");
    let made = bench.survey.code();
    html! {
        <div id="code" class={classes!("block", error.is_some().then_some("wrong"))} role="group" aria-label="The code"
            aria-describedby={error.is_some().then_some("code-error")}>
            <h3>{ "The code" }</h3>
            <div class="numbers">
                { kind(editor) }
                { for numbers(editor) }
                { choices(editor) }
                { for weights(editor).iter().map(|number| editor.number(number)) }
            </div>
            if let Some(made) = made {
                <p class="made">{ made.text() }{ beside(bench) }</p>
            }
            <div id="code-error">{ field_error(error.as_ref()) }</div>
            { penalties::view(editor) }
            { head(editor) }
        </div>
    }
}

fn kind(editor: &Editor) -> Html {
    let titles = BottleneckSpec::ALL.map(|kind| kind.label());
    let now = editor.experiment.network.bottleneck.label();
    editor.menu("Bottleneck", "", titles, place_of(titles, now), |experiment, index| {
        let now = &mut experiment.network.bottleneck;
        *now = bottleneck_of_kind(&BottleneckSpec::ALL[index], now);
    })
}

fn numbers(editor: &Editor) -> Vec<Html> {
    let mut copy = editor.experiment.network.bottleneck.clone();
    let fields = code_numbers(&mut copy).into_iter().enumerate();
    fields
        .map(|(place, (label, value))| {
            let on_change = editor.on(move |experiment, value: f64| {
                let bottleneck = &mut experiment.network.bottleneck;
                if let Some((_, number)) = code_numbers(bottleneck).into_iter().nth(place) {
                    *number = value as usize;
                }
            });
            NumberField::new(label, Some(*value), on_change).whole().view()
        })
        .collect()
}

fn choices(editor: &Editor) -> Html {
    match &editor.experiment.network.bottleneck {
        BottleneckSpec::Dense { activation, .. } => {
            let titles = Activation::ALL.map(Activation::label);
            editor.menu("Code activation", "", titles, place_of(titles, activation.label()), |experiment, index| {
                if let BottleneckSpec::Dense { activation, .. } = &mut experiment.network.bottleneck {
                    *activation = Activation::ALL[index];
                }
            })
        }
        BottleneckSpec::Adversarial { prior, .. } => {
            let titles = Prior::ALL.map(Prior::label);
            editor.menu("Prior", "", titles, place_of(titles, prior.label()), |experiment, index| {
                if let BottleneckSpec::Adversarial { prior, .. } = &mut experiment.network.bottleneck {
                    *prior = Prior::ALL[index];
                }
            })
        }
        _ => Html::default(),
    }
}

/// The weights of the terms that this kind of code brings.
fn weights(editor: &Editor) -> &'static [Number] {
    const VARIATIONAL: [Number; 2] =
        [real!("Divergence weight (beta)", objective.beta), real!("Beta warm-up share", objective.beta_warm_up_share)];
    const QUANTISED: [Number; 1] = [real!("Commitment weight", objective.commitment)];
    const ADVERSARIAL: [Number; 1] = [real!("Adversarial weight", objective.adversarial)];
    match editor.experiment.network.bottleneck {
        BottleneckSpec::Variational { .. } => &VARIATIONAL,
        BottleneckSpec::VectorQuantised { .. } => &QUANTISED,
        BottleneckSpec::Adversarial { .. } => &ADVERSARIAL,
        _ => &[],
    }
}

/// Weights of what hangs on the code.
fn beside(bench: &Bench<'_>) -> String {
    let names = ["classifier", "discriminator"];
    let counted = bench.survey.beside_code().into_iter().zip(names).filter(|(count, _)| *count > 0);
    counted.fold(String::new(), |text, (count, name)| format!("{text} · {name} {} weights", grouped(count)))
}

/// A classifier on the code.
fn head(editor: &Editor) -> Html {
    const NUMBERS: [Number; 2] = [
        Number {
            label: "Classes",
            field: "network.head",
            read: |experiment| experiment.network.head.map(|head| head.classes as f64),
            write: |experiment, value| experiment.network.head = Some(HeadSpec { classes: value as usize }),
            empty: "",
            is_whole: true,
        },
        real!("Classification weight", objective.classification),
    ];
    let is_on = editor.experiment.network.head.is_some();
    html! {
        <>
            { editor.switch("Classifier head", "", is_on, |experiment, is_on| {
                experiment.network.head = is_on.then_some(HeadSpec { classes: CLASSES });
            }) }
            if is_on {
                { editor.numbers(&NUMBERS) }
                <p class="hint">{ "Learns the labels that the samples have; those without one are only rebuilt." }</p>
            }
        </>
    }
}
