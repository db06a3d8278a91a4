//! The default detector: an autoencoder, its neighbours and, where training rows may be odd, a forest, which vote.
//!
//! Each gives a row one number: the logarithm of the network's error, that of the distance to the fifth nearest training
//! row, the isolation forest's score. Each is standardised by the mean and deviation that it has over the training rows,
//! and the row's score is the mean of these: 0 is usual, 1 is a standard deviation odder.
//!
//! Measured on the twelve tables of ADBench named in the README, mean AUROC of three seeds (PyTorch): trained on normal
//! rows the network alone has .9755, the neighbours .9722, both .9765, and a forest beside them spoils it (.9698);
//! trained on all rows, unlabelled, the forest alone has .898, forest and network .902, all three .913. On 35 other tables,
//! chosen before they were looked at: .8627, .8601 and .8698 on normal rows; .7286 (forest), .7357 and .7450 on all rows.

use pinhole_numerics::dense_rows::LANES;
use pinhole_protocol::table::FineTuneEffect;

use super::{
    autoencoder::AutoencoderDetector,
    error::DetectorError,
    features::FeatureTable,
    fine_tune::{FineTuneRun, FineTuned},
    neighbours::{MOST_REFERENCES, Neighbours},
    scale::ScoreScale,
    trim::Trim,
};
use crate::baselines::IsolationForest;

/// Rows over which votes are standardised, at most.
pub(super) const MOST_CALIBRATED: usize = 20_000;

/// Which rows a detector learns from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Rows that are known to be normal.
    SemiSupervised,
    /// All rows: some may be odd, so a forest first picks the more ordinary ones.
    Unsupervised,
}

/// How the members' votes are standardised; kept in a detector's file.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Votes {
    pub(super) network: ScoreScale,
    pub(super) neighbours: ScoreScale,
    pub(super) forest: Option<ScoreScale>,
}

impl Votes {
    pub(super) fn over(ballots: &[Ballot], has_forest: bool) -> Self {
        let all = |vote: fn(&Ballot) -> f64| ballots.iter().map(vote).collect::<Vec<_>>();
        Self {
            network: ScoreScale::of_logarithms(&all(|ballot| ballot.error)),
            neighbours: ScoreScale::of_logarithms(&all(|ballot| ballot.distance)),
            forest: has_forest.then(|| ScoreScale::of(&all(|ballot| ballot.forest))),
        }
    }

    /// Whether a forest votes.
    pub const fn has_forest(&self) -> bool {
        self.forest.is_some()
    }
}

/// What the members say of one row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ballot {
    error: f64,
    distance: f64,
    forest: f64,
}

/// The members.
#[derive(Clone, Debug)]
pub struct Ensemble {
    network: AutoencoderDetector,
    /// Rows that trained, trimmed ones not among them; none where they were left out of a file.
    references: FeatureTable,
    neighbours: Neighbours,
    forest: Option<IsolationForest>,
    trim: Trim,
    votes: Votes,
}

impl Ensemble {
    /// Of its members.
    pub fn new(
        network: AutoencoderDetector,
        references: FeatureTable,
        forest: Option<IsolationForest>,
        trim: Trim,
        votes: Votes,
    ) -> Self {
        let neighbours = Neighbours::new(&references.values, references.width);
        Self { network, references, neighbours, forest, trim, votes }
    }

    /// Appends the score of each prepared row.
    pub fn score(&self, rows: &[f32], scores: &mut Vec<f64>) {
        let ballots = self.ballots(&self.trim.scaled(rows), rows);
        scores.extend(ballots.into_iter().map(|ballot| self.tally(ballot)));
    }

    /// Standardises the votes by those of the training rows.
    pub(super) fn standardise_by(&mut self, ballots: &[Ballot]) {
        self.votes = Votes::over(ballots, self.forest.is_some());
    }

    fn scores_of_scaled(&self, scaled: &[f32]) -> Vec<f64> {
        self.ballots(scaled, &self.trim.restored(scaled)).into_iter().map(|ballot| self.tally(ballot)).collect()
    }

