//! The experiment as text: its listing in PyTorch, and its JSON.

use std::rc::Rc;

use pinhole_export::pytorch;
use pinhole_protocol::{Experiment, TrainingStart};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::share_link;
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
}

/// Text of an experiment, and sentences on what it does not express.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ExperimentText {
    text: String,
    remarks: Vec<String>,
}

impl ExperimentText {
    fn new(experiment: &Experiment, start: TrainingStart, language: Language) -> Self {
        match language {
            Language::Json => {
                let text = share_link::json(experiment);
                let too_large = "Its seed has more than 53 bits, which JSON cannot hold: choose a smaller one.";
                let remarks = if text.is_some() { Vec::new() } else { vec![too_large.into()] };
                Self { text: text.unwrap_or_default(), remarks }
            }
            Language::PyTorch => match experiment.clone().check() {
                Ok(checked) => {
                    let listing = pytorch::listing(&checked, start);
                    Self { text: listing.text, remarks: listing.omissions }
                }
                Err(error) => Self {
                    text: String::new(),
                    remarks: vec![format!(
                        "There is no listing yet, as the network cannot be trained: {}",
                        error.message
                    )],
                },
            },
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct ListingProps {
    pub experiment: Rc<Experiment>,
    pub start: TrainingStart,
}

/// The experiment as text.
#[component]
pub fn Listing(props: &ListingProps) -> Html {
    let language = use_state_eq(|| Language::PyTorch);
    let copied = use_state_eq(String::new);
    let text = ExperimentText::new(&props.experiment, props.start, *language);
    html! { <section class="listing" aria-label="The experiment as text">{ content(&text, &language, &copied) }</section> }
}

fn content(shown: &ExperimentText, language: &UseStateHandle<Language>, copied: &UseStateHandle<String>) -> Html {
    let choice = |choice: Language| {
        let is_chosen = **language == choice;
        let (language, copied) = (language.clone(), copied.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            language.set(choice);
            copied.set(String::new());
        });
        html! { <button type="button" class="button" aria-pressed={is_chosen.to_string()} {onclick}>{ choice.label() }</button> }
    };
    let on_copy = {
        let (text, copied) = (shown.text.clone(), copied.setter());
        Callback::from(move |_: MouseEvent| {
            let (text, copied) = (text.clone(), copied.clone());
            spawn_local(async move {
                let is_copied = clipboard::copy(&text).await;
                copied.set(if is_copied { "Copied." } else { "The browser refuses access to the clipboard." }.into());
            });
        })
    };
    html! {
        <>
            <div class="row">
                { for Language::ALL.map(choice) }
                <button type="button" class="button" onclick={on_copy} disabled={shown.text.is_empty()}>{ "Copy listing" }</button>
                <span class="hint" aria-live="polite">{ copied.to_string() }</span>
            </div>
            { for shown.remarks.iter().map(|remark| html! { <p class="hint">{ remark }</p> }) }
            if !shown.text.is_empty() {
                <pre tabindex="0" role="region" aria-label="Listing"><code>{ &shown.text }</code></pre>
            }
        </>
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
    fn a_network_that_cannot_be_trained_is_explained() {
        let mut experiment = Experiment::default();
        experiment.network.set_latent_size(0);
        let shown = ExperimentText::new(&experiment, TrainingStart::Fresh, Language::PyTorch);
        assert!(shown.text.is_empty() && shown.remarks[0].contains("cannot be trained"), "{shown:?}");
    }
}
