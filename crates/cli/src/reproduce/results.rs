//! Results of the reference networks, as a JSON file and as a table.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::networks::{Metric, ReferenceNetwork};
use crate::files;

/// Result of a reference network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkResult {
    /// The experiment's seed.
    pub seed: u64,
    /// Values of [`ReferenceNetwork::metrics`], in that order.
    pub values: Vec<f64>,
    /// Seconds of training.
    pub train_s: f64,
}

/// Results by the networks' names.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Results(BTreeMap<String, NetworkResult>);

impl Results {
    /// Reads a file of results; empty if there is no such file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} holds no results", path.display()))
    }

    /// Writes the file of results atomically.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        files::write(path, format!("{}\n", serde_json::to_string_pretty(self)?).as_bytes())
    }

    /// True if there is a result of the network.
    pub fn contains(&self, network: &ReferenceNetwork) -> bool {
        self.0.contains_key(network.name)
    }

    /// Adds or replaces the result of a network.
    pub fn insert(&mut self, network: &ReferenceNetwork, result: NetworkResult) {
        self.0.insert(network.name.to_owned(), result);
    }

    /// Returns a Markdown table of all metrics; networks without a result are left out.
    pub fn table(&self, networks: &[ReferenceNetwork]) -> String {
        let mut table = String::from("| network | metric | Pinhole | PyTorch |\n|---|---|---|---|\n");
        for network in networks {
            let Some(result) = self.0.get(network.name) else { continue };
            for (metric, &value) in network.metrics.iter().zip(&result.values) {
                table.push_str(&line(&network.title, *metric, value));
            }
        }
        table
    }
}

/// Returns a row of the table; a value as good as PyTorch's is bold.
fn line(title: &str, metric: Metric, value: f64) -> String {
    let Metric { name, pytorch, decimals, higher_is_better } = metric;
    let is_as_good = if higher_is_better { value >= pytorch } else { value <= pytorch };
    let mark = if is_as_good { "**" } else { "" };
    format!("| {title} | {name} | {mark}{value:.decimals$}{mark} | {pytorch:.decimals$} |\n")
}

#[cfg(test)]
mod tests {
    use super::{super::networks::reference_networks, *};

    #[test]
    fn the_table_has_measured_networks_and_marks_values_as_good_as_the_reference() {
        let networks = reference_networks();
        let mut results = Results::default();
        results.insert(&networks[0], NetworkResult { seed: 0, values: vec![0.008], train_s: 1.0 });
        assert!(results.contains(&networks[0]) && !results.contains(&networks[1]));
        let table = results.table(&networks);
        assert_eq!(table.lines().count(), 3, "{table}");
        assert!(table.contains("| test MSE | **0.00800** | 0.00816 |"), "{table}");
        results.insert(&networks[0], NetworkResult { seed: 0, values: vec![0.009], train_s: 1.0 });
        assert!(results.table(&networks).contains("| 0.00900 | 0.00816 |"));
    }
}