    /// What each member says of each row, not yet standardised.
    pub(super) fn ballots(&self, scaled: &[f32], rows: &[f32]) -> Vec<Ballot> {
        let width = self.network.width().max(1);
        let mut errors = vec![0.0; rows.len() / width];
        self.network.scorer().add_errors(scaled, &mut errors);
        let members = scaled.chunks_exact(width).zip(rows.chunks_exact(width)).zip(errors);
        let ballot = |((scaled, row), error)| Ballot {
            error,
            distance: if self.references.is_empty() { 0.0 } else { self.neighbours.distance(scaled) },
            forest: self.forest.as_ref().map_or(0.0, |forest| forest.score(row)),
        };
        members.map(ballot).collect()
    }

    /// The mean of the standardised votes of the members that there are.
    fn tally(&self, ballot: Ballot) -> f64 {
        let mut votes = vec![self.votes.network.apply(ballot.error)];
        if !self.references.is_empty() {
            votes.push(self.votes.neighbours.apply(ballot.distance));
        }
        votes.extend(self.votes.forest.map(|scale| scale.apply(ballot.forest)));
        votes.iter().sum::<f64>() / votes.len() as f64
    }

    /// The votes' scales over rows on the trim's scale.
    fn votes_over(&self, scaled: &FeatureTable) -> Votes {
        Votes::over(&self.ballots(&scaled.values, &self.trim.restored(&scaled.values)), self.forest.is_some())
    }

    /// The network.
    pub const fn network(&self) -> &AutoencoderDetector {
        &self.network
    }

    /// Prepared rows of training, on the scale of the trim; none where they were left out of a file.
    pub const fn references(&self) -> &FeatureTable {
        &self.references
    }

    /// The forest, if odd rows may have been among the training rows.
    pub const fn forest(&self) -> Option<&IsolationForest> {
        self.forest.as_ref()
    }

    /// The scale of the rows that trained it.
    pub const fn trim(&self) -> &Trim {
        &self.trim
    }

    /// How its members' votes are standardised.
    pub const fn votes(&self) -> Votes {
        self.votes
    }

    /// Begins to train the network on, on new prepared rows and its own references.
    ///
    /// # Errors
    /// As [`FineTuneRun::new`].
    pub fn fine_tune(&self, new: &FeatureTable, seed: u64) -> Result<FineTuneRun, DetectorError> {
        FineTuneRun::new(&self.network, &self.trim.applied(new), &self.references, seed)
    }

    /// The ensemble with the network that came of it: its references are old and new rows, by which all votes are
    /// standardised anew. Rows with a score above `threshold` count as flagged.
    pub fn fine_tuned(&self, tuned: FineTuned, threshold: f64, seed: u64) -> (Self, FineTuneEffect) {
        let references = tuned.rows.sample(MOST_REFERENCES, seed, 1);
        let mut after = Self::new(tuned.network, references, self.forest.clone(), self.trim.clone(), self.votes);
        after.votes = after.votes_over(&tuned.rows.sample(MOST_CALIBRATED, seed, 3));
        let flagged = |ensemble: &Self| {
            let scores = ensemble.scores_of_scaled(&tuned.held_out.values);
            scores.iter().filter(|&&score| score > threshold).count() as f64 / scores.len().max(1) as f64
        };
        let ([old_before, old_after], [new_before, new_after]) = (tuned.old_medians, tuned.new_medians);
        let effect = FineTuneEffect {
            epochs: tuned.epochs,
            replay_rows: tuned.replayed as u64,
            old_before,
            old_after,
            new_before,
            new_after,
            flagged_before: flagged(self),
            flagged_after: flagged(&after),
        };
        (after, effect)
    }

    /// The network's squared error in each feature of each row.
    pub fn feature_errors(&self, rows: &[f32]) -> Vec<f32> {
        let width = self.network.width();
        let mut errors = self.trim.scaled(rows);
        let mut forward = self.network.scorer();
        for block in errors.chunks_mut(LANES * width.max(1)) {
            forward.run(block);
            for (lane, row) in block.chunks_exact_mut(width).enumerate() {
                for (value, rebuilt) in row.iter_mut().zip(forward.rebuilt()) {
                    *value = (*value - rebuilt[lane]).powi(2);
                }
            }
        }
        errors
    }

    /// The row as the network rebuilds it.
    pub fn rebuild(&self, row: &[f32]) -> Vec<f32> {
        self.trim.restored(&self.rebuild_scaled(&self.trim.scaled(row)))
    }

    fn rebuild_scaled(&self, scaled: &[f32]) -> Vec<f32> {
        let mut forward = self.network.scorer();
        forward.run(scaled);
        forward.rebuilt().iter().map(|lanes| lanes[0]).collect()
    }
}
