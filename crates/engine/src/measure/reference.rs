//! What `tests/reference/measures.py` has of scikit-learn, SciPy, NumPy and PyTorch.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Reference {
    pub neighbours: Vec<Neighbours>,
    pub discrepancies: Vec<Discrepancy>,
    pub perplexities: Vec<Perplexity>,
    pub evidence: Vec<Evidence>,
}

#[derive(Deserialize)]
pub struct Neighbours {
    pub codes: Vec<f32>,
    pub width: usize,
    pub labels: Vec<u8>,
    pub accuracy: f64,
}

#[derive(Deserialize)]
pub struct Discrepancy {
    pub one: Vec<f32>,
    pub other: Vec<f32>,
    pub width: usize,
    pub bandwidth: f64,
    #[serde(rename = "discrepancy")]
    pub expected: f64,
}

#[derive(Deserialize)]
pub struct Perplexity {
    pub counts: Vec<u32>,
    pub perplexity: f64,
}

#[derive(Deserialize)]
pub struct Evidence {
    pub means: Vec<f32>,
    pub log_variances: Vec<f32>,
    pub logits: Vec<f32>,
    pub targets: Vec<f32>,
    pub log_variance: f64,
    pub divergence: f64,
    pub bernoulli: f64,
    pub gaussian: f64,
}

pub fn reference() -> Reference {
    serde_json::from_str(include_str!("../../tests/reference/measures.json")).expect("the reference is JSON")
}
