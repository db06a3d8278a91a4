//! A trained autoencoder that scores rows by how badly it rebuilds them.

use pinhole_numerics::dense_rows::LANES;
use pinhole_protocol::CheckedExperiment;

use super::dense::LayerWeights;
use super::{dense::ForwardPass, error::DetectorError, features::FeatureTable, health::Health};

/// The network, and what went wrong in training it.
#[derive(Clone, Debug)]
pub struct AutoencoderDetector {
    experiment: CheckedExperiment,
    weights: Vec<LayerWeights>,
    /// What went wrong in training, in sentences for people.
    warnings: Vec<String>,
    steps: usize,
}

impl AutoencoderDetector {
    /// Measures a network on the rows that trained it.
    pub(super) fn measured(
        experiment: CheckedExperiment,
        weights: Vec<LayerWeights>,
        rows: &FeatureTable,
        steps: usize,
    ) -> Self {
        let mut forward = ForwardPass::new(experiment.plan(), &weights);
        let mut health = Health::new(rows, forward.codes().len().min(experiment.plan().code.len()));
        let mut scores = Vec::with_capacity(rows.len());
        for block in rows.values.chunks(LANES * rows.width) {
            let count = block.len() / rows.width;
            forward.run(block);
            scores.extend(forward.squared_errors()[..count].iter().map(|sum| sum / rows.width as f64));
            health.note_codes(forward.codes(), count);
        }
        let warnings = health.warnings(&scores);
        Self { experiment, weights, warnings, steps }
    }

    /// Puts together what a file held: one entry of `weights` a layer, of its size.
    pub(super) const fn from_parts(
        experiment: CheckedExperiment,
        weights: Vec<LayerWeights>,
        warnings: Vec<String>,
        steps: usize,
    ) -> Self {
        Self { experiment, weights, warnings, steps }
    }

    /// What made it.
    pub const fn experiment(&self) -> &CheckedExperiment {
        &self.experiment
    }

    /// Its weights, one entry a layer.
    pub fn weights(&self) -> &[LayerWeights] {
        &self.weights
    }

    /// What went wrong in training, in sentences for people.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Steps that it was trained.
    pub const fn steps(&self) -> usize {
        self.steps
    }

    /// Features that it reads of a row.
    pub const fn width(&self) -> usize {
        self.experiment.plan().input.len()
    }

    /// Its network, ready to score. Packing takes as long as a few rows: keep it for many.
    pub fn scorer(&self) -> ForwardPass {
        ForwardPass::new(self.experiment.plan(), &self.weights)
    }

    /// The mean squared error of each row, rows lying one after the other.
    ///
    /// # Errors
    /// When the values are no whole number of rows.
    pub fn score(&self, rows: &[f32]) -> Result<Vec<f64>, DetectorError> {
        let width = self.width();
        if !rows.len().is_multiple_of(width) {
            return Err(DetectorError::Width { came: rows.len(), needed: width });
        }
        let mut scores = vec![0.0; rows.len() / width];
        self.scorer().add_errors(rows, &mut scores);
        Ok(scores)
    }
}
