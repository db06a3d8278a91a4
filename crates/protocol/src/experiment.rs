//! The value that everything edits, saves, shares and runs.

use serde::{Deserialize, Serialize};

use crate::{DataSpec, NetworkSpec, Objective, Schedule};

/// Data x network x objective x schedule, and a seed: the same experiment on the CPU gives the same result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Experiment {
    /// What to learn from.
    pub data: DataSpec,
    /// What learns.
    pub network: NetworkSpec,
    /// What is minimised.
    pub objective: Objective,
    /// How training proceeds.
    pub schedule: Schedule,
    /// Fixes weights, split, shuffling and noise.
    pub seed: u64,
}
