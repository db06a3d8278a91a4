//! Texts of measurements: value with unit, and a sentence on its meaning.

use pinhole_protocol::{Measure, Measurement};

use crate::{
    components::format::{brief, fixed, grouped},
    glossary::LinkedTerm,
};

/// Measurement as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasurementText {
    pub value: String,
    pub sentence: String,
}

impl MeasurementText {
    /// Texts of a measurement, compared with its reference if it has one.
    pub fn new(measurement: &Measurement) -> Self {
        let Measurement { measure, value, reference, .. } = *measurement;
        Self { value: value_text(measure, value), sentence: sentence(measure, value, reference) }
    }
}

/// Term of the glossary that explains a measure, if there is one.
pub const fn term(measure: Measure) -> Option<LinkedTerm> {
    match measure {
        Measure::ReconstructionError | Measure::HiddenError | Measure::StudentError => {
            Some(LinkedTerm::ReconstructionError)
        }
        Measure::Denoising => Some(LinkedTerm::Psnr),
        Measure::NeighbourAccuracy => Some(LinkedTerm::FiveNeighbourAccuracy),
        Measure::ActiveShare => Some(LinkedTerm::ActiveShare),
        Measure::ActiveUnits => Some(LinkedTerm::ActiveUnits),
        Measure::NegativeElbo => Some(LinkedTerm::Elbo),
        Measure::CodebookPerplexity => Some(LinkedTerm::CodebookPerplexity),
        Measure::PriorMmd => Some(LinkedTerm::Mmd),
        Measure::Accuracy | Measure::TiedAccuracy => Some(LinkedTerm::Accuracy),
        Measure::RegressionR2
        | Measure::RegressionMae
        | Measure::TiedCorrelation
        | Measure::NoiseCopied
        | Measure::DeadUnits
        | Measure::Sensitivity
        | Measure::StudentSize
        | Measure::StudentTime => None,
    }
}

/// Value with its unit.
pub fn value_text(measure: Measure, value: f64) -> String {
    match measure {
        Measure::Denoising => format!("{} dB", fixed(value, 1)),
        Measure::NegativeElbo => format!("{} nats", fixed(value, 1)),
        Measure::ActiveUnits | Measure::DeadUnits => grouped(whole(value)),
        Measure::CodebookPerplexity => fixed(value, 1),
        Measure::RegressionR2 | Measure::TiedCorrelation => fixed(value, 3),
        Measure::NeighbourAccuracy
        | Measure::ActiveShare
        | Measure::Accuracy
        | Measure::TiedAccuracy
        | Measure::StudentSize
        | Measure::StudentTime => percent(value),
        Measure::ReconstructionError
        | Measure::HiddenError
        | Measure::NoiseCopied
        | Measure::Sensitivity
        | Measure::PriorMmd
        | Measure::RegressionMae
        | Measure::StudentError => brief(value),
    }
}

fn sentence(measure: Measure, value: f64, reference: Option<f64>) -> String {
    let Some(reference) = reference else { return meaning(measure).to_owned() };
    match measure {
        Measure::ReconstructionError => explained(value, reference, "The MSE of the mean sample is"),
        Measure::HiddenError => explained(value, reference, "Filled with the mean sample, the MSE is"),
        Measure::Denoising => denoising(value, reference),
        Measure::NeighbourAccuracy => format!(
            "Share of samples whose label is the majority label of the five nearest codes. Always predicting the \
             most frequent label would be right for {}.",
            percent(reference)
        ),
        Measure::Accuracy | Measure::TiedAccuracy => {
            format!("Always predicting the most frequent label would be right for {}.", percent(reference))
        }
        Measure::RegressionMae => {
            format!("{} Predicting the mean has {}.", meaning(measure), brief(reference))
        }
        Measure::RegressionR2 => meaning(measure).to_owned(),
        Measure::TiedCorrelation => {
            format!("{} No other latent number has more than {}.", meaning(measure), fixed(reference, 3))
        }
        Measure::NoiseCopied => noise_copied(value, reference),
        Measure::ActiveUnits => active_units(value, reference),
        Measure::DeadUnits => dead_units(value, reference),
        Measure::CodebookPerplexity => codebook(value, reference),
        Measure::PriorMmd => mmd(value, reference),
        Measure::StudentError => {
            let change = 100.0 * (value / reference - 1.0);
            let word = if change < 0.0 { "less" } else { "more" };
            format!("The teacher has {}: {} % {word}.", brief(reference), fixed(change.abs(), 0))
        }
        _ => format!("{} To compare: {}.", meaning(measure), value_text(measure, reference)),
    }
}

