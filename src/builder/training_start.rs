//! Menu of the model that training starts from, and the reasons for which it cannot.

use pinhole_protocol::{Experiment, ModelSummary, NetworkPlan, Part, Reuse, TensorPlan, TrainingStart};
use yew::prelude::*;

use crate::components::field::{Choice, options};

/// Training start with its slug, its title and its description.
type StartOption = (TrainingStart, &'static str, &'static str, &'static str);

const START_OPTIONS: [StartOption; 6] = [
    (TrainingStart::Fresh, "fresh", "New weights", "All weights are drawn anew from the seed."),
    (
        TrainingStart::Continue,
        "continue",
        "Train further",
        "Continues the training of the current model, whose network must be the same.",
    ),
    (
        TrainingStart::Transfer { reuse: Reuse::All },
        "transfer-all",
        "All its weights, a new run",
        "Starts with encoder, bottleneck and decoder of the current model, on other data or with another objective.",
    ),
    (
        TrainingStart::Transfer { reuse: Reuse::Encoder },
        "transfer-encoder",
        "Its encoder, a new decoder",
        "Keeps the encoder of the current model and trains a new decoder. The learning rate factors say how fast each part learns.",
    ),
    (
        TrainingStart::Transfer { reuse: Reuse::Decoder },
        "transfer-decoder",
        "Its decoder, a new encoder",
        "Keeps the decoder of the current model and trains a new encoder.",
    ),
    (
        TrainingStart::Distil,
        "distil",
        "As its student (distillation)",
        "New weights learn to reproduce the output of the current model, the teacher, which stays as it is.",
    ),
];

/// Slug of a start in links; `None` for new weights, the default, and for further training, as who opens the link has
/// another model.
pub fn slug(start: TrainingStart) -> Option<&'static str> {
    let is_linked = !matches!(start, TrainingStart::Fresh | TrainingStart::Continue);
    START_OPTIONS.iter().find(|option| is_linked && option.0 == start).map(|option| option.1)
}

/// Start of a slug in a link.
pub fn from_slug(slug: &str) -> Option<TrainingStart> {
    START_OPTIONS.iter().map(|option| option.0).find(|&start| self::slug(start) == Some(slug))
}

/// Reason for which training cannot start so; `None` if it can. Errors of the experiment itself are not reported here.
pub fn incompatibility(start: TrainingStart, experiment: &Experiment, model: Option<&ModelSummary>) -> Option<String> {
    if start == TrainingStart::Fresh {
        return None;
    }
    let Some(model) = model else { return Some("there is no model to start from: train or open one".into()) };
    let (Ok(old), Ok(new)) = (model.experiment.network.plan(), experiment.network.plan()) else { return None };
    match start {
        TrainingStart::Fresh => None,
        TrainingStart::Continue => (model.experiment.network != experiment.network).then(|| {
            "the current model is another network: start with new weights, or reuse the parts that fit".into()
        }),
        TrainingStart::Transfer { reuse } => {
            reused_parts(reuse).iter().find_map(|part| part_incompatibility(&old, &new, *part))
        }
        TrainingStart::Distil => (old.input != new.input)
            .then(|| "the teacher reads pictures of another shape: choose the shape that it reads".into()),
    }
}

const fn reused_parts(reuse: Reuse) -> &'static [Part] {
    match reuse {
        Reuse::All => &[Part::Encoder, Part::Bottleneck, Part::Decoder],
        Reuse::Encoder => &[Part::Encoder, Part::Bottleneck],
        Reuse::Decoder => &[Part::Decoder],
    }
}

/// Difference between a part of the old network and of the new one; `None` if their tensors agree.
fn part_incompatibility(old: &NetworkPlan, new: &NetworkPlan, part: Part) -> Option<String> {
    let [old, new] = [old, new].map(|plan| tensors_of(plan, part));
    let part = part.slug();
    let differing = old.iter().zip(&new).find(|(old, new)| (&old.name, &old.shape) != (&new.name, &new.shape));
    match differing {
        Some((old, new)) => Some(format!(
            "the {part} of the current model does not fit: {} is {} there, and {} is {} here. Build it alike, or start with new weights",
            old.name,
            dimensions(old),
            if new.name == old.name { "it" } else { &new.name },
            dimensions(new)
        )),
        None if old.len() != new.len() => Some(format!(
            "the {part} of the current model does not fit: it has {} tensors, and here it would have {}. Build it alike, or start with new weights",
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

fn dimensions(tensor: &TensorPlan) -> String {
    tensor.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("×")
}

/// Renders the menu and the description of the selected start; `error` says why it is impossible.
pub fn view(start: TrainingStart, error: Option<&String>, on_start: &Callback<TrainingStart>) -> Html {
    let selected = START_OPTIONS.iter().position(|option| option.0 == start).unwrap_or_default();
    let about = START_OPTIONS[selected].3;
    html! {
        <>
            { Choice {
                label: "Start from",
                name: "Start from".into(),
                options: options(START_OPTIONS.map(|(_, slug, title, _)| (slug, title))),
                selected,
                error: error.cloned().map(AttrValue::from),
                on_change: on_start.reform(|index: usize| START_OPTIONS[index].0),
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
        let fits = |start, experiment: &Experiment| incompatibility(start, experiment, Some(&model)).is_none();
        assert!(
            START_OPTIONS.iter().all(|option| fits(option.0, &Experiment::default())),
            "the same network fits in every way"
        );
        let decoder = pinhole_protocol::DecoderSpec::Blocks(NetworkSpec::dense_blocks(&[99]));
        let other_decoder = of(NetworkSpec { decoder, ..NetworkSpec::default() });
        let fitting: Vec<_> =
            START_OPTIONS.iter().filter(|option| fits(option.0, &other_decoder)).map(|option| option.1).collect();
        assert_eq!(fitting, ["fresh", "transfer-encoder", "distil"]);
        assert!(
            START_OPTIONS[1..].iter().all(|option| incompatibility(option.0, &Experiment::default(), None).is_some())
        );
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn starts_that_work_with_any_model_are_linked() {
        let slugs: Vec<_> = START_OPTIONS.iter().filter_map(|option| slug(option.0)).collect();
        assert_eq!(slugs, ["transfer-all", "transfer-encoder", "transfer-decoder", "distil"]);
        assert!(slugs.iter().all(|text| from_slug(text).and_then(slug) == Some(*text)));
        assert!(["fresh", "continue", ""].iter().all(|text| from_slug(text).is_none()));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_tensor_that_does_not_fit_is_named() {
        let model = ModelSummary { name: "m".into(), experiment: Experiment::default(), history: Vec::new() };
        let narrow = of(NetworkSpec { encoder: NetworkSpec::dense_blocks(&[128]), ..NetworkSpec::default() });
        let reason = incompatibility(TrainingStart::Transfer { reuse: Reuse::Encoder }, &narrow, Some(&model));
        let expected = "the encoder of the current model does not fit: encoder.0.weight is 256×784 there, and it is 128×784 here. Build it alike, or start with new weights";
        assert_eq!(reason.as_deref(), Some(expected));
    }
}
