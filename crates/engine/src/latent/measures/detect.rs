//! "What is this code for?" - Detect: AUROC of the reconstruction error.

use pinhole_latent::{Vectors, measure::auroc};
use pinhole_protocol::latent::{Candidate, Grade, Question, Verdict};

use super::{
    Comparison,
    context::{Context, rebuilt},
    not_applicable,
    text::two_decimals,
};
use crate::EngineError;

const MEASURE: &str = "AUROC of the reconstruction error";
const EXPLANATION: &str = "Probability that an anomaly is rebuilt worse than a normal sample: 1 tells all apart, .5 is \
                           chance.";
/// Difference that is about the same.
const MARGIN: f64 = 0.01;

/// Compares the reconstruction errors with PCA's, and with the distance from the mean sample.
pub(super) fn verdict<P: AsyncFn()>(context: &Context<'_, P>) -> Result<Verdict, EngineError> {
    let marks = &context.code.is_anomalous;
    let refuse = |reason: &str| Ok(not_applicable(Question::Detect, MEASURE, reason));
    let Some(samples) = &context.code.samples else {
        return refuse("These vectors come from a file without their samples: there is no reconstruction error.");
    };
    if marks.iter().flatten().next().is_none() {
        return refuse("No label says which samples are anomalies: choose the label's column in the Tables lab.");
    }
    let figure = |other: &Vectors| {
        let (scores, is_anomalous) = measured(&samples.inputs, other, marks);
        auroc(&scores, &is_anomalous)
    };
    let mut candidates = vec![Candidate { name: "This code".into(), value: figure(&samples.reconstructions) }];
    if let Some(pca) = context.pca_of_same_size() {
        let value = rebuilt(&pca, &samples.inputs).as_ref().and_then(figure);
        candidates.push(Candidate { name: context.pca_name(), value });
        let mean: Vec<f32> = pca.mean().iter().map(|&value| value as f32).collect();
        let means = Vectors::new(mean.repeat(samples.inputs.len()), samples.inputs.width())?;
        let value = figure(&means);
        candidates.push(Candidate { name: format!("Raw {}: distance from the mean", samples.noun), value });
    }
    let (grade, sentence) = match (candidates[0].value, Comparison::of(&candidates, true)) {
        (None, _) => {
            return refuse("All labelled samples are of one kind: both anomalies and normal samples are needed.");
        }
        (Some(own), None) => (
            Grade::NotApplicable,
            format!(
                "It tells anomalies with an AUROC of {}; without training samples there is no PCA beside it.",
                two_decimals(own)
            ),
        ),
        (_, Some(comparison)) => (comparison.grade(true, MARGIN), sentence(comparison)),
    };
    Ok(Verdict {
        question: Question::Detect,
        grade,
        sentence,
        measure: MEASURE.into(),
        explanation: EXPLANATION.into(),
        higher_is_better: true,
        candidates,
    })
}

/// Squared errors of the samples that are marked, with their marks.
fn measured(samples: &Vectors, other: &Vectors, marks: &[Option<bool>]) -> (Vec<f64>, Vec<bool>) {
    let error = |(sample, other): (&[f32], &[f32])| -> f64 {
        sample.iter().zip(other).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum()
    };
    let errors = samples.rows().zip(other.rows()).map(error);
    errors.zip(marks).filter_map(|(error, mark)| Some((error, (*mark)?))).unzip()
}

fn sentence(comparison: Comparison) -> String {
    let [code, best] = [comparison.code, comparison.best].map(two_decimals);
    match comparison.grade(true, MARGIN) {
        Grade::Good => format!("Its errors tell anomalies better than PCA's (AUROC {code} against {best})."),
        _ => format!("A linear method tells anomalies as well (AUROC {best} against {code}): use it."),
    }
}
