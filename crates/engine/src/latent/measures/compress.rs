//! "What is this code for?" - Compress: explained variance at equal size.

use pinhole_latent::{Vectors, measure::reconstruction_error, projection::pca::Pca};
use pinhole_protocol::latent::{Candidate, Grade, Question, Verdict};

use super::{
    Comparison,
    context::{Context, MeasuredSamples, rebuilt},
    not_applicable,
    text::{numbers, percent},
};

const MEASURE: &str = "Explained variance";
const EXPLANATION: &str = "The share of what makes samples differ that is still there after the way through the code, \
                           on samples that were not trained on: 1 is a perfect reconstruction, 0 the mean sample.";
/// Difference that is about the same.
const MARGIN: f64 = 0.01;

/// Compares the reconstruction with that from as many principal components.
pub(super) fn verdict<P: AsyncFn()>(context: &Context<'_, P>) -> Verdict {
    let Some(samples) = &context.code.samples else {
        return not_applicable(
            Question::Compress,
            MEASURE,
            "These vectors come from a file without their samples: open the codes of a model to measure its reconstruction.",
        );
    };
    let size = context.code.codes.width();
    let candidates = candidates(context, samples);
    let comparison = Comparison::of(&candidates, true);
    let (grade, sentence) = match (comparison, &context.pca) {
        _ if size >= samples.inputs.width() => {
            (Grade::Poor, format!("The code has {}, no fewer than a sample: nothing is compressed.", numbers(size)))
        }
        (Some(comparison), Some(pca)) => (
            comparison.grade(true, MARGIN),
            sentence(comparison, size, components_needed(pca, samples, comparison.code)),
        ),
        (None, _) if candidates.first().is_none_or(|code| code.value.is_none()) => {
            (Grade::NotApplicable, "All samples are equal: there is no variance to explain.".into())
        }
        _ => (
            Grade::NotApplicable,
            "There are no training samples to fit PCA to: the figure has nothing beside it.".into(),
        ),
    };
    Verdict {
        question: Question::Compress,
        grade,
        sentence,
        measure: MEASURE.into(),
        explanation: EXPLANATION.into(),
        higher_is_better: true,
        candidates,
    }
}

fn sentence(comparison: Comparison, size: usize, components: Option<usize>) -> String {
    let Comparison { code, best } = comparison;
    let [code, best] = [code, best].map(percent);
    if comparison.grade(true, MARGIN) == Grade::Good {
        let needed = components.map_or(String::new(), |needed| format!("; PCA needs {} for as much", numbers(needed)));
        return format!("With {} this code explains {code} of the variance, PCA {best}{needed}.", numbers(size));
    }
    let components = match components.unwrap_or(size).min(size) {
        1 => "1 component".to_owned(),
        needed => format!("{needed} components"),
    };
    format!("PCA with {components} rebuilds as well (with {size}, {best} against {code} of the variance): use it.")
}

fn candidates<P: AsyncFn()>(context: &Context<'_, P>, samples: &MeasuredSamples) -> Vec<Candidate> {
    let explained = |other: &Vectors| reconstruction_error(&samples.inputs, other)?.explained_variance;
    let mut candidates = vec![Candidate { name: "This code".into(), value: explained(&samples.reconstructions) }];
    if let Some(pca) = context.pca_of_same_size() {
        let value = rebuilt(&pca, &samples.inputs).as_ref().and_then(explained);
        candidates.push(Candidate { name: context.pca_name(), value });
    }
    candidates
}

/// Fewest principal components that explain at least `share` of the variance of the samples; `None` if those that were
/// fitted do not.
fn components_needed(pca: &Pca, samples: &MeasuredSamples, share: f64) -> Option<usize> {
    let inputs = &samples.inputs;
    let coordinates = pca.transform(inputs).ok()?;
    let deviation = |values: &[f32], mean: &[f64]| -> f64 {
        values.iter().zip(mean).map(|(&value, mean)| (f64::from(value) - mean).powi(2)).sum()
    };
    let own_mean = pinhole_numerics::moments::column_means(inputs.values(), inputs.width());
    let variance: f64 = inputs.rows().map(|row| deviation(row, &own_mean)).sum();
    // The components are orthogonal: each takes its squared coordinates off the distance from the training mean.
    let mut rest: f64 = inputs.rows().map(|row| deviation(row, pca.mean())).sum();
    (0..pca.len())
        .position(|component| {
            let column = coordinates.iter().skip(component).step_by(pca.len());
            rest -= column.map(|&coordinate| f64::from(coordinate).powi(2)).sum::<f64>();
            1.0 - rest / variance >= share
        })
        .map(|component| component + 1)
}
