//! One network: its tensors, what it makes of a batch, and the slopes of its loss.

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
    ReferenceError,
    agreement::{largest, note, unseen},
    fixture, read,
};
use crate::{
    EngineError,
    network::{Autoencoder, Latent, Mode, NetworkWeights},
    objective::{Batch, divergence, mse, terms},
};

/// Where a gradient is that much smaller than the network's largest, only that much of its digits can be right: a bias in
/// front of a batch normalisation has a gradient of 0, and what is found is rounding.
const IDLE: f32 = 1e-2;

/// What a case is about.
#[derive(Deserialize)]
pub(super) struct Head {
    network: NetworkSpec,
    /// How many numbers PyTorch's network learns.
    parameters: u64,
}

type Case<'a> = fixture::Case<'a, Head>;

/// Compares code, reconstruction, loss, gradients and running statistics.
pub(super) async fn compare(case: &Case<'_>, device: &Device) -> Result<Agreement, EngineError> {
    let experiment = experiment(case)?;
    let plan = experiment.plan();
    let network = Autoencoder::from_weights(plan, weights(case, plan)?, device).train();
    let input = case.rows("input", device)?;
    let mut agreement = unseen(case.name);

    let loss = loss(case, &experiment, &network, &input)?;
    let gradients = network.read_gradients(plan, &loss.backward()).await?;
    note(&mut agreement, "loss", &read(loss).await?, &case.values("loss")?, 0.0);
    compare_gradients(case, plan, &gradients, &mut agreement)?;
    // Before the network sees the batch once more, and counts it again.
    compare_statistics(case, plan, &network, &input, &mut agreement).await?;

    let passage = network.pass(input, &mut Mode::Inference);
    let output = match &passage.latent {
        Latent::Gaussian { mean, log_variance } => network.decode(drawn(case, mean, log_variance)?),
        Latent::Plain | Latent::Quantised { .. } => passage.reconstruction(),
    };
    note(&mut agreement, "code", &read(passage.code).await?, &case.values("code")?, 0.0);
    note(&mut agreement, "output", &read(output).await?, &case.values("output")?, 0.0);
    Ok(agreement)
}

/// The network with the weights of terms that are their defaults, and those that PyTorch's script has.
fn experiment(case: &Case) -> Result<CheckedExperiment, SpecError> {
    let network = case.head.network.clone();
    let loss = if network.learnt_variance { ReconstructionLoss::Gaussian } else { ReconstructionLoss::Mse };
    let objective = Objective { loss, ..Objective::default() };
    let experiment = Experiment { network, objective, ..Experiment::default() };
    experiment.check()
}

/// The weights of a case in the plan's order, if they are those that the plan asks for.
fn weights(case: &Case, plan: &NetworkPlan) -> Result<NetworkWeights, ReferenceError> {
    let (ours, theirs) = (plan.parameters(), case.head.parameters);
    if ours != theirs {
        return Err(case.differs(format!("learns {ours} numbers here and {theirs} in PyTorch")));
    }
    let read = |tensor: &TensorPlan| {
        let (shape, values) = case.read(&format!("weights/{}", tensor.name))?;
        if shape == tensor.shape {
            Ok(values)
        } else {
            Err(case.differs(format!("has a {} of {:?} here and of {shape:?} in PyTorch", tensor.name, tensor.shape)))
        }
    };
    plan.tensors().iter().map(read).collect()
}

/// What is minimised. A variational code is drawn here, with PyTorch's draws.
fn loss(
    case: &Case,
    experiment: &CheckedExperiment,
    network: &Autoencoder,
    input: &Tensor<2>,
) -> Result<Tensor<1>, ReferenceError> {
    let mut mode = Mode::Inference;
    if experiment.plan().log_variance.is_some()
        && let Latent::Gaussian { mean, log_variance } = network.pass(input.clone(), &mut mode).latent
    {
        let output = network.decode(drawn(case, &mean, &log_variance)?);
        let divergence = divergence(mean, log_variance).div_scalar(experiment.plan().input.len() as f32);
        return Ok(mse(output, input.clone(), None) + divergence);
    }
    let labels = match case.find("labels") {
        Some(_) => Some(case.rows("labels", &input.device())?.int().flatten(0, 1)),
        None => None,
    };
    let batch = Batch { input: input.clone(), clean: input.clone(), hidden: None, known: None, labels };
    Ok(terms(experiment, network, &batch, 1.0, &mut mode).total())
}

fn drawn(case: &Case, mean: &Tensor<2>, log_variance: &Tensor<2>) -> Result<Tensor<2>, ReferenceError> {
    let epsilon = case.rows("epsilon", &mean.device())?;
    Ok(mean.clone() + log_variance.clone().mul_scalar(0.5).exp() * epsilon)
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
    let least = IDLE * gradients.iter().map(|(expected, ..)| largest(expected)).fold(0.0, f32::max);
    for (expected, name, found) in gradients {
        note(agreement, &name, found, &expected, least);
    }
    Ok(())
}

/// What a batch normalisation has learnt of its inputs by the step, and what the network then makes of them.
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
        note(agreement, &name, &found, &case.values(&name)?, 0.0);
    }
    let output = network.valid().forward(input.clone());
    note(agreement, "evaluated", &read(output).await?, &evaluated, 0.0);
    Ok(())
}
