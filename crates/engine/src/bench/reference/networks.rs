//! Comparison of a network with its reference: code, reconstruction, loss, gradients and running statistics.

use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use pinhole_protocol::{
    Agreement, CheckedExperiment, Experiment, NetworkPlan, NetworkSpec, Objective, ReconstructionLoss, SpecError,
    TensorPlan,
};
use serde::Deserialize;

use super::{
    agreement::{compare_tensor, empty, max_abs},
    error::ReferenceError,
    fixture,
};
use crate::{
    EngineError,
    network::{Autoencoder, Latent, Mode, NetworkWeights},
    objective::{Batch, kl_divergence, mse, terms},
    read_back::read,
};

/// Least scale of a gradient's difference, as a share of the network's largest gradient: smaller gradients are
/// rounding, as that of a bias before a batch normalisation, which is 0.
const MIN_SCALE_SHARE: f32 = 1e-2;

/// Parameters of a case.
#[derive(Deserialize)]
pub(super) struct CaseSpec {
    network: NetworkSpec,
    /// Number of parameters of PyTorch's network.
    parameters: u64,
}

type Case<'a> = fixture::Case<'a, CaseSpec>;

/// Compares code, reconstruction, loss, gradients and running statistics.
pub(super) async fn compare(case: &Case<'_>, device: &Device) -> Result<Agreement, EngineError> {
    let experiment = experiment(case)?;
    let plan = experiment.plan();
    let network = Autoencoder::from_weights(plan, weights(case, plan)?, device).train();
    let input = case.rows("input", device)?;
    let mut agreement = empty(case.name);

    let loss = loss(case, &experiment, &network, &input)?;
    let gradients = network.read_gradients(plan, &loss.backward()).await?;
    compare_tensor(&mut agreement, "loss", &read(loss).await?, &case.values("loss")?, 0.0);
    compare_gradients(case, plan, &gradients, &mut agreement)?;
    // Before the next forward pass, which would update the running statistics again.
    compare_statistics(case, plan, &network, &input, &mut agreement).await?;

    let forward = network.forward_with_mode(input, &mut Mode::Inference);
    let output = match &forward.latent {
        Latent::Gaussian { mu, logvar } => network.decode(sample_z(case, mu, logvar)?),
        Latent::Plain | Latent::Quantised { .. } => forward.reconstruction(),
    };
    compare_tensor(&mut agreement, "code", &read(forward.code).await?, &case.values("code")?, 0.0);
    compare_tensor(&mut agreement, "output", &read(output).await?, &case.values("output")?, 0.0);
    Ok(agreement)
}

/// The experiment of a case: its network with the default weights of the terms, which PyTorch's script uses too.
fn experiment(case: &Case) -> Result<CheckedExperiment, SpecError> {
    let network = case.spec.network.clone();
    let loss = if network.learnt_variance { ReconstructionLoss::Gaussian } else { ReconstructionLoss::Mse };
    let objective = Objective { loss, ..Objective::default() };
    let experiment = Experiment { network, objective, ..Experiment::default() };
    experiment.check()
}

/// Weights of a case in the order of the plan; an error if their shapes differ from the plan's.
fn weights(case: &Case, plan: &NetworkPlan) -> Result<NetworkWeights, ReferenceError> {
    let (ours, theirs) = (plan.parameters(), case.spec.parameters);
    if ours != theirs {
        return Err(case.mismatch(format!("has {ours} parameters here and {theirs} in PyTorch")));
    }
    let read = |tensor: &TensorPlan| {
        let (shape, values) = case.read(&format!("weights/{}", tensor.name))?;
        if shape == tensor.shape {
            Ok(values)
        } else {
            Err(case.mismatch(format!("has a {} of {:?} here and of {shape:?} in PyTorch", tensor.name, tensor.shape)))
        }
    };
    plan.tensors().iter().map(read).collect()
}

/// The loss, `[1]`. A variational code is sampled here, with the epsilon of PyTorch.
fn loss(
    case: &Case,
    experiment: &CheckedExperiment,
    network: &Autoencoder,
    input: &Tensor<2>,
) -> Result<Tensor<1>, ReferenceError> {
    let mut mode = Mode::Inference;
    if experiment.plan().log_variance.is_some()
        && let Latent::Gaussian { mu, logvar } = network.forward_with_mode(input.clone(), &mut mode).latent
    {
        let output = network.decode(sample_z(case, &mu, &logvar)?);
        let kl_divergence = kl_divergence(mu, logvar).div_scalar(experiment.plan().input.len() as f32);
        return Ok(mse(output, input.clone(), None) + kl_divergence);
    }
    let labels = match case.find("labels") {
        Some(_) => Some(case.rows("labels", &input.device())?.int().flatten(0, 1)),
        None => None,
    };
    let batch =
        Batch { input: input.clone(), target: input.clone(), hidden: None, known: None, labels, attributes: None };
    Ok(terms(experiment, network, &batch, 1.0, &mut mode).total())
}

/// `z = mu + exp(logvar / 2) * epsilon` with the epsilon of the case.
fn sample_z(case: &Case, mu: &Tensor<2>, logvar: &Tensor<2>) -> Result<Tensor<2>, ReferenceError> {
    let epsilon = case.rows("epsilon", &mu.device())?;
    Ok(mu.clone() + logvar.clone().mul_scalar(0.5).exp() * epsilon)
}

fn compare_gradients(
    case: &Case,
    plan: &NetworkPlan,
    found: &NetworkWeights,
    agreement: &mut Agreement,
) -> Result<(), ReferenceError> {
    let mut gradients = Vec::new();
    for (tensor, found) in plan.tensors().into_iter().zip(found).filter(|(tensor, _)| tensor.is_trained) {
        let name = format!("gradients/{}", tensor.name);
        gradients.push((case.values(&name)?, name, found));
    }
    let min_scale = MIN_SCALE_SHARE * gradients.iter().map(|(expected, ..)| max_abs(expected)).fold(0.0, f32::max);
    for (expected, name, found) in gradients {
        compare_tensor(agreement, &name, found, &expected, min_scale);
    }
    Ok(())
}

/// Compares the running statistics of batch normalisations after the step, and the output in inference mode with them.
async fn compare_statistics(
    case: &Case<'_>,
    plan: &NetworkPlan,
    network: &Autoencoder,
    input: &Tensor<2>,
    agreement: &mut Agreement,
) -> Result<(), EngineError> {
    let Some((_, evaluated)) = case.find("evaluated") else { return Ok(()) };
    let trained = network.read_weights(plan).await?;
    for (tensor, found) in plan.tensors().into_iter().zip(trained).filter(|(tensor, _)| !tensor.is_trained) {
        let name = format!("trained/{}", tensor.name);
        compare_tensor(agreement, &name, &found, &case.values(&name)?, 0.0);
    }
    let output = network.valid().forward(input.clone());
    compare_tensor(agreement, "evaluated", &read(output).await?, &evaluated, 0.0);
    Ok(())
}
