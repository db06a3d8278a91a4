//! "What is this code for?" - Generate: distance of drawn samples to held-out ones, and near-copies.

use pinhole_latent::{
    Vectors,
    sampling::{MixtureSearch, SampleQuality, SampleQualityCheck},
};
use pinhole_protocol::latent::{Candidate, Grade, LatentMeasure, Question, Verdict};

use super::{
    context::{Context, MeasuredSamples},
    not_applicable,
    text::{percent, two_decimals},
};
use crate::EngineError;

const MEASURE: &str = "Distance to held-out samples, in units of that between real ones";
const EXPLANATION: &str = "Median distance from a drawn sample to the nearest held-out one, over the same from one half of \
                           the held-out samples to the other. 1 is like real samples; above it they are unlike any, and \
                           below it they are blurred, as a mean is near to all.";
/// Distances up to this count as those of real samples.
const LIKE_REAL: f64 = 1.15;
/// Distances above this count as unlike any real sample.
const UNLIKE_REAL: f64 = 1.5;
/// Share of near-copies above which samples count as copied: a fifth.
const COPIED: f64 = 0.2;
/// Numbers of components to choose from.
const COMPONENTS: [usize; 6] = [1, 2, 4, 8, 16, 32];
const SEED: u64 = 0;

/// Compares drawn samples with held-out ones, beside those of a mixture in PCA's coordinates.
pub(super) async fn verdict<P: AsyncFn()>(context: &Context<'_, P>) -> Result<Verdict, EngineError> {
    let Some(samples) = &context.code.samples else {
        let reason = "These vectors come from a file: no network is known that decodes new ones.";
        return Ok(not_applicable(Question::Generate, MEASURE, reason));
    };
    let drawn = match &samples.drawn {
        Ok(drawn) => drawn,
        Err(reason) => return Ok(not_applicable(Question::Generate, MEASURE, reason.clone())),
    };
    let own = check(context, samples, &drawn.samples).await?;
    let mut candidates = vec![Candidate { name: "This code".into(), value: ratio(own) }];
    if let Some(of_pca) = drawn_from_pca(context, samples).await? {
        let found = check(context, samples, &of_pca).await?;
        candidates.push(Candidate { name: context.pca_name(), value: ratio(found) });
    }
    candidates.push(Candidate { name: format!("Real {}", samples.noun), value: Some(1.0) });
    let (grade, sentence) = judgement(own, &drawn.distribution);
    Ok(Verdict {
        question: Question::Generate,
        grade,
        sentence,
        measure: MEASURE.into(),
        explanation: EXPLANATION.into(),
        higher_is_better: false,
        candidates,
    })
}

fn ratio(quality: SampleQuality) -> Option<f64> {
    (quality.usual_distance > 0.0).then(|| quality.distance_to_held_out / quality.usual_distance)
}

fn judgement(quality: SampleQuality, distribution: &str) -> (Grade, String) {
    let Some(distance) = ratio(quality) else {
        return (Grade::NotApplicable, "Held-out samples are equal: nothing can be told of new ones.".into());
    };
    let copies = percent(quality.copied_share);
    let text = two_decimals(distance);
    if quality.copied_share > COPIED {
        let sentence = format!("{copies} of the samples from {distribution} are nearly copies of training samples.");
        return (Grade::Poor, sentence);
    }
    match distance {
        distance if distance <= LIKE_REAL => (
            Grade::Good,
            format!(
                "Samples from {distribution} are as near to held-out ones as real samples are ({text}); {copies} are nearly copies."
            ),
        ),
        distance if distance <= UNLIKE_REAL => (
            Grade::Fair,
            format!(
                "Samples from {distribution} are {text} times as far from held-out ones as real samples are; {copies} are nearly copies."
            ),
        ),
        _ => (
            Grade::Poor,
            format!(
                "Samples from {distribution} are {text} times as far from held-out ones as real samples are: the space between the codes is not smooth."
            ),
        ),
    }
}

async fn check<P: AsyncFn()>(
    context: &Context<'_, P>,
    samples: &MeasuredSamples,
    drawn: &Vectors,
) -> Result<SampleQuality, EngineError> {
    Ok(context.run(SampleQualityCheck::new(drawn, &samples.inputs, &samples.training, SEED)?).await)
}

/// Samples from a mixture in the coordinates of PCA; `None` without training samples.
async fn drawn_from_pca<P: AsyncFn()>(
    context: &Context<'_, P>,
    samples: &MeasuredSamples,
) -> Result<Option<Vectors>, EngineError> {
    let Some(pca) = context.pca_of_same_size() else { return Ok(None) };
    let coordinates = Vectors::new(pca.transform(&samples.training)?, pca.len())?;
    let mixture = context.run(MixtureSearch::new(&coordinates, &COMPONENTS, SEED)?).await;
    let drawn = mixture.draw(samples.inputs.len(), SEED);
    Ok(Some(Vectors::new(pca.inverse_transform(drawn.values()), samples.inputs.width())?))
}

/// Distances and near-copies of the drawn samples.
pub(super) async fn more<P: AsyncFn()>(context: &Context<'_, P>) -> Result<Vec<LatentMeasure>, EngineError> {
    let Some(samples) = &context.code.samples else { return Ok(Vec::new()) };
    let Ok(drawn) = &samples.drawn else { return Ok(Vec::new()) };
    let Ok(own) = check(context, samples, &drawn.samples).await else { return Ok(Vec::new()) };
    let pair = |drawn: f64, real: f64| {
        [("Drawn", drawn), ("Real", real)]
            .map(|(kind, value)| Candidate { name: format!("{kind} {}", samples.noun), value: Some(value) })
            .to_vec()
    };
    let measure = |name: &str, candidates| LatentMeasure { group: "Sampling".into(), name: name.into(), candidates };
    Ok(vec![
        measure("Median distance to the nearest held-out sample", pair(own.distance_to_held_out, own.usual_distance)),
        measure("Share of near-copies of training samples", pair(own.copied_share, own.usual_copied_share)),
    ])
}
