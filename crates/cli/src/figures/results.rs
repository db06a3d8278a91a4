//! What has come of the rows so far, as JSON and as a table.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::rows::{Figure, Row};
use crate::files;

/// What came of one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The experiment's seed.
    pub seed: u64,
    /// The row's figures, in its order.
    pub values: Vec<f64>,
    /// How long training took.
    pub train_s: f64,
}

/// Results by the names of rows.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Results(BTreeMap<String, Outcome>);

impl Results {
    /// Those in a file; none if there is no such file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} holds no figures", path.display()))
    }

    /// Writes them, whole or not at all.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        files::write(path, format!("{}\n", serde_json::to_string_pretty(self)?).as_bytes())
    }

    /// Whether the row has been measured.
    pub fn has(&self, row: &Row) -> bool {
        self.0.contains_key(row.name)
    }

    /// Notes what came of a row.
    pub fn note(&mut self, row: &Row, outcome: Outcome) {
        self.0.insert(row.name.to_owned(), outcome);
    }

    /// A table in Markdown; rows that have not been measured are left out.
    pub fn table(&self, rows: &[Row]) -> String {
        let mut table = String::from("| network | figure | Pinhole | PyTorch |\n|---|---|---|---|\n");
        for row in rows {
            let Some(result) = self.0.get(row.name) else { continue };
            for (figure, &value) in row.figures.iter().zip(&result.values) {
                table.push_str(&line(&row.title, *figure, value));
            }
        }
        table
    }
}

fn line(title: &str, figure: Figure, value: f64) -> String {
    let Figure { name, pytorch, digits, more_is_better } = figure;
    let is_as_good = if more_is_better { value >= pytorch } else { value <= pytorch };
    let mark = if is_as_good { "**" } else { "" };
    format!("| {title} | {name} | {mark}{value:.digits$}{mark} | {pytorch:.digits$} |\n")
}

#[cfg(test)]
mod tests {
    use super::{super::rows::rows, *};

    #[test]
    fn a_table_has_what_was_measured_and_marks_what_is_as_good() {
        let rows = rows();
        let mut results = Results::default();
        results.note(&rows[0], Outcome { seed: 0, values: vec![0.008], train_s: 1.0 });
        assert!(results.has(&rows[0]) && !results.has(&rows[1]));
        let table = results.table(&rows);
        assert_eq!(table.lines().count(), 3, "{table}");
        assert!(table.contains("| test MSE | **0.00800** | 0.00816 |"), "{table}");
        results.note(&rows[0], Outcome { seed: 0, values: vec![0.009], train_s: 1.0 });
        assert!(results.table(&rows).contains("| 0.00900 | 0.00816 |"));
    }
}
