//! Reference values of scikit-learn, SciPy, NumPy and PyTorch, which `tests/reference/measures.py` writes.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Reference {
    pub neighbours: Vec<NeighbourAccuracyCase>,
    pub mmds: Vec<Mmd>,
    pub perplexities: Vec<Perplexity>,
    pub elbos: Vec<Elbo>,
}

#[derive(Deserialize)]
pub struct NeighbourAccuracyCase {
    pub codes: Vec<f32>,
    pub width: usize,
    pub labels: Vec<u8>,
    pub accuracy: f64,
}

#[derive(Deserialize)]
pub struct Mmd {
    pub one: Vec<f32>,
    pub other: Vec<f32>,
    pub width: usize,
    pub bandwidth: f64,
    #[serde(rename = "mmd")]
    pub expected: f64,
}

#[derive(Deserialize)]
pub struct Perplexity {
    pub counts: Vec<u32>,
    pub perplexity: f64,
}

#[derive(Deserialize)]
pub struct Elbo {
    pub mu: Vec<f32>,
    pub logvar: Vec<f32>,
    pub logits: Vec<f32>,
    pub targets: Vec<f32>,
    pub output_logvar: f64,
    pub kl_divergence: f64,
    pub bernoulli: f64,
    pub gaussian: f64,
}

pub fn reference() -> Reference {
    serde_json::from_str(include_str!("../../tests/reference/measures.json")).expect("the reference is JSON")
}
