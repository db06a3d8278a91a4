//! Scores of an ensemble's members, and the scales on which they are averaged.

use super::{
    ensemble::TrainingMode,
    score_scale::{MemberScale, TailScale},
};

/// Weights of the members. What makes a row of a table unusual is most often that its cells do not fit each other, so
/// that the column predictors count most. Trained on normal rows of numbers alone, the network counts as much, as it
/// knows smooth relations better; trained on anomalies too, it copies some of them, and stretches where rows are rare.
/// The forest and the histograms, which see each column nearly alone, vote only where anomalies form groups, as groups
/// predict each other and are each other's neighbours.
///
/// Chosen on the tables of the README. On 24 other tables AUROC without labels is .851 (16 mixed ones; neighbours .774)
/// and .836 (8 of numbers; isolation forest .827).
pub(super) fn weights(mode: TrainingMode, has_groups: bool, number_share: f64, rows: usize) -> Members<f64> {
    let of_numbers = ((number_share - MIXED_SHARE) / (1.0 - MIXED_SHARE)).clamp(0.0, 1.0);
    let (network, neighbours) = match mode {
        TrainingMode::SemiSupervised => (0.5f64.mul_add(of_numbers, 0.5), 0.25f64.mul_add(of_numbers, 0.25)),
        TrainingMode::Unsupervised if has_groups => (0.5, 0.5),
        TrainingMode::Unsupervised => (0.2, 0.4),
    };
    Members {
        network,
        neighbours,
        forest: Some(1.0),
        columns: Some((rows as f64 / TREE_ROWS).min(1.0)),
        histograms: Some(1.0),
    }
}

/// Training rows from which on the column predictors have their full weight: trees of fewer learn little.
const TREE_ROWS: f64 = 300.0;
/// Share of numbers among the cells up to which a table counts as mixed.
const MIXED_SHARE: f64 = 0.7;

/// A value for each member that an ensemble has.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Members<T> {
    /// Of the autoencoder.
    pub network: T,
    /// Of the nearest training rows.
    pub neighbours: T,
    /// Of the isolation forest.
    pub forest: Option<T>,
    /// Of the column predictors.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub columns: Option<T>,
    /// Of the histograms.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub histograms: Option<T>,
}

/// Scales by which the members' scores are made alike; saved in a detector file.
pub type MemberScales = Members<MemberScale>;

/// Scores that the members give one row: mean squared reconstruction error, distance to the fifth nearest reference row
/// (0 without references), the forest's score, the sums of the cells' surprises.
pub(super) type MemberScores = Members<f64>;

impl<T> Members<T> {
    /// Each member's value with that of `other`, those of the members that both have.
    fn zip<'a, U>(&'a self, other: &'a Members<U>) -> impl Iterator<Item = (&'a T, &'a U)> {
        [
            Some((&self.network, &other.network)),
            Some((&self.neighbours, &other.neighbours)),
            self.forest.as_ref().zip(other.forest.as_ref()),
            self.columns.as_ref().zip(other.columns.as_ref()),
            self.histograms.as_ref().zip(other.histograms.as_ref()),
        ]
        .into_iter()
        .flatten()
    }
}

impl MemberScales {
    /// Scales of the members that gave these scores, with their weights.
    pub(super) fn fit(scores: &[MemberScores], weights: &Members<f64>) -> Self {
        let scale = |weight, score: fn(&MemberScores) -> f64| {
            MemberScale::Tail(TailScale::fit(weight, scores.iter().map(score).collect()))
        };
        let optional = |weight: Option<f64>, score: fn(&MemberScores) -> Option<f64>| {
            let scores: Option<Vec<f64>> = scores.iter().map(score).collect();
            scores.zip(weight).map(|(scores, weight)| MemberScale::Tail(TailScale::fit(weight, scores)))
        };
        Self {
            network: scale(weights.network, |scores| scores.network),
            neighbours: scale(weights.neighbours, |scores| scores.neighbours),
            forest: optional(weights.forest, |scores| scores.forest),
            columns: optional(weights.columns, |scores| scores.columns),
            histograms: optional(weights.histograms, |scores| scores.histograms),
        }
    }

    /// Weight of each member.
    pub(super) fn weights(&self) -> Members<f64> {
        let weight = |scale: &Option<MemberScale>| scale.as_ref().map(MemberScale::weight);
        Members {
            network: self.network.weight(),
            neighbours: self.neighbours.weight(),
            forest: weight(&self.forest),
            columns: weight(&self.columns),
            histograms: weight(&self.histograms),
        }
    }

    /// Anomaly score of a row: the weighted mean of the members' scores on their scales. `has_neighbours` is false where
    /// there are no reference rows.
    pub(super) fn combine(&self, scores: &MemberScores, has_neighbours: bool) -> f64 {
        let (parts, weight) = self.parts(scores, has_neighbours);
        let sum: f64 = parts.zip(&parts).map(|(&part, _)| part).sum();
        if weight > 0.0 { sum / weight } else { 0.0 }
    }

    /// Part of each member in the score of a row; the sum over the members is the score.
    pub(super) fn shares(&self, scores: &MemberScores, has_neighbours: bool) -> Members<f64> {
        let (parts, weight) = self.parts(scores, has_neighbours);
        let share = |part: f64| if weight > 0.0 { part / weight } else { 0.0 };
        Members {
            network: share(parts.network),
            neighbours: share(parts.neighbours),
            forest: parts.forest.map(share),
            columns: parts.columns.map(share),
            histograms: parts.histograms.map(share),
        }
    }

    /// Each member's weighted score, and the sum of the weights.
    fn parts(&self, scores: &MemberScores, has_neighbours: bool) -> (Members<f64>, f64) {
        let part = |scale: &MemberScale, score: f64| scale.weight() * scale.apply(score);
        let optional = |scale: &Option<MemberScale>, score: Option<f64>| Some(part(scale.as_ref()?, score?));
        let parts = Members {
            network: part(&self.network, scores.network),
            neighbours: if has_neighbours { part(&self.neighbours, scores.neighbours) } else { 0.0 },
            forest: optional(&self.forest, scores.forest),
            columns: optional(&self.columns, scores.columns),
            histograms: optional(&self.histograms, scores.histograms),
        };
        let all: f64 = self.zip(scores).map(|(scale, _)| scale.weight()).sum();
        (parts, if has_neighbours { all } else { all - self.neighbours.weight() })
    }
}
