//! "What is this code for?" - Group: silhouette by label, or by k-means.

use pinhole_latent::{
    Labels, Vectors,
    measure::{KMeans, Silhouette},
};
use pinhole_protocol::latent::{Grade, Question, Verdict};

use super::{Comparison, context::Context, text::two_decimals};
use crate::EngineError;

const EXPLANATION: &str = "How much nearer samples are to their own group than to the next one: 1 is far apart, 0 mixed, \
                           below 0 nearer to another group.";
/// Difference that is about the same.
const MARGIN: f64 = 0.02;
/// Most clusters that are tried without labels.
const MAX_CLUSTERS: usize = 10;
/// Starts of k-means.
const STARTS: usize = 4;
const SEED: u64 = 0;

/// Groups by which representations are compared.
pub(super) enum Groups {
    /// Labels.
    Labels,
    /// So many clusters, found in each representation by k-means.
    Clusters(usize),
}

impl Groups {
    /// Name for people.
    pub fn name(&self) -> String {
        match self {
            Self::Labels => "by label".into(),
            Self::Clusters(count) => format!("by k-means, {count} clusters"),
        }
    }
}

/// Compares how far groups are apart.
pub(super) async fn verdict<P: AsyncFn()>(context: &Context<'_, P>) -> Result<Verdict, EngineError> {
    let groups = groups(context).await?;
    let candidates = context
        .of_each(async |representation| {
            let labels = labels_of(context, &representation.vectors, &groups).await?;
            Ok(silhouette(context, &representation.vectors, &labels).await)
        })
        .await?;
    let (grade, sentence) = match Comparison::of(&candidates, true) {
        Some(comparison) => (comparison.grade(true, MARGIN), sentence(comparison, &groups)),
        None => match candidates[0].value {
            Some(_) => (
                Grade::NotApplicable,
                "There are no samples to compare the code with: only its own figure is told.".into(),
            ),
            None => (Grade::NotApplicable, "All codes are equal: there are no groups.".into()),
        },
    };
    Ok(Verdict {
        question: Question::Group,
        grade,
        sentence,
        measure: format!("Silhouette {}", groups.name()),
        explanation: EXPLANATION.into(),
        higher_is_better: true,
        candidates,
    })
}

fn sentence(comparison: Comparison, groups: &Groups) -> String {
    let [code, best] = [comparison.code, comparison.best].map(two_decimals);
    let kind = match groups {
        Groups::Labels => "labels",
        Groups::Clusters(_) => "clusters",
    };
    match comparison.grade(true, MARGIN) {
        Grade::Good => {
            format!("Its {kind} are further apart than in PCA and the raw samples (silhouette {code} against {best}).")
        }
        Grade::Fair => format!("Its {kind} are as far apart as without it (silhouette {code} against {best})."),
        _ => format!(
            "Its {kind} are closer together than without it (silhouette {code} against {best}): group by PCA or the raw samples."
        ),
    }
}

/// Labels if there are two classes or more, else the number of clusters of the codes that has the best silhouette.
pub(super) async fn groups<P: AsyncFn()>(context: &Context<'_, P>) -> Result<Groups, EngineError> {
    if context.labels.names().len() >= 2 {
        return Ok(Groups::Labels);
    }
    let codes = &context.code.codes;
    let (mut best, mut clusters) = (f64::NEG_INFINITY, 2);
    for count in 2..=MAX_CLUSTERS.min(codes.len() - 1) {
        let labels = labels_of(context, codes, &Groups::Clusters(count)).await?;
        let found = silhouette(context, codes, &labels).await.unwrap_or(f64::NEG_INFINITY);
        if found > best {
            (best, clusters) = (found, count);
        }
    }
    Ok(Groups::Clusters(clusters))
}

/// Labels, or the clusters of `vectors`.
pub(super) async fn labels_of<P: AsyncFn()>(
    context: &Context<'_, P>,
    vectors: &Vectors,
    groups: &Groups,
) -> Result<Labels, EngineError> {
    let &Groups::Clusters(count) = groups else { return Ok(context.labels.clone()) };
    let clustering = context.run(KMeans::new(vectors, count, STARTS, SEED)?).await;
    let labels: Vec<Option<u8>> = clustering.assignments.iter().map(|&cluster| u8::try_from(cluster).ok()).collect();
    Ok(Labels::new(&labels))
}

/// Silhouette; `None` with one group only.
pub(super) async fn silhouette<P: AsyncFn()>(
    context: &Context<'_, P>,
    vectors: &Vectors,
    labels: &Labels,
) -> Option<f64> {
    Some(context.run(Silhouette::new(vectors, labels).ok()?).await)
}
