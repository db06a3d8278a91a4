//! An experiment that later code can trust.

mod data;
mod network;
mod objective;
mod schedule;
#[cfg(test)]
mod tests;

pub use data::check_row_width;

use crate::{BlockPlace, Experiment, ImageSource, NetworkPlan, table::RowsSummary};

/// What one setting was, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SpecError {
    /// Dotted name of the setting, such as `schedule.batch_size`.
    pub field: &'static str,
    /// One sentence for a person.
    pub message: String,
    /// The block that it is about, where it is about one.
    pub block: Option<BlockPlace>,
}

impl SpecError {
    /// An error about `field`.
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into(), block: None }
    }

    /// The same, about a block unless it already is.
    pub(crate) fn at(self, place: BlockPlace) -> Self {
        Self { block: self.block.or(Some(place)), ..self }
    }
}

/// Bounds that keep a run inside a browser tab's memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most weights: 16 M need 4 buffers (weights, gradients, Adam's two moments) of 64 MB each.
    pub parameters: u64,
    /// Most values that a batch may hold in one layer: 32 M floats are 128 MiB, WebGPU's default storage binding.
    pub batch_values: usize,
    /// Most bytes of weights and activations: half of what 32 bits reach, the rest is for samples and copies.
    pub memory_bytes: u64,
    /// Most images resident at once: 100,000 of 28x28 are 314 MB.
    pub images: usize,
    /// Most epochs.
    pub epochs: usize,
}

/// The bounds in force.
pub const LIMITS: Limits = Limits {
    parameters: 16_000_000,
    batch_values: 32_000_000,
    memory_bytes: 2_000_000_000,
    images: 100_000,
    epochs: 10_000,
};

/// An experiment whose every setting is in range, with its network laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedExperiment {
    spec: Experiment,
    plan: NetworkPlan,
}

impl CheckedExperiment {
    /// The experiment as it was written.
    pub const fn spec(&self) -> &Experiment {
        &self.spec
    }

    /// Its layers.
    pub const fn plan(&self) -> &NetworkPlan {
        &self.plan
    }

    /// A warning where nothing keeps the network from learning to copy its input.
    pub fn identity_warning(&self) -> Option<&'static str> {
        let objective = &self.spec.objective;
        if self.plan.has_skips() {
            return Some(
                "The skips go past the bottleneck: what the code holds is then no measure of what was needed to rebuild \
                 the input.",
            );
        }
        let can_copy = self.plan.completeness() == crate::Completeness::Overcomplete;
        let is_hindered = !objective.corruption.is_none()
            || !objective.penalties.is_empty()
            || self.plan.bottleneck != crate::BottleneckPlan::Plain;
        (can_copy && !is_hindered).then_some(
            "The code is at least as large as the input and nothing is corrupted: the network can learn to copy. \
             Add noise or a penalty, or make the code smaller.",
        )
    }
}

impl Experiment {
    /// As [`Experiment::check`], and that the network reads the rows of a table, where the experiment is about those.
    ///
    /// # Errors
    /// As there; another width is told before what follows from it.
    pub fn check_with(self, rows: Option<&RowsSummary>) -> Result<CheckedExperiment, SpecError> {
        if let Some(rows) = rows.filter(|_| self.data.source == ImageSource::TableRows) {
            check_row_width(&rows.name, rows.width, self.network.input)?;
        }
        self.check()
    }

    /// Checks every setting and lays out the network.
    ///
    /// # Errors
    /// The first setting that is out of range, with what to do about it.
    pub fn check(self) -> Result<CheckedExperiment, SpecError> {
        schedule::check(&self.schedule)?;
        demand(self.data.limit.is_none_or(|limit| (1..=LIMITS.images).contains(&limit)), "data.limit", || {
            format!("use 1 to {} images", LIMITS.images)
        })?;
        demand((0.0..=0.9).contains(&self.network.dropout), "network.dropout", || {
            "dropout must be from 0 to 0.9 (0.2 is a good start)".into()
        })?;
        let plan = self.network.plan()?;
        objective::check(&self.objective, &self.network, &plan)?;
        data::check(&self, &plan)?;
        network::check_memory(&self, &plan)?;
        Ok(CheckedExperiment { spec: self, plan })
    }
}

/// An error about `field` unless `holds`.
fn demand(holds: bool, field: &'static str, message: impl FnOnce() -> String) -> Result<(), SpecError> {
    if holds { Ok(()) } else { Err(SpecError::new(field, message())) }
}
