//! Comparison of a loss or penalty with its reference: value and gradients.

use burn::tensor::{Device, Int, Tensor};
use pinhole_kernels::matmul::matmul;
use pinhole_protocol::{Activation, Agreement, GridShape};
use serde::Deserialize;

use super::{
    agreement::{compare_tensor, empty},
    error::ReferenceError,
    fixture,
};
use crate::{
    EngineError,
    objective::{
        SsimLoss, bce_with_logits, classification, contraction, discriminator_loss, gaussian_nll, generator_loss,
        huber, kl_divergence, kl_sparsity, known_squared_error, l1, mae, mse, orthogonality, total_correlation,
    },
    read_back::read,
};

/// Arguments of a case that are no tensors.
#[derive(Deserialize)]
pub(super) struct CaseSpec {
    #[serde(default)]
    rho: f32,
    #[serde(default)]
    activation: Activation,
    /// [channels, height, width].
    #[serde(default)]
    shape: [usize; 3],
}

type Case<'a> = fixture::Case<'a, CaseSpec>;

/// Compares the value and all gradients.
pub(super) async fn compare(case: &Case<'_>, device: &Device) -> Result<Agreement, EngineError> {
    let mut arguments = Arguments { case, device: device.clone().autodiff(), leaves: Vec::new() };
    let value = value(&mut arguments)?;
    let gradients = value.backward();
    let mut agreement = empty(case.name);
    compare_tensor(&mut agreement, "value", &read(value).await?, &case.values("value")?, 0.0);
    for (name, leaf) in &arguments.leaves {
        let expected = case.values(&format!("gradients/{name}"))?;
        let found = leaf.grad(&gradients).unwrap_or_else(|| leaf.clone().inner().zeros_like());
        compare_tensor(&mut agreement, &format!("gradients/{name}"), &read(found).await?, &expected, 0.0);
    }
    Ok(agreement)
}

/// Tensor arguments of a loss.
struct Arguments<'a> {
    case: &'a Case<'a>,
    device: Device,
    /// Arguments by which the loss is differentiated.
    leaves: Vec<(&'static str, Tensor<2>)>,
}

impl Arguments<'_> {
    /// An argument by which the loss is differentiated.
    fn leaf(&mut self, name: &'static str) -> Result<Tensor<2>, ReferenceError> {
        let leaf = self.case.rows(name, &self.device)?.require_grad();
        self.leaves.push((name, leaf.clone()));
        Ok(leaf)
    }

    /// A constant argument.
    fn constant(&self, name: &str) -> Result<Tensor<2>, ReferenceError> {
        self.case.rows(name, &self.device)
    }

    fn mask(&self) -> Result<Option<Tensor<2>>, ReferenceError> {
        self.case.find("mask").map(|_| self.constant("mask")).transpose()
    }

    fn labels(&self) -> Result<Tensor<1, Int>, ReferenceError> {
        Ok(self.constant("labels")?.int().flatten(0, 1))
    }
}

/// The loss, `[1]`.
fn value(of: &mut Arguments) -> Result<Tensor<1>, ReferenceError> {
    let name = of.case.name.trim_end_matches("_masked");
    let CaseSpec { rho, activation, shape: [channels, height, width] } = *of.case.spec;
    Ok(match name {
        "mse" => mse(of.leaf("reconstruction")?, of.constant("target")?, of.mask()?),
        "mae" => mae(of.leaf("reconstruction")?, of.constant("target")?, of.mask()?),
        "huber" => huber(of.leaf("reconstruction")?, of.constant("target")?, of.mask()?),
        "bce" => bce_with_logits(of.leaf("reconstruction")?, of.constant("target")?, of.mask()?),
        "gaussian" => {
            let logvar = of.leaf("logvar")?.flatten(0, 1);
            gaussian_nll(of.leaf("reconstruction")?, of.constant("target")?, logvar, of.mask()?)
        }
        "ssim" => {
            let shape = GridShape { channels, height, width };
            SsimLoss::new(shape, &of.device).forward(of.leaf("reconstruction")?, of.constant("target")?)
        }
        "kl_divergence" => kl_divergence(of.leaf("mu")?, of.leaf("logvar")?),
        "l1" => l1(of.leaf("code")?),
        "kl_sparsity" => kl_sparsity(of.leaf("code")?, rho),
        "total_correlation" => total_correlation(of.leaf("z")?, of.leaf("mu")?, of.leaf("logvar")?),
        "orthogonality" => orthogonality(of.leaf("code")?),
        "generator_loss" => generator_loss(of.leaf("logits")?),
        "discriminator_loss" => discriminator_loss(of.leaf("prior_logits")?, of.leaf("code_logits")?),
        "classification" => classification(of.leaf("logits")?, of.labels()?),
        "known_squared_error" => {
            known_squared_error(of.leaf("prediction")?, of.constant("target")?, of.constant("known")?)
        }
        _ if name.starts_with("contractive_") => {
            let weight = of.leaf("weight")?.transpose();
            let pre_activation = matmul(of.constant("input")?, weight.clone()) + of.leaf("bias")?;
            contraction(pre_activation, weight, activation)
        }
        _ => return Err(of.case.mismatch("is not a loss of the engine")),
    })
}
