//! The experiment as text: its listing in PyTorch, and its JSON.

use std::rc::Rc;

use pinhole_export::pytorch;
use pinhole_protocol::{Experiment, ImageSource, Reuse, TrainingStart};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{focus::LISTING_ID, share_link};
use crate::clipboard;

/// Language of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    PyTorch,
    Json,
}

impl Language {
    const ALL: [Self; 2] = [Self::PyTorch, Self::Json];

    const fn label(self) -> &'static str {
        match self {
            Self::PyTorch => "PyTorch",
            Self::Json => "JSON",
        }
    }

    const fn copy_label(self) -> &'static str {
        match self {
            Self::PyTorch => "Copy listing",
            Self::Json => "Copy JSON",
        }
    }

    /// Accessible name of the text.
    const fn text_label(self) -> &'static str {
        match self {
            Self::PyTorch => "Listing",
            Self::Json => "JSON of the experiment",
        }
    }
}

/// Text of an experiment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ExperimentText {
    text: Rc<str>,
    /// Sentences on what it does not express, or why it is empty.
    remarks: Vec<String>,
    /// Command of the terminal that trains what the text describes.
    command: Option<String>,
}

impl ExperimentText {
    fn new(experiment: &Experiment, start: TrainingStart, language: Language) -> Self {
        match language {
            Language::Json => Self::json(experiment, start),
            Language::PyTorch => Self::pytorch(experiment, start),
        }
    }

    fn json(experiment: &Experiment, start: TrainingStart) -> Self {
        match share_link::json(experiment) {
            Some(text) => {
                Self { text: text.into(), remarks: Vec::new(), command: Some(command(&experiment.data.source, start)) }
            }
            None => {
                Self::missing("Its seed has more than 53 bits, which JSON cannot hold: choose a smaller one.".into())
            }
        }
    }

    fn pytorch(experiment: &Experiment, start: TrainingStart) -> Self {
        match experiment.clone().check() {
            Ok(checked) => {
                let listing = pytorch::listing(&checked, start);
                Self { text: listing.text.into(), remarks: listing.omissions, command: None }
            }
            Err(error) => {
                Self::missing(format!("There is no listing yet, as the network cannot be trained: {}", error.message))
            }
        }
    }

    fn missing(reason: String) -> Self {
        Self { remarks: vec![reason], ..Self::default() }
    }
}

/// Command that trains an experiment of a JSON file; data and model that only the page has are named by the user.
fn command(source: &ImageSource, start: TrainingStart) -> String {
    let data = match source {
        ImageSource::Strokes | ImageSource::Digits8x8 => "",
        ImageSource::Opened => " --images FILES",
        ImageSource::TableRows => " --table FILE",
    };
    let start = match start {
        TrainingStart::Fresh => "",
        TrainingStart::Continue => " --resume MODEL",
        TrainingStart::Transfer { reuse: Reuse::All } => " --transfer MODEL --reuse all",
        TrainingStart::Transfer { reuse: Reuse::Encoder } => " --transfer MODEL --reuse encoder",
        TrainingStart::Transfer { reuse: Reuse::Decoder } => " --transfer MODEL --reuse decoder",
        TrainingStart::Distil => " --teacher MODEL",
    };
    format!("pinhole train --experiment experiment.json{data}{start} --out model.safetensors")
}

#[derive(Properties, PartialEq)]
pub struct ListingProps {
    pub experiment: Rc<Experiment>,
    pub start: TrainingStart,
}

/// Text that was copied last, and true if the browser allowed it.
type Copied = Option<(Rc<str>, bool)>;

/// The experiment as text: in both languages side by side where there is room, else in the chosen one.
#[component]
pub fn Listing(props: &ListingProps) -> Html {
    let chosen = use_state_eq(|| Language::PyTorch);
    let copied = use_state_eq(Copied::default);
    let panel = |language: Language| {
        let text = ExperimentText::new(&props.experiment, props.start, language);
        text_panel(&text, language, language == *chosen, &copied)
    };
    html! {
        <section id={LISTING_ID} tabindex="-1" class="listing" aria-label="The experiment as text">
            <div class="row choices">{ for Language::ALL.map(|language| choice(language, &chosen)) }</div>
            { for Language::ALL.map(panel) }
        </section>
    }
}

fn choice(language: Language, chosen: &UseStateHandle<Language>) -> Html {
    let is_chosen = **chosen == language;
    let chosen = chosen.setter();
    let onclick = Callback::from(move |_: MouseEvent| chosen.set(language));
    html! { <button type="button" class="button" aria-pressed={is_chosen.to_string()} {onclick}>{ language.label() }</button> }
}

fn text_panel(shown: &ExperimentText, language: Language, is_chosen: bool, copied: &UseStateHandle<Copied>) -> Html {
    let outcome = match &**copied {
        Some((text, true)) if *text == shown.text => "Copied.",
        Some((text, false)) if *text == shown.text => "The browser refuses access to the clipboard.",
        _ => "",
    };
    let on_copy = {
        let (text, copied) = (shown.text.clone(), copied.setter());
        Callback::from(move |_: MouseEvent| {
            let (text, copied) = (text.clone(), copied.clone());
            spawn_local(async move {
                let is_copied = clipboard::copy(&text).await;
                copied.set(Some((text, is_copied)));
            });
        })
    };
    html! {
        <div class={classes!("experiment-text", is_chosen.then_some("is-chosen"))}>
            <div class="row">
                <button type="button" class="button" onclick={on_copy} disabled={shown.text.is_empty()}>{ language.copy_label() }</button>
                <span class="hint" aria-live="polite">{ outcome }</span>
            </div>
            if let Some(command) = &shown.command {
                <p class="hint">{ "In the terminal, with this text in experiment.json: " }<code>{ command }</code></p>
            }
            { for shown.remarks.iter().map(|remark| html! { <p class="hint">{ remark }</p> }) }
            if !shown.text.is_empty() {
                <pre tabindex="0" role="region" aria-label={language.text_label()}><code>{ &*shown.text }</code></pre>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use js_sys::JSON;
    use pinhole_protocol::presets;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::js_deserializer;

    #[wasm_bindgen_test(unsupported = test)]
    fn every_preset_has_both_texts() {
        for preset in presets() {
            let of = |language| ExperimentText::new(&preset.experiment, preset.start, language);
            let (listing, json) = (of(Language::PyTorch), of(Language::Json));
            assert!(listing.text.contains("class Autoencoder(nn.Module)"), "{}", preset.name);
            let parsed =
                JSON::parse(&json.text).ok().and_then(|value| js_deserializer::decode::<Experiment>(value).ok());
            assert_eq!(parsed, Some(preset.experiment), "{}", preset.name);
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_command_names_the_files_that_the_json_lacks() {
        assert_eq!(
            command(&ImageSource::Strokes, TrainingStart::Fresh),
            "pinhole train --experiment experiment.json --out model.safetensors"
        );
        assert_eq!(
            command(&ImageSource::Opened, TrainingStart::Transfer { reuse: Reuse::Encoder }),
            "pinhole train --experiment experiment.json --images FILES --transfer MODEL --reuse encoder --out model.safetensors"
        );
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_network_that_cannot_be_trained_is_explained() {
        let mut experiment = Experiment::default();
        experiment.network.set_latent_size(0);
        let shown = ExperimentText::new(&experiment, TrainingStart::Fresh, Language::PyTorch);
        assert!(shown.text.is_empty() && shown.remarks[0].contains("cannot be trained"), "{shown:?}");
    }
}
