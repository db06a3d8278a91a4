//! Checks of an experiment: ranges of settings, compatibility of its parts, memory.

mod data;
mod network;
mod objective;
mod schedule;
#[cfg(test)]
mod tests;
mod ties;

pub use data::check_row_width;

use crate::{BlockPlace, Experiment, ImageSource, NetworkPlan, table::RowsSummary};

/// Error about a setting of an experiment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SpecError {
    /// Dotted name of the setting, such as `schedule.batch_size`.
    pub field: &'static str,
    /// One sentence: what is wrong, and a remedy.
    pub message: String,
    /// The block that it is about, if any.
    pub block: Option<BlockPlace>,
}

impl SpecError {
    /// Returns an error about `field`.
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into(), block: None }
    }

    /// Returns the error with `place` as its block, unless it has one.
    pub(crate) fn at(self, place: BlockPlace) -> Self {
        Self { block: self.block.or(Some(place)), ..self }
    }
}

/// Limits that keep training within the memory of a browser tab.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest number of parameters: 16 million need 4 buffers (weights, gradients, Adam's two moments) of 64 MB each.
    pub parameters: u64,
    /// Largest number of values of a batch in one layer: 32 million floats are 128 MiB, WebGPU's default limit of a
    /// storage buffer binding.
    pub batch_values: usize,
    /// Largest number of bytes of weights and activations: half of wasm's 4 GB, the rest is for samples and copies.
    pub memory_bytes: u64,
    /// Largest number of resident images: 100,000 of 28x28 are 314 MB.
    pub images: usize,
    /// Largest number of epochs.
    pub epochs: usize,
}

/// The limits.
pub const LIMITS: Limits = Limits {
    parameters: 16_000_000,
    batch_values: 32_000_000,
    memory_bytes: 2_000_000_000,
    images: 100_000,
    epochs: 10_000,
};

/// An experiment whose settings are all in range, with the plan of its network.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedExperiment {
    spec: Experiment,
    plan: NetworkPlan,
}

impl CheckedExperiment {
    /// The experiment.
    pub const fn spec(&self) -> &Experiment {
        &self.spec
    }

    /// The plan of its network.
    pub const fn plan(&self) -> &NetworkPlan {
        &self.plan
    }

    /// Returns a warning if nothing keeps the network from learning the identity, or if skips bypass the bottleneck.
    pub fn identity_warning(&self) -> Option<&'static str> {
        let objective = &self.spec.objective;
        if self.plan.has_skips() {
            return Some(
                "The skips go past the bottleneck: what the code holds is then no measure of what was needed to rebuild \
                 the input.",
            );
        }
        let can_copy = self.plan.completeness() == crate::Completeness::Overcomplete;
        let is_regularised = !objective.corruption.is_none()
            || !objective.penalties.is_empty()
            || self.plan.bottleneck != crate::BottleneckPlan::Plain;
        (can_copy && !is_regularised).then_some(
            "The code is at least as large as the input and nothing is corrupted: the network can learn to copy. \
             Add noise or a penalty, or make the code smaller.",
        )
    }
}

impl Experiment {
    /// As [`Experiment::check`]; if the experiment reads table rows, also checks their width.
    ///
    /// # Errors
    /// As [`Experiment::check`]; a wrong width is reported before its consequences.
    pub fn check_with(self, rows: Option<&RowsSummary>) -> Result<CheckedExperiment, SpecError> {
        if let Some(rows) = rows.filter(|_| self.data.source == ImageSource::TableRows) {
            check_row_width(&rows.name, rows.width, self.network.input)?;
        }
        self.check()
    }

    /// Checks every setting and lays out the network.
    ///
    /// # Errors
    /// For the first setting that is out of range or incompatible, with a remedy.
    pub fn check(self) -> Result<CheckedExperiment, SpecError> {
        schedule::check(&self.schedule)?;
        require(self.data.limit.is_none_or(|limit| (1..=LIMITS.images).contains(&limit)), "data.limit", || {
            format!("use 1 to {} images", LIMITS.images)
        })?;
        require((0.0..=0.9).contains(&self.network.dropout), "network.dropout", || {
            "dropout must be from 0 to 0.9 (0.2 is a good start)".into()
        })?;
        let plan = self.network.plan()?;
        objective::check(&self.objective, &self.network, &plan)?;
        ties::check(&self.objective, &self.network, &plan)?;
        ties::check_attributes(&self)?;
        data::check(&self, &plan)?;
        network::check_memory(&self, &plan)?;
        Ok(CheckedExperiment { spec: self, plan })
    }
}

/// Returns an error about `field` unless `holds`.
fn require(holds: bool, field: &'static str, message: impl FnOnce() -> String) -> Result<(), SpecError> {
    if holds { Ok(()) } else { Err(SpecError::new(field, message())) }
}
