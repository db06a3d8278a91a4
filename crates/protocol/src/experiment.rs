//! The experiment: what links, model files, presets and the terminal describe, and what a run trains.

use serde::{Deserialize, Serialize};

use crate::{DataSpec, NetworkSpec, Objective, Schedule};

/// Data x network x objective x schedule, and a seed. On the CPU the same experiment gives the same result, bit for
/// bit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Experiment {
    /// Samples.
    pub data: DataSpec,
    /// Architecture of the autoencoder.
    pub network: NetworkSpec,
    /// Loss: reconstruction error, corruption and penalties.
    pub objective: Objective,
    /// Optimiser, learning rate and length of training.
    pub schedule: Schedule,
    /// Seed of weights, split, shuffling and noise.
    pub seed: u64,
}
