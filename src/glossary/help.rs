//! Help for a control: the glossary's entry of the term that it sets.

use yew::prelude::*;

use super::entries::{Entry, sections};

/// Controls by their names, and the identifiers of their terms.
const TERMS: [(&str, &str); 65] = [
    ("Activation", "activation"),
    ("Adversarial weight", "discriminator"),
    ("Batch size", "batch"),
    ("Batches per step", "gradient-accumulation"),
    ("Beta warm-up share", "warm-up"),
    ("Bottleneck", "bottleneck"),
    ("Classes", "classifier-head"),
    ("Classification weight", "classifier-head"),
    ("Classifier head", "classifier-head"),
    ("Clip norm", "gradient-norm"),
    ("Clip value", "gradient-norm"),
    ("Code activation", "activation"),
    ("Codebook vectors", "vector-quantisation"),
    ("Commitment weight", "vector-quantisation"),
    ("Corruption", "corruption"),
    ("Corruption level", "corruption"),
    ("Data", "sample"),
    ("Decoder", "decoder"),
    ("Decoder learning rate factor", "transfer"),
    ("Divergence weight (beta)", "beta"),
    ("Dropout", "dropout"),
    ("Elastic distortion (px)", "augmentation"),
    ("Encoder learning rate factor", "transfer"),
    ("Epoch", "epoch"),
    ("Epochs", "epoch"),
    ("Find a learning rate", "learning-rate-finder"),
    ("Gradient checkpointing", "gradient-checkpointing"),
    ("Groups", "normalisation"),
    ("Image limit", "sample"),
    ("Latent size", "latent-vector"),
    ("Learning rate", "learning-rate"),
    ("Learning rate value", "learning-rate"),
    ("Loss", "loss"),
    ("Loss curves", "loss"),
    ("Loss over", "loss"),
    ("Measure", "held-out"),
    ("Momentum", "momentum"),
    ("Moving average", "moving-average"),
    ("Noise kind", "corruption"),
    ("Noise level", "corruption"),
    ("Normalisation", "normalisation"),
    ("Optimiser", "optimiser"),
    ("Output activation", "activation"),
    ("Patience", "early-stopping"),
    ("Preset", "experiment"),
    ("Prior", "prior"),
    ("Random level up to this one", "corruption"),
    ("Reconstruction weight", "loss"),
    ("Regression attribute", "attribute"),
    ("Regression head", "regression-head"),
    ("Regression weight", "regression-head"),
    ("Rotation (°)", "augmentation"),
    ("Schedule", "schedule"),
    ("Seed", "seed"),
    ("Shift (px)", "augmentation"),
    ("Start from", "transfer"),
    ("Tied weights", "tied-weights"),
    ("Train", "run"),
    ("Tying weight", "tie"),
    ("U-Net skips", "u-net-skips"),
    ("Unit of the code", "latent-unit"),
    ("Validation share", "validation"),
    ("Values per row", "feature"),
    ("Warm-up share", "warm-up"),
    ("Weight decay", "weight-decay"),
];

/// Ends of the names of a block's controls.
const ENDS: [(&str, &str); 3] = [(" width", "layer"), (" channels", "feature-map"), (" heads", "transformer")];

/// Identifier of the term that explains a control of that name.
pub fn term_of(control: &str) -> Option<&'static str> {
    let named = TERMS.iter().find(|(name, _)| *name == control);
    named.or_else(|| ENDS.iter().find(|(end, _)| control.ends_with(end))).map(|(_, term)| *term)
}

/// Renders the glossary's entry of a term, with a link to it.
pub fn help_line(term: Option<&'static str>) -> Html {
    let entry =
        |id: &str| sections().into_iter().flat_map(|section| section.entries).find(|entry: &Entry| entry.id() == id);
    let Some(Entry { term: name, text }) = term.and_then(entry) else { return Html::default() };
    html! {
        <p class="help-line" role="note">
            <strong>{ name }</strong>{ ": " }{ text }{ " " }
            <a href={format!("#/glossary/{}", term.unwrap_or_default())}>{ "Glossary" }</a>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn every_control_is_explained_by_a_term_that_exists() {
        let ids: Vec<String> = sections().into_iter().flat_map(|section| section.entries).map(Entry::id).collect();
        for (control, term) in TERMS.iter().chain(&ENDS) {
            assert!(ids.iter().any(|id| id == term), "{control}: the glossary lacks {term}");
        }
        assert_eq!(term_of("Encoder 2 width"), Some("layer"));
        assert_eq!(term_of("Clear"), None);
    }
}