/// Meaning of a value without a reference.
const fn meaning(measure: Measure) -> &'static str {
    match measure {
        Measure::ReconstructionError | Measure::StudentError => {
            "Mean squared error on samples that training did not see."
        }
        Measure::HiddenError => "Mean squared error where the input was hidden.",
        Measure::Denoising => "PSNR of the reconstruction against the clean sample: higher is better.",
        Measure::NeighbourAccuracy => "Share of samples whose label is the majority label of the five nearest codes.",
        Measure::NoiseCopied => {
            "Mean squared error of the reconstruction of random noise: near 0, the network copies its input."
        }
        Measure::ActiveShare => {
            "Mean share of a code's numbers above a hundredth of the largest; the others are practically 0."
        }
        Measure::Sensitivity => "Change of the code per unit change of the input: lower is more robust.",
        Measure::NegativeElbo => {
            "Upper bound on the negative log-likelihood per sample, in nats: lower is better, and only models of the same data \
             can be compared."
        }
        Measure::DeadUnits => "Numbers of the code that are the same for every sample, and so tell nothing.",
        Measure::ActiveUnits => "Numbers of the code that vary with the sample.",
        Measure::CodebookPerplexity => "Number of codebook vectors in use, as if all were used equally often.",
        Measure::PriorMmd => {
            "Maximum mean discrepancy between codes and draws from the prior: 0 means the same distribution."
        }
        Measure::Accuracy => "Share of samples that the classifier labels correctly.",
        Measure::RegressionR2 => {
            "Share of the attribute's variance that the regression explains: 1 is perfect, 0 no better than the mean."
        }
        Measure::RegressionMae => "Mean absolute error of the regression, in the attribute's own unit.",
        Measure::TiedCorrelation => {
            "Correlation of the tied latent numbers with their attributes: 1 means that one is the other."
        }
        Measure::TiedAccuracy => "Share of samples whose largest tied latent number is that of their label.",
        Measure::StudentSize => "Share of the teacher's number of weights.",
        Measure::StudentTime => "Share of the teacher's time per batch.",
    }
}

/// Sentence with the MSE of the mean sample and the explained share, 1 - MSE / MSE of the mean sample.
fn explained(value: f64, reference: f64, introduction: &str) -> String {
    let mean = format!("{introduction} {}", brief(reference));
    if value < reference {
        format!("{mean}. Explained: {} (1 - MSE / MSE of the mean sample).", percent(1.0 - value / reference))
    } else {
        format!("{mean}: the network explains nothing beyond the mean.")
    }
}

fn denoising(value: f64, reference: f64) -> String {
    let gain = value - reference;
    let verb = if gain < 0.0 { "lost" } else { "gained" };
    let before = fixed(reference, 1);
    format!("The corrupted input itself has {before} dB: denoising {verb} {} dB.", fixed(gain.abs(), 1))
}

fn noise_copied(value: f64, reference: f64) -> String {
    // Limits as shares of the noise's variance.
    const COPIED: f64 = 0.1;
    const LOST: f64 = 0.5;
    let (error, variance) = (brief(value), brief(reference));
    match value / reference {
        share if share < COPIED => format!(
            "It copies random noise: an error of {error} at a variance of {variance}. It may have learnt the identity, \
             so a low error on samples alone proves nothing."
        ),
        share if share < LOST => {
            format!("Some of the noise is reconstructed: an error of {error} at a variance of {variance}.")
        }
        _ => format!(
            "Random noise is not reconstructed: an error of {error} at a variance of {variance}. The network \
             reconstructs only what it has learnt."
        ),
    }
}

fn active_units(value: f64, reference: f64) -> String {
    let (active, all) = (whole(value), whole(reference));
    match active {
        0 => format!(
            "None of {all} numbers varies with the sample: the posterior has collapsed, and the decoder ignores the code. \
             Try a smaller beta, or a warm-up."
        ),
        _ if active == all => format!("All {all} numbers of the code vary with the sample."),
        _ => format!("Of {all} numbers of the code, {active} vary with the sample; the others are inactive."),
    }
}

fn dead_units(value: f64, reference: f64) -> String {
    let (dead, all) = (whole(value), whole(reference));
    match dead {
        0 => format!("Each of the {all} numbers of the code varies with the sample."),
        _ => format!("Of {all} numbers of the code, {dead} are the same for every sample, and so tell nothing."),
    }
}

