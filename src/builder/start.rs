//! What training starts from, and whether it can.

use pinhole_protocol::{Experiment, ModelSummary, NetworkPlan, Part, Reuse, TensorPlan, TrainingStart};
use yew::prelude::*;

use crate::components::field::{Choice, options};

/// A start, the word and the title of it, and what it does.
type Offer = (TrainingStart, &'static str, &'static str, &'static str);

const OFFERS: [Offer; 6] = [
    (TrainingStart::Fresh, "fresh", "New weights", "All weights are drawn anew from the seed."),
    (
        TrainingStart::Continue,
        "continue",
        "Train on",
        "Goes on with the model in hand, of which this is the same network.",
    ),
    (
        TrainingStart::Transfer { reuse: Reuse::All },
        "transfer-all",
        "Its weights, counted anew",
        "Begins with encoder, code and decoder of the model in hand, on other data or with another objective.",
    ),
    (
        TrainingStart::Transfer { reuse: Reuse::Encoder },
        "transfer-encoder",
        "Its encoder, a new decoder",
        "Keeps what the model in hand sees, and learns anew to draw it. Part rates say how fast each half learns.",
    ),
    (
        TrainingStart::Transfer { reuse: Reuse::Decoder },
        "transfer-decoder",
        "Its decoder, a new encoder",
        "Keeps how the model in hand draws, and learns anew what to tell it.",
    ),
    (
        TrainingStart::Distil,
        "distil",
        "As its student",
        "New weights learn to answer as the model in hand does, which is the teacher and stays as it is.",
    ),
];

/// The word for a start in links; `None` where there is nothing to link: whoever opens it has another model to go on with,
/// or needs none.
pub fn word(start: TrainingStart) -> Option<&'static str> {
    let has_word = !matches!(start, TrainingStart::Fresh | TrainingStart::Continue);
    OFFERS.iter().find(|offer| has_word && offer.0 == start).map(|offer| offer.1)
}

/// The start that a word in a link stands for.
pub fn of_word(word: &str) -> Option<TrainingStart> {
    OFFERS.iter().map(|offer| offer.0).find(|&start| self::word(start) == Some(word))
}

/// Why training cannot start so; `None` if it can. Faults of the experiment itself are not told here.
pub fn misfit(start: TrainingStart, experiment: &Experiment, model: Option<&ModelSummary>) -> Option<String> {
    if start == TrainingStart::Fresh {
        return None;
    }
    let Some(model) = model else { return Some("there is no model in hand to start from: train or open one".into()) };
    let (Ok(old), Ok(new)) = (model.experiment.network.plan(), experiment.network.plan()) else { return None };
    match start {
        TrainingStart::Fresh => None,
        TrainingStart::Continue => (model.experiment.network != experiment.network).then(|| {
            "the model in hand is another network: start with new weights, or reuse the parts that fit".into()
        }),
        TrainingStart::Transfer { reuse } => reused(reuse).iter().find_map(|part| misfit_of_part(&old, &new, *part)),
        TrainingStart::Distil => (old.input != new.input)
            .then(|| "the teacher reads pictures of another shape: choose the shape that it reads".into()),
    }
}

const fn reused(reuse: Reuse) -> &'static [Part] {
    match reuse {
        Reuse::All => &[Part::Encoder, Part::Bottleneck, Part::Decoder],
        Reuse::Encoder => &[Part::Encoder, Part::Bottleneck],
        Reuse::Decoder => &[Part::Decoder],
    }
}

/// Where a part of the old network and of the new one differ.
fn misfit_of_part(old: &NetworkPlan, new: &NetworkPlan, part: Part) -> Option<String> {
    let [old, new] = [old, new].map(|plan| tensors_of(plan, part));
    let part = part.slug();
    let differing = old.iter().zip(&new).find(|(old, new)| (&old.name, &old.shape) != (&new.name, &new.shape));
    match differing {
        Some((old, new)) => Some(format!(
            "the {part} of the model in hand does not fit: {} is {} there, and {} is {} here. Build it alike, or start with new weights",
            old.name,
            sides(old),
            if new.name == old.name { "it" } else { &new.name },
            sides(new)
        )),
        None if old.len() != new.len() => Some(format!(
            "the {part} of the model in hand does not fit: it has {} tensors, and here it would have {}. Build it alike, or start with new weights",
            old.len(),
            new.len()
        )),
        None => None,
    }
}

fn tensors_of(plan: &NetworkPlan, part: Part) -> Vec<TensorPlan> {
    let prefix = format!("{}.", part.slug());
    plan.tensors().into_iter().filter(|tensor| tensor.name.starts_with(&prefix)).collect()
}

fn sides(tensor: &TensorPlan) -> String {
    tensor.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("×")
}

/// The menu, what the chosen start does, and why it cannot be.
pub fn view(start: TrainingStart, misfit: Option<&String>, on_start: &Callback<TrainingStart>) -> Html {
    let selected = OFFERS.iter().position(|offer| offer.0 == start).unwrap_or_default();
    let about = OFFERS[selected].3;
    html! {
        <>
            { Choice {
                label: "Start from",
                name: "Start from".into(),
                options: options(OFFERS.map(|(_, word, title, _)| (word, title))),
                selected,
                error: misfit.cloned().map(AttrValue::from),
                on_change: on_start.reform(|index: usize| OFFERS[index].0),
            }.view() }
            <p class="hint">{ about }</p>
        </>
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::NetworkSpec;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn of(network: NetworkSpec) -> Experiment {
        Experiment { network, ..Experiment::default() }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn parts_that_fit_can_be_reused() {
        let model = ModelSummary { name: "m".into(), experiment: Experiment::default(), history: Vec::new() };
        let fits = |start, experiment: &Experiment| misfit(start, experiment, Some(&model)).is_none();
        assert!(OFFERS.iter().all(|offer| fits(offer.0, &Experiment::default())), "the same network fits in every way");
        let decoder = pinhole_protocol::DecoderSpec::Blocks(NetworkSpec::dense_blocks(&[99]));
        let other_decoder = of(NetworkSpec { decoder, ..NetworkSpec::default() });
        let fitting: Vec<_> =
            OFFERS.iter().filter(|offer| fits(offer.0, &other_decoder)).map(|offer| offer.1).collect();
        assert_eq!(fitting, ["fresh", "transfer-encoder", "distil"]);
        assert!(OFFERS[1..].iter().all(|offer| misfit(offer.0, &Experiment::default(), None).is_some()));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn starts_that_depend_on_no_particular_model_go_into_links() {
        let words: Vec<_> = OFFERS.iter().filter_map(|offer| word(offer.0)).collect();
        assert_eq!(words, ["transfer-all", "transfer-encoder", "transfer-decoder", "distil"]);
        assert!(words.iter().all(|text| of_word(text).and_then(word) == Some(*text)));
        assert!(["fresh", "continue", ""].iter().all(|text| of_word(text).is_none()));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_does_not_fit_is_named() {
        let model = ModelSummary { name: "m".into(), experiment: Experiment::default(), history: Vec::new() };
        let narrow = of(NetworkSpec { encoder: NetworkSpec::dense_blocks(&[128]), ..NetworkSpec::default() });
        let told = misfit(TrainingStart::Transfer { reuse: Reuse::Encoder }, &narrow, Some(&model));
        let expected = "the encoder of the model in hand does not fit: encoder.0.weight is 256×784 there, and it is 128×784 here. Build it alike, or start with new weights";
        assert_eq!(told.as_deref(), Some(expected));
    }
}
