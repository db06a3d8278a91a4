//! Card of the bottleneck: its kind and settings, penalties on the code, ties, and the heads.

use pinhole_protocol::{Activation, BottleneckSpec, HeadSpec, Prior};
use yew::prelude::*;

use super::{CardContext, attributes, penalties};
use crate::{
    builder::{
        blocks::{bottleneck_numbers, bottleneck_of_kind},
        editor::{Editor, NumberSetting, index_of, real},
    },
    components::{
        field::field_error,
        format::grouped,
        number_field::{NumberField, NumberRange},
    },
    glossary::{LinkedTerm, glossary_link},
};

/// Number of classes of a new classifier head: the ten digits.
const CLASSES: usize = 10;

/// Renders the card of the code.
pub fn view(context: &CardContext<'_>) -> Html {
    let editor = context.editor;
    let error = editor.setting_error("network.bottleneck");
    let output = context.layout.code();
    html! {
        <div id="code" class={classes!("block", error.is_some().then_some("wrong"))} role="group" aria-label="The code"
            aria-describedby={error.is_some().then_some("code-error")}>
            <h3>{ "The code" }</h3>
            <div class="numbers">
                { kind(editor) }
                { for numbers(editor) }
                { choices(editor) }
                { for loss_weights(editor).iter().map(|number| editor.number(number)) }
            </div>
            if let Some(output) = output {
                <p class="stage-output">{ output.text() }{ auxiliary_text(context) }</p>
            }
            <p class="hint">
                { "The code is the output of the bottleneck, the " }
                { glossary_link(LinkedTerm::LatentVector, "latent vector") }
                { "." }
            </p>
            <div id="code-error">{ field_error(error.as_ref()) }</div>
            { penalties::view(editor) }
            { attributes::ties(editor) }
            { head(editor) }
            { attributes::regression(editor) }
        </div>
    }
}

fn kind(editor: &Editor) -> Html {
    let titles = BottleneckSpec::ALL.map(|kind| kind.label());
    let present = editor.experiment.network.bottleneck.label();
    editor.menu("Bottleneck", "", titles, index_of(titles, present), |experiment, index| {
        let bottleneck = &mut experiment.network.bottleneck;
        *bottleneck = bottleneck_of_kind(&BottleneckSpec::ALL[index], bottleneck);
    })
}

/// Renders the numbers of the bottleneck alone, such as the latent size, with its error.
pub fn short(editor: &Editor) -> Html {
    let error = editor.setting_error("network.bottleneck");
    html! { <div class="pair">{ for numbers(editor) }{ field_error(error.as_ref()) }</div> }
}

fn numbers(editor: &Editor) -> Vec<Html> {
    let mut copy = editor.experiment.network.bottleneck.clone();
    let is_refused = editor.setting_error("network.bottleneck").is_some();
    let fields = bottleneck_numbers(&mut copy).into_iter().enumerate();
    fields
        .map(|(number_index, (label, value))| {
            let on_change = editor.on(move |experiment, value: f64| {
                let bottleneck = &mut experiment.network.bottleneck;
                if let Some((_, number)) = bottleneck_numbers(bottleneck).into_iter().nth(number_index) {
                    *number = value as usize;
                }
            });
            NumberField::new(label, Some(*value), NumberRange::whole_from(1), on_change)
                .checked(None)
                .refused(is_refused)
                .view()
        })
        .collect()
}

fn choices(editor: &Editor) -> Html {
    match &editor.experiment.network.bottleneck {
        BottleneckSpec::Dense { activation, .. } => {
            let titles = Activation::ALL.map(Activation::label);
            editor.menu("Code activation", "", titles, index_of(titles, activation.label()), |experiment, index| {
                if let BottleneckSpec::Dense { activation, .. } = &mut experiment.network.bottleneck {
                    *activation = Activation::ALL[index];
                }
            })
        }
        BottleneckSpec::Adversarial { prior, .. } => {
            let titles = Prior::ALL.map(Prior::label);
            editor.menu("Prior", "", titles, index_of(titles, prior.label()), |experiment, index| {
                if let BottleneckSpec::Adversarial { prior, .. } = &mut experiment.network.bottleneck {
                    *prior = Prior::ALL[index];
                }
            })
        }
        _ => Html::default(),
    }
}

/// Settings of the loss terms that belong to the kind of bottleneck.
fn loss_weights(editor: &Editor) -> &'static [NumberSetting] {
    const VARIATIONAL: [NumberSetting; 2] = [
        real!("Divergence weight (beta)", objective.beta, NumberRange::WEIGHT),
        real!("Beta warm-up share", objective.beta_warm_up_share, NumberRange::real(0.0, 1.0)),
    ];
    const QUANTISED: [NumberSetting; 1] = [real!("Commitment weight", objective.commitment, NumberRange::WEIGHT)];
    const ADVERSARIAL: [NumberSetting; 1] = [real!("Adversarial weight", objective.adversarial, NumberRange::WEIGHT)];
    match editor.experiment.network.bottleneck {
        BottleneckSpec::Variational { .. } => &VARIATIONAL,
        BottleneckSpec::VectorQuantised { .. } => &QUANTISED,
        BottleneckSpec::Adversarial { .. } => &ADVERSARIAL,
        _ => &[],
    }
}

/// Parameter counts of the networks that read the code: classifier, regression and discriminator.
fn auxiliary_text(context: &CardContext<'_>) -> String {
    let names = ["classifier", "regression", "discriminator"];
    let present = context.layout.auxiliary_parameters().into_iter().zip(names).filter(|(count, _)| *count > 0);
    present.fold(String::new(), |text, (count, name)| format!("{text} · {name} {} weights", grouped(count)))
}

/// Switch and settings of the classifier head.
fn head(editor: &Editor) -> Html {
    const NUMBERS: [NumberSetting; 2] = [
        NumberSetting {
            label: "Classes",
            field: "network.head",
            read: |experiment| experiment.network.head.map(|head| head.classes as f64),
            write: |experiment, value| experiment.network.head = Some(HeadSpec { classes: value as usize }),
            empty: "",
            range: NumberRange::whole_from(2),
        },
        real!("Classification weight", objective.classification, NumberRange::WEIGHT),
    ];
    let is_on = editor.experiment.network.head.is_some();
    html! {
        <>
            { editor.switch("Classifier head", "", is_on, |experiment, is_on| {
                experiment.network.head = is_on.then_some(HeadSpec { classes: CLASSES });
            }) }
            if is_on {
                { editor.numbers(&NUMBERS) }
                <p class="hint">{ "Learns to predict the samples' labels from the code; samples without a label are only reconstructed." }</p>
            }
        </>
    }
}
