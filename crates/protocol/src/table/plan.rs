//! How odd rows are to be found.

use serde::{Deserialize, Serialize};

use super::ColumnKind;

/// What scores the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The autoencoder, with the recipe that was measured best; see the README.
    #[default]
    Autoencoder,
    /// Reconstruction from the principal components.
    Pca,
    /// Isolation forest (Liu, Ting and Zhou 2008).
    IsolationForest,
}

impl Method {
    /// Every method, in the order a menu shows.
    pub const ALL: [Self; 3] = [Self::Autoencoder, Self::Pca, Self::IsolationForest];

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Autoencoder => "Autoencoder",
            Self::Pca => "PCA",
            Self::IsolationForest => "Isolation forest",
        }
    }
}

/// How numbers are brought to one scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// Minus the mean, by the standard deviation.
    #[default]
    Standard,
    /// By rank to a normal distribution.
    Quantile,
}

/// One column of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnPlan {
    /// Its name.
    pub name: String,
    /// How its cells are read.
    pub kind: ColumnKind,
    /// Whether the detector sees it.
    pub used: bool,
}

/// The column that says which rows are odd. It is never a feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelPlan {
    /// Its name.
    pub column: String,
    /// The values that mean odd; every other value means normal.
    #[serde(rename = "odd_values")]
    pub anomalous_values: Vec<String>,
}

/// Which rows the detector learns from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowChoice {
    /// Those that the label calls normal, all but a held-out share for honest measures; without a label, all rows, and
    /// the robust mode.
    #[default]
    Auto,
    /// All rows, in the robust mode: the worst share is left out of training (labels only measure).
    #[serde(rename = "robust")]
    Unsupervised,
}

/// Everything that decides a detector, the data aside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DetectorPlan {
    /// Every column of the table, in its order.
    pub columns: Vec<ColumnPlan>,
    /// Which rows are odd, if the table says so.
    pub label: Option<LabelPlan>,
    /// What scores the rows.
    pub method: Method,
    /// Which rows train.
    pub rows: RowChoice,
    /// How numbers are scaled.
    pub scaling: Scaling,
    /// The share of rows that is taken to be odd where no label says so, 0 to 0.5: trimmed by the robust mode, and the
    /// first threshold.
    #[serde(rename = "expected_odd_share")]
    pub contamination: f64,
    /// Of the normal rows, the share held out of training where there is a label, 0 to 0.5: thresholds by false-alarm
    /// rate and the measures use those.
    pub held_out_share: f64,
    /// Fixes everything that is random.
    pub seed: u64,
}

impl Default for DetectorPlan {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            label: None,
            method: Method::default(),
            rows: RowChoice::default(),
            scaling: Scaling::default(),
            contamination: 0.05,
            held_out_share: 0.3,
            seed: 0,
        }
    }
}
