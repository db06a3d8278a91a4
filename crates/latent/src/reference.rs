//! Reference values of the tests, by scikit-learn, SciPy, NumPy and the papers' code: `tests/reference/measures.py`.

use serde::Deserialize;

use crate::{Labels, Vectors};

#[derive(Deserialize)]
pub struct Reference {
    pub clusters: Vec<Clusters>,
    pub neighbourhood: Neighbourhood,
    pub probes: Vec<Probe>,
    pub reports: Vec<Report>,
    pub regressions: Vec<Regression>,
    pub reconstruction: Reconstruction,
    pub intrinsic_dimensions: Vec<IntrinsicDimension>,
    pub kl: Kl,
    pub associations: Vec<Association>,
    pub information: Information,
    pub mixtures: Vec<Mixture>,
}

/// Row-major vectors.
#[derive(Deserialize)]
pub struct Data {
    values: Vec<f32>,
    width: usize,
}

impl Data {
    pub fn vectors(&self) -> Vectors {
        Vectors::new(self.values.clone(), self.width).expect("the reference has whole vectors")
    }
}

#[derive(Deserialize)]
pub struct Clusters {
    data: Data,
    labels: Vec<Option<u8>>,
    pub silhouette: f64,
    pub davies_bouldin: f64,
    pub calinski_harabasz: f64,
    pub leave_one_out_accuracy: f64,
    pub k: usize,
    pub inertia: f64,
}

impl Clusters {
    pub fn vectors(&self) -> Vectors {
        self.data.vectors()
    }

    pub fn labels(&self) -> Labels {
        Labels::new(&self.labels)
    }
}

#[derive(Deserialize)]
pub struct Neighbourhood {
    pub originals: Data,
    pub embedding: Data,
    /// Number of neighbours, trustworthiness, continuity.
    pub by_k: Vec<(usize, f64, f64)>,
}

#[derive(Deserialize)]
pub struct Probe {
    pub data: Data,
    pub labels: Vec<u8>,
    /// Weights [width + 1, logits]; the last line is the bias.
    pub weights: Vec<f64>,
    pub predicted: Vec<u8>,
}

#[derive(Deserialize)]
pub struct Report {
    pub truth: Vec<u8>,
    pub predicted: Vec<u8>,
    pub accuracy: f64,
    pub confusion: Vec<Vec<usize>>,
    /// Precision, recall and F1 of each class, of the macro mean and of the weighted one.
    pub figures: Vec<f64>,
}

#[derive(Deserialize)]
pub struct Regression {
    pub data: Data,
    pub targets: Vec<f64>,
    pub train: usize,
    pub alpha: f64,
    pub weights: Vec<f64>,
    pub bias: f64,
    pub r2: f64,
    pub mae: f64,
}

#[derive(Deserialize)]
pub struct Reconstruction {
    pub samples: Data,
    pub reconstructions: Data,
    pub mse: f64,
    pub mae: f64,
    pub explained_variance: f64,
    pub psnr: f64,
}

#[derive(Deserialize)]
pub struct IntrinsicDimension {
    pub data: Data,
    pub dimension: f64,
}

#[derive(Deserialize)]
pub struct Kl {
    pub mu: Data,
    pub logvar: Data,
    pub by_dimension: Vec<f64>,
}

#[derive(Deserialize)]
pub struct Association {
    pub one: Vec<f64>,
    pub other: Vec<f64>,
    pub categories: Vec<usize>,
    pub pearson: f64,
    pub spearman: f64,
    pub correlation_ratio: f64,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the measure's name")]
pub struct Information {
    pub dimensions: Vec<Vec<f64>>,
    pub factors: Vec<Vec<usize>>,
    /// By dimension, then by factor.
    pub mutual_information: Vec<Vec<f64>>,
    pub gap: f64,
}

#[derive(Deserialize)]
pub struct Mixture {
    pub data: Data,
    pub components: usize,
    pub is_full: bool,
    pub assignments: Vec<usize>,
    pub weights: Vec<f64>,
    pub log_likelihood: f64,
    pub bic: f64,
}

/// The reference values.
pub fn reference() -> Reference {
    serde_json::from_str(include_str!("../tests/reference/measures.json")).expect("the reference is JSON")
}

/// Checks that a value is within 1e-6 of its reference.
pub fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}
