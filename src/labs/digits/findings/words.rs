//! What a measured value means, in a sentence.

use pinhole_protocol::{Measure, Measurement};

use crate::components::figures::{brief, fixed, grouped};

/// A measurement as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub name: &'static str,
    pub value: String,
    pub sentence: String,
}

impl Finding {
    /// What came out, compared with what it is to be compared with.
    pub fn of(measurement: &Measurement) -> Self {
        let Measurement { measure, value, reference, .. } = *measurement;
        Self { name: measure.label(), value: value_text(measure, value), sentence: sentence(measure, value, reference) }
    }
}

/// The value with its unit.
fn value_text(measure: Measure, value: f64) -> String {
    match measure {
        Measure::Denoising => format!("{} dB", fixed(value, 1)),
        Measure::NegativeElbo => format!("{} nats", fixed(value, 1)),
        Measure::ActiveUnits => grouped(whole(value)),
        Measure::CodebookPerplexity => fixed(value, 1),
        Measure::NeighbourAccuracy
        | Measure::ActiveShare
        | Measure::Accuracy
        | Measure::StudentSize
        | Measure::StudentTime => percent(value),
        Measure::ReconstructionError
        | Measure::HiddenError
        | Measure::NoiseCopied
        | Measure::Sensitivity
        | Measure::PriorMmd
        | Measure::StudentError => brief(value),
    }
}

fn sentence(measure: Measure, value: f64, reference: Option<f64>) -> String {
    let Some(reference) = reference else { return alone(measure).to_owned() };
    match measure {
        Measure::ReconstructionError => against_mean(value, reference, "The mean sample"),
        Measure::HiddenError => against_mean(value, reference, "Filled with the mean sample, it"),
        Measure::Denoising => restoration(value, reference),
        Measure::NeighbourAccuracy => format!(
            "So often do the five nearest codes agree with a sample's own label; the most frequent label alone would be \
             right for {}.",
            percent(reference)
        ),
        Measure::Accuracy => {
            format!("Always saying the most frequent label would be right for {}.", percent(reference))
        }
        Measure::NoiseCopied => noise_copied(value, reference),
        Measure::ActiveUnits => active_units(value, reference),
        Measure::CodebookPerplexity => codebook(value, reference),
        Measure::PriorMmd => discrepancy(value, reference),
        Measure::StudentError => {
            let change = 100.0 * (value / reference - 1.0);
            let word = if change < 0.0 { "less" } else { "more" };
            format!("The teacher has {}: {} % {word}.", brief(reference), fixed(change.abs(), 0))
        }
        _ => format!("{} To compare: {}.", alone(measure), value_text(measure, reference)),
    }
}

/// The meaning of a value that stands alone.
const fn alone(measure: Measure) -> &'static str {
    match measure {
        Measure::ReconstructionError | Measure::StudentError => {
            "Mean squared error on samples that training did not see."
        }
        Measure::HiddenError => "Mean squared error where the input was hidden.",
        Measure::Denoising => "Likeness (PSNR) of what came back to the clean sample: higher is better.",
        Measure::NeighbourAccuracy => "So often do the five nearest codes agree with a sample's own label.",
        Measure::NoiseCopied => "Mean squared error of rebuilding random noise: near 0, the network merely copies.",
        Measure::ActiveShare => "So much of a code is in use on average; the other numbers are practically 0.",
        Measure::Sensitivity => "So far does the code move when the input moves by 1: less is calmer.",
        Measure::NegativeElbo => {
            "A bound on how surprising a sample is to the model, in nats: lower is better, and only models of the same data \
             can be compared."
        }
        Measure::ActiveUnits => "So many numbers of the code vary with the sample.",
        Measure::CodebookPerplexity => "As if so many vectors of the codebook were used equally often.",
        Measure::PriorMmd => "How unlike the codes are to draws of the prior: 0 is alike.",
        Measure::Accuracy => "Share of the samples that the classifier labels rightly.",
        Measure::StudentSize => "Of the teacher's weights.",
        Measure::StudentTime => "Of the teacher's time for a batch.",
    }
}

fn against_mean(value: f64, reference: f64, whose: &str) -> String {
    let mean = format!("{whose} would have {}", brief(reference));
    if value < reference {
        let explained = percent(1.0 - value / reference);
        format!("{mean}: the network tells {explained} of what makes samples differ.")
    } else {
        format!("{mean}: the network tells nothing that the mean does not.")
    }
}

fn restoration(value: f64, reference: f64) -> String {
    let gain = value - reference;
    let verb = if gain < 0.0 { "lost" } else { "gained" };
    let before = fixed(reference, 1);
    format!("The corrupted input itself has {before} dB: restoring it {verb} {} dB.", fixed(gain.abs(), 1))
}

