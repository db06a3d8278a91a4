//! One loss or penalty: its value, and its slopes along what it is taken of.

use burn::tensor::{Device, Int, Tensor};
use pinhole_kernels::matmul::matmul;
use pinhole_protocol::{Activation, Agreement, GridShape};
use serde::Deserialize;

use super::{
    ReferenceError,
    agreement::{note, unseen},
    fixture, read,
};
use crate::{
    EngineError,
    objective::{
        Dissimilarity, bce_with_logits, classification, contraction, divergence, fooling, gaussian_nll, huber,
        kl_sparsity, l1, mae, mse, orthogonality, telling_apart, total_correlation,
    },
};

/// The arguments of a case that are no tensors.
#[derive(Deserialize)]
pub(super) struct Head {
    #[serde(default)]
    target: f32,
    #[serde(default)]
    activation: Activation,
    /// Channels, rows and columns.
    #[serde(default)]
    shape: [usize; 3],
}

type Case<'a> = fixture::Case<'a, Head>;

/// Compares the value and every gradient that the case has.
pub(super) async fn compare(case: &Case<'_>, device: &Device) -> Result<Agreement, EngineError> {
    let mut arguments = Arguments { case, device: device.clone().autodiff(), leaves: Vec::new() };
    let value = value(&mut arguments)?;
    let gradients = value.backward();
    let mut agreement = unseen(case.name);
    note(&mut agreement, "value", &read(value).await?, &case.values("value")?, 0.0);
    for (name, leaf) in &arguments.leaves {
        let expected = case.values(&format!("gradients/{name}"))?;
        let found = leaf.grad(&gradients).unwrap_or_else(|| leaf.clone().inner().zeros_like());
        note(&mut agreement, &format!("gradients/{name}"), &read(found).await?, &expected, 0.0);
    }
    Ok(agreement)
}

/// The tensors that a loss is taken of.
struct Arguments<'a> {
    case: &'a Case<'a>,
    device: Device,
    /// Those that it is differentiated by.
    leaves: Vec<(&'static str, Tensor<2>)>,
}

impl Arguments<'_> {
    /// One that the loss is differentiated by.
    fn leaf(&mut self, name: &'static str) -> Result<Tensor<2>, ReferenceError> {
        let leaf = self.case.rows(name, &self.device)?.require_grad();
        self.leaves.push((name, leaf.clone()));
        Ok(leaf)
    }

    fn given(&self, name: &str) -> Result<Tensor<2>, ReferenceError> {
        self.case.rows(name, &self.device)
    }

    fn hidden(&self) -> Result<Option<Tensor<2>>, ReferenceError> {
        self.case.find("hidden").map(|_| self.given("hidden")).transpose()
    }

    fn labels(&self) -> Result<Tensor<1, Int>, ReferenceError> {
        Ok(self.given("labels")?.int().flatten(0, 1))
    }
}

fn value(of: &mut Arguments) -> Result<Tensor<1>, ReferenceError> {
    let name = of.case.name.trim_end_matches("_hidden");
    let Head { target, activation, shape: [channels, height, width] } = *of.case.head;
    Ok(match name {
        "mse" => mse(of.leaf("reconstruction")?, of.given("clean")?, of.hidden()?),
        "mae" => mae(of.leaf("reconstruction")?, of.given("clean")?, of.hidden()?),
        "huber" => huber(of.leaf("reconstruction")?, of.given("clean")?, of.hidden()?),
        "bce" => bce_with_logits(of.leaf("reconstruction")?, of.given("clean")?, of.hidden()?),
        "gaussian" => {
            let log_variance = of.leaf("log_variance")?.flatten(0, 1);
            gaussian_nll(of.leaf("reconstruction")?, of.given("clean")?, log_variance, of.hidden()?)
        }
        "ssim" => {
            let shape = GridShape { channels, height, width };
            Dissimilarity::new(shape, &of.device).of(of.leaf("reconstruction")?, of.given("clean")?)
        }
        "divergence" => divergence(of.leaf("mean")?, of.leaf("log_variance")?),
        "l1" => l1(of.leaf("code")?),
        "kl_sparsity" => kl_sparsity(of.leaf("code")?, target),
        "total_correlation" => total_correlation(of.leaf("drawn")?, of.leaf("mean")?, of.leaf("log_variance")?),
        "orthogonality" => orthogonality(of.leaf("code")?),
        "fooling" => fooling(of.leaf("logits")?),
        "telling_apart" => telling_apart(of.leaf("prior_logits")?, of.leaf("code_logits")?),
        "classification" => classification(of.leaf("logits")?, of.labels()?),
        _ if name.starts_with("contractive_") => {
            let weight = of.leaf("weight")?.transpose();
            let weighed = matmul(of.given("input")?, weight.clone()) + of.leaf("bias")?;
            contraction(weighed, weight, activation)
        }
        _ => return Err(of.case.differs("is no loss that there is here")),
    })
}