fn codebook(value: f64, reference: f64) -> String {
    // Below a tenth in use, the codebook has collapsed onto a few vectors.
    const COLLAPSED: f64 = 0.1;
    let text = format!("As if {} of {} vectors were used equally often", fixed(value, 0), fixed(reference, 0));
    if value < COLLAPSED * reference { format!("{text}: the codebook has collapsed.") } else { format!("{text}.") }
}

fn mmd(value: f64, reference: f64) -> String {
    // Two sets of draws differ by chance, and this difference varies by about its own size.
    const BY_CHANCE: f64 = 2.0;
    let text = format!("Two sets of draws from the prior have an MMD of {}", brief(reference));
    if value <= BY_CHANCE * reference.abs() {
        format!("{text}: the codes cannot be distinguished from the prior.")
    } else {
        format!("{text}: the distribution of the codes still differs from the prior.")
    }
}

/// Share in percent.
pub fn percent(share: f64) -> String {
    format!("{} %", fixed(100.0 * share, 1))
}

fn whole(value: f64) -> usize {
    value.max(0.0).round() as usize
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn texts(measure: Measure, value: f64, reference: Option<f64>) -> (String, String) {
        let text = MeasurementText::new(&Measurement { measure, value, reference, samples: 1_000 });
        (text.value, text.sentence)
    }

    fn sentence_of(measure: Measure, value: f64, reference: f64) -> String {
        texts(measure, value, Some(reference)).1
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_error_is_compared_with_the_mean_samples() {
        let (value, sentence) = texts(Measure::ReconstructionError, 0.0081, Some(0.0675));
        assert_eq!(value, "0.0081");
        assert_eq!(
            sentence,
            "The MSE of the mean sample is 0.0675. Explained: 88.0 % (1 - MSE / MSE of the mean sample)."
        );
        let worse = sentence_of(Measure::HiddenError, 0.08, 0.07);
        assert_eq!(
            worse,
            "Filled with the mean sample, the MSE is 0.07: the network explains nothing beyond the mean."
        );
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_network_that_copies_noise_is_recognised() {
        assert!(sentence_of(Measure::NoiseCopied, 0.004, 1.0 / 12.0).contains("learnt the identity"));
        assert!(sentence_of(Measure::NoiseCopied, 0.03, 1.0 / 12.0).starts_with("Some of the noise is reconstructed"));
        assert!(sentence_of(Measure::NoiseCopied, 0.2, 1.0 / 12.0).starts_with("Random noise is not reconstructed"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn collapse_is_reported() {
        assert!(sentence_of(Measure::ActiveUnits, 0.0, 20.0).contains("the posterior has collapsed"));
        assert_eq!(sentence_of(Measure::ActiveUnits, 20.0, 20.0), "All 20 numbers of the code vary with the sample.");
        assert!(sentence_of(Measure::ActiveUnits, 5.0, 20.0).starts_with("Of 20 numbers of the code, 5 vary"));
        assert!(sentence_of(Measure::CodebookPerplexity, 1.2, 64.0).ends_with("the codebook has collapsed."));
        assert!(sentence_of(Measure::CodebookPerplexity, 41.3, 64.0).ends_with("used equally often."));
        assert!(sentence_of(Measure::PriorMmd, 0.001, 0.0008).ends_with("cannot be distinguished from the prior."));
        assert!(sentence_of(Measure::PriorMmd, 0.1, 0.0008).ends_with("still differs from the prior."));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn gains_and_losses_have_different_verbs() {
        assert_eq!(
            texts(Measure::Denoising, 20.5, Some(14.2)),
            ("20.5 dB".into(), "The corrupted input itself has 14.2 dB: denoising gained 6.3 dB.".into())
        );
        assert!(sentence_of(Measure::Denoising, 12.0, 14.2).ends_with("denoising lost 2.2 dB."));
        assert_eq!(sentence_of(Measure::StudentError, 0.009, 0.0075), "The teacher has 0.0075: 20 % more.");
        assert_eq!(sentence_of(Measure::StudentError, 0.006, 0.0075), "The teacher has 0.0075: 20 % less.");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_value_without_reference_has_a_meaning() {
        assert_eq!(texts(Measure::ActiveShare, 0.0625, None).0, "6.3 %");
        assert_eq!(texts(Measure::NegativeElbo, 105.37, None).0, "105.4 nats");
        assert!(texts(Measure::Sensitivity, 0.12, None).1.contains("per unit change of the input"));
        assert!(texts(Measure::ActiveShare, 0.06, Some(0.5)).1.ends_with("To compare: 50.0 %."));
    }
}
