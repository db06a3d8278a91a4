//! The experiment: what links, model files, presets and the terminal describe, and what a run trains.

use serde::{Deserialize, Serialize};

use crate::{DataSpec, NetworkSpec, Objective, Schedule, Tie};

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

impl Experiment {
    /// Names of the numeric attributes of the samples that the experiment learns, each once: that of the regression
    /// head, then those of the ties. Columns of these names are no part of a table's samples.
    pub fn attributes(&self) -> Vec<&str> {
        let of_head = self.network.regression.iter().map(|head| head.attribute.as_str());
        let of_ties = self.objective.ties.iter().filter_map(Tie::attribute);
        let mut names = Vec::new();
        for name in of_head.chain(of_ties) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}
