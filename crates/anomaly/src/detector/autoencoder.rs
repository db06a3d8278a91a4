//! A trained autoencoder that scores rows by their reconstruction error.

use pinhole_numerics::dense_rows::LANES;
use pinhole_protocol::CheckedExperiment;

use super::{
    dense::{ForwardPass, LayerWeights},
    error::DetectorError,
    feature_table::FeatureTable,
    fit_warnings::FitStatistics,
};

/// A network and the warnings of its training.
#[derive(Clone, Debug)]
pub struct AutoencoderDetector {
    experiment: CheckedExperiment,
    weights: Vec<LayerWeights>,
    warnings: Vec<String>,
    steps: usize,
}

impl AutoencoderDetector {
    /// A network that was trained for `steps` on `rows`; its warnings come from its scores and codes of these rows.
    pub(super) fn with_warnings(
        experiment: CheckedExperiment,
        weights: Vec<LayerWeights>,
        rows: &FeatureTable,
        steps: usize,
    ) -> Self {
        let mut forward = ForwardPass::new(experiment.plan(), &weights);
        let mut statistics = FitStatistics::new(rows, forward.codes().len().min(experiment.plan().code.len()));
        let mut scores = Vec::with_capacity(rows.len());
        for block in rows.values.chunks(LANES * rows.width) {
            let count = block.len() / rows.width;
            forward.run(block);
            scores.extend(forward.squared_errors()[..count].iter().map(|sum| sum / rows.width as f64));
            statistics.add_codes(forward.codes(), count);
        }
        let warnings = statistics.warnings(&scores);
        Self { experiment, weights, warnings, steps }
    }

    /// A network from the parts of a file: one entry of `weights` per layer, of its size.
    pub(super) const fn from_parts(
        experiment: CheckedExperiment,
        weights: Vec<LayerWeights>,
        warnings: Vec<String>,
        steps: usize,
    ) -> Self {
        Self { experiment, weights, warnings, steps }
    }

    /// Experiment that it was trained by.
    pub const fn experiment(&self) -> &CheckedExperiment {
        &self.experiment
    }

    /// Weights, one entry per layer.
    pub fn weights(&self) -> &[LayerWeights] {
        &self.weights
    }

    /// Warnings of its training, one sentence each.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Training steps so far.
    pub const fn steps(&self) -> usize {
        self.steps
    }

    /// Number of features of a row.
    pub const fn width(&self) -> usize {
        self.experiment.plan().input.len()
    }

    /// The forward pass of its network. Packing the weights takes as long as a few rows: keep it for many.
    pub fn scorer(&self) -> ForwardPass {
        ForwardPass::new(self.experiment.plan(), &self.weights)
    }

    /// Mean squared reconstruction error of each row of row-major `rows`.
    ///
    /// # Errors
    /// When the values do not make whole rows.
    pub fn score(&self, rows: &[f32]) -> Result<Vec<f64>, DetectorError> {
        let width = self.width();
        if !rows.len().is_multiple_of(width) {
            return Err(DetectorError::Width { found: rows.len(), needed: width });
        }
        let mut scores = vec![0.0; rows.len() / width];
        self.scorer().add_errors(rows, &mut scores);
        Ok(scores)
    }
}
