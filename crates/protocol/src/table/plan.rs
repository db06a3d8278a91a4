//! Plan of a detector: columns, label, method, training rows, scaling.

use serde::{Deserialize, Serialize};

use super::ColumnKind;

/// Method of anomaly detection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Ensemble of autoencoders, with the settings that measured best; see the README.
    #[default]
    Autoencoder,
    /// Reconstruction error of principal component analysis.
    Pca,
    /// Isolation forest (Liu, Ting and Zhou 2008).
    IsolationForest,
}

impl Method {
    /// Every method, in the order of menus.
    pub const ALL: [Self; 3] = [Self::Autoencoder, Self::Pca, Self::IsolationForest];

    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Autoencoder => "Autoencoder",
            Self::Pca => "PCA",
            Self::IsolationForest => "Isolation forest",
        }
    }
}

/// Scaling of numeric columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberScaling {
    /// Standard scores: minus the mean, divided by the standard deviation.
    #[default]
    Standard,
    /// Quantile transform to a standard normal distribution.
    Quantile,
}

/// Plan of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnPlan {
    /// Name of the column.
    pub name: String,
    /// Kind that its cells are read as.
    pub kind: ColumnKind,
    /// True if it is a feature of the detector.
    pub used: bool,
}

/// The column that labels anomalies. It is never a feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelPlan {
    /// Name of the column.
    pub column: String,
    /// The values that mark an anomaly; rows with any other value are normal.
    #[serde(rename = "odd_values")]
    pub anomalous_values: Vec<String>,
}

/// Choice of the training rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowChoice {
    /// With a label semi-supervised: rows labelled normal, except a held-out share to measure on. Without a label
    /// unsupervised.
    #[default]
    Auto,
    /// Unsupervised: all rows; the autoencoder then trains on the 70 % of them with the lowest isolation-forest scores.
    /// Labels are used for measures only.
    #[serde(rename = "robust")]
    Unsupervised,
}

/// Settings of a detector. Together with the table they determine it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DetectorPlan {
    /// Every column of the table, in the table's order.
    pub columns: Vec<ColumnPlan>,
    /// The label column, if any.
    pub label: Option<LabelPlan>,
    /// Name of the column that says to which entity a row belongs, if rows are compared with those of their own entity.
    /// It is never a feature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// Name of the column with the time of each row, if a row is compared with those before it: the table is a log, in
    /// the order of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The method.
    pub method: Method,
    /// Choice of the training rows.
    pub rows: RowChoice,
    /// Scaling of numeric columns.
    pub scaling: NumberScaling,
    /// Contamination: expected share of anomalies, 0 to 0.5. The first threshold flags this share of all rows, unless
    /// normal rows were held out.
    #[serde(rename = "expected_odd_share")]
    pub contamination: f64,
    /// Share of the held-out normal rows that the first threshold flags, 0 to 1, where there are some. The contamination
    /// does not matter then: it is of all rows, where this one is of normal ones.
    pub false_alarm_rate: f64,
    /// Share of the normal rows held out of semi-supervised training, 0 to 0.5, for measures and for thresholds by
    /// false-alarm rate.
    pub held_out_share: f64,
    /// Seed of all random numbers.
    pub seed: u64,
}

/// False-alarm rate of the first threshold unless another is chosen.
const FIRST_FALSE_ALARM_RATE: f64 = 0.05;

impl Default for DetectorPlan {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            label: None,
            entity: None,
            time: None,
            method: Method::default(),
            rows: RowChoice::default(),
            scaling: NumberScaling::default(),
            contamination: 0.05,
            false_alarm_rate: FIRST_FALSE_ALARM_RATE,
            held_out_share: 0.3,
            seed: 0,
        }
    }
}
