//! "What is this code for?" - Denoise: gain of the signal-to-noise ratio.

use pinhole_latent::measure::snr_gain;
use pinhole_protocol::latent::{Candidate, Grade, Question, Verdict};

use super::{
    Comparison,
    context::{Context, rebuilt},
    not_applicable,
    text::two_decimals,
};

const MEASURE: &str = "SNR gain in dB";
const EXPLANATION: &str = "How much nearer the result is to the clean sample than the corrupted one was: 10 dB is a tenth \
                           of the squared error, 0 dB no gain.";
/// Difference in dB that is about the same.
const MARGIN: f64 = 0.2;

/// Compares the reconstructions of corrupted samples with PCA's.
pub(super) fn verdict<P: AsyncFn()>(context: &Context<'_, P>) -> Verdict {
    let Some((samples, denoising)) =
        context.code.samples.as_ref().and_then(|samples| Some((samples, samples.denoising.as_ref()?)))
    else {
        return not_applicable(
            Question::Denoise,
            MEASURE,
            "It was not trained with a corruption: choose one under “Corruption” and train, then ask again.",
        );
    };
    let gain = |denoised| snr_gain(&samples.inputs, &denoising.noisy, denoised);
    let mut candidates = vec![Candidate { name: "This code".into(), value: gain(&denoising.denoised) }];
    if let Some(pca) = context.pca_of_same_size() {
        let value = rebuilt(&pca, &denoising.noisy).as_ref().and_then(gain);
        candidates.push(Candidate { name: context.pca_name(), value });
    }
    candidates.push(Candidate { name: format!("Corrupted {}", samples.noun), value: Some(0.0) });
    let (grade, sentence) = match Comparison::of(&candidates, true) {
        None => (Grade::NotApplicable, "The corruption changed nothing: there is no noise to remove.".into()),
        Some(comparison) => (comparison.grade(true, MARGIN), sentence(comparison)),
    };
    Verdict {
        question: Question::Denoise,
        grade,
        sentence,
        measure: MEASURE.into(),
        explanation: EXPLANATION.into(),
        higher_is_better: true,
        candidates,
    }
}

fn sentence(comparison: Comparison) -> String {
    let [code, best] = [comparison.code, comparison.best].map(two_decimals);
    match comparison.grade(true, MARGIN) {
        Grade::Good => format!("It takes {code} dB of the noise away, the best of the others {best} dB."),
        _ if comparison.code <= 0.0 => {
            format!("It makes corrupted samples worse ({code} dB): leave them as they are, or train further.")
        }
        _ => format!("PCA of the same size removes as much noise ({best} against {code} dB): use it."),
    }
}