fn noise_copied(value: f64, reference: f64) -> String {
    // Of the noise's own variance.
    const COPIES: f64 = 0.1;
    const IS_LOST: f64 = 0.5;
    let (error, varies) = (brief(value), brief(reference));
    match value / reference {
        share if share < COPIES => format!(
            "It copies random noise: an error of {error} where the noise itself varies by {varies}. That is the identity \
             trap: a low error on samples alone proves nothing."
        ),
        share if share < IS_LOST => {
            format!("Some of the noise comes back: an error of {error} where the noise itself varies by {varies}.")
        }
        _ => format!(
            "Random noise does not come back: an error of {error} where the noise itself varies by {varies}. The network \
             rebuilds what it has learnt, and only that."
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
        _ => format!("Of {all} numbers of the code, {active} vary with the sample; the others tell nothing."),
    }
}

fn codebook(value: f64, reference: f64) -> String {
    // A tenth in use is a codebook that has collapsed onto a few vectors.
    const COLLAPSED: f64 = 0.1;
    let text = format!("As if {} of {} vectors were used equally often", fixed(value, 0), fixed(reference, 0));
    if value < COLLAPSED * reference { format!("{text}: the codebook has collapsed.") } else { format!("{text}.") }
}

fn discrepancy(value: f64, reference: f64) -> String {
    // Two sets of draws differ by chance, from one pair to the next by about as much again.
    const BY_CHANCE: f64 = 2.0;
    let text = format!("Two sets of draws of the prior differ by {}", brief(reference));
    if value <= BY_CHANCE * reference.abs() {
        format!("{text}: the codes cannot be told from the prior.")
    } else {
        format!("{text}: the codes still have a shape of their own.")
    }
}

fn percent(share: f64) -> String {
    format!("{} %", fixed(100.0 * share, 1))
}

fn whole(value: f64) -> usize {
    value.max(0.0).round() as usize
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn told(measure: Measure, value: f64, reference: Option<f64>) -> (String, String) {
        let finding = Finding::of(&Measurement { measure, value, reference, samples: 1_000 });
        (finding.value, finding.sentence)
    }

    fn sentence_of(measure: Measure, value: f64, reference: f64) -> String {
        told(measure, value, Some(reference)).1
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_error_is_compared_with_the_mean_samples() {
        let (value, sentence) = told(Measure::ReconstructionError, 0.0081, Some(0.0675));
        assert_eq!(value, "0.0081");
        assert_eq!(
            sentence,
            "The mean sample would have 0.0675: the network tells 88.0 % of what makes samples differ."
        );
        let worse = sentence_of(Measure::HiddenError, 0.08, 0.07);
        assert_eq!(
            worse,
            "Filled with the mean sample, it would have 0.07: the network tells nothing that the mean does not."
        );
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_identity_trap_is_called_by_its_name() {
        assert!(sentence_of(Measure::NoiseCopied, 0.004, 1.0 / 12.0).contains("the identity trap"));
        assert!(sentence_of(Measure::NoiseCopied, 0.03, 1.0 / 12.0).starts_with("Some of the noise comes back"));
        assert!(sentence_of(Measure::NoiseCopied, 0.2, 1.0 / 12.0).starts_with("Random noise does not come back"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn collapse_is_told() {
        assert!(sentence_of(Measure::ActiveUnits, 0.0, 20.0).contains("the posterior has collapsed"));
        assert_eq!(sentence_of(Measure::ActiveUnits, 20.0, 20.0), "All 20 numbers of the code vary with the sample.");
        assert!(sentence_of(Measure::ActiveUnits, 5.0, 20.0).starts_with("Of 20 numbers of the code, 5 vary"));
        assert!(sentence_of(Measure::CodebookPerplexity, 1.2, 64.0).ends_with("the codebook has collapsed."));
        assert!(sentence_of(Measure::CodebookPerplexity, 41.3, 64.0).ends_with("used equally often."));
        assert!(sentence_of(Measure::PriorMmd, 0.001, 0.0008).ends_with("cannot be told from the prior."));
        assert!(sentence_of(Measure::PriorMmd, 0.1, 0.0008).ends_with("a shape of their own."));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn gains_and_losses_have_their_verbs() {
        assert_eq!(
            told(Measure::Denoising, 20.5, Some(14.2)),
            ("20.5 dB".into(), "The corrupted input itself has 14.2 dB: restoring it gained 6.3 dB.".into())
        );
        assert!(sentence_of(Measure::Denoising, 12.0, 14.2).ends_with("restoring it lost 2.2 dB."));
        assert_eq!(sentence_of(Measure::StudentError, 0.009, 0.0075), "The teacher has 0.0075: 20 % more.");
        assert_eq!(sentence_of(Measure::StudentError, 0.006, 0.0075), "The teacher has 0.0075: 20 % less.");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_value_alone_has_a_meaning_too() {
        assert_eq!(told(Measure::ActiveShare, 0.0625, None).0, "6.3 %");
        assert_eq!(told(Measure::NegativeElbo, 105.37, None).0, "105.4 nats");
        assert!(told(Measure::Sensitivity, 0.12, None).1.contains("when the input moves by 1"));
        assert!(told(Measure::ActiveShare, 0.06, Some(0.5)).1.ends_with("To compare: 50.0 %."));
    }
}
