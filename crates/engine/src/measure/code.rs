//! Measures of the code: active and dead units, codebook usage, and distance from the prior.

use pinhole_protocol::BottleneckPlan;

use super::{
    active_share::active_share,
    active_units::active_units,
    codebook::{perplexity, usage_counts},
    dead_units::dead_units,
    evaluator::Evaluator,
    measured_value::MeasuredValue,
    mmd::{GaussianKernel, mmd},
};
use crate::{
    EngineError,
    network::{Autoencoder, Latent, Mode, StepRng},
    objective::sample_prior,
    read_back::read,
};

/// Mean share of active numbers of a code.
pub(super) async fn mean_active_share<P: AsyncFn()>(
    evaluator: &Evaluator<'_, P>,
) -> Result<MeasuredValue, EngineError> {
    let codes = evaluator.encode(evaluator.held_out.values()).await?;
    Ok(MeasuredValue::new(active_share(&codes, evaluator.code_width())))
}

/// Number of dead units, with the latent size as reference.
pub(super) async fn dead_unit_count<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let codes = evaluator.encode(evaluator.held_out.values()).await?;
    let width = evaluator.code_width();
    Ok(MeasuredValue::with_reference(dead_units(&codes, width) as f64, width as f64))
}

/// Number of active units of a variational code, with the latent size as reference.
pub(super) async fn active_unit_count<P: AsyncFn()>(
    evaluator: &Evaluator<'_, P>,
) -> Result<MeasuredValue, EngineError> {
    // In inference a variational code is mu.
    let mu = evaluator.encode(evaluator.held_out.values()).await?;
    let width = evaluator.code_width();
    Ok(MeasuredValue::with_reference(active_units(&mu, width) as f64, width as f64))
}

/// Perplexity of the codebook, with its number of vectors as reference.
pub(super) async fn codebook_perplexity<P: AsyncFn()>(
    evaluator: &Evaluator<'_, P>,
) -> Result<MeasuredValue, EngineError> {
    let network = &evaluator.model.network;
    let (Some(codebook), BottleneckPlan::VectorQuantised { codes, dimension, .. }) =
        (network.bottleneck().codebook(), evaluator.model.experiment.plan().bottleneck)
    else {
        unreachable!("the measure does not apply to other bottlenecks")
    };
    let codebook = read(codebook).await?;
    let quantised = |network: &Autoencoder, batch| match network.forward_with_mode(batch, &mut Mode::Inference).latent {
        Latent::Quantised { z_q, .. } => [z_q],
        _ => unreachable!("a network with a codebook quantises its codes"),
    };
    let [z_q] = evaluator.run_batches(evaluator.held_out.values(), evaluator.input_width(), quantised).await?;
    let counts = usage_counts(&z_q, &codebook, dimension);
    Ok(MeasuredValue::with_reference(perplexity(&counts), codes as f64))
}

/// MMD of codes and samples of the prior, with that of two sets of samples of the prior as reference.
pub(super) async fn mmd_to_prior<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let BottleneckPlan::Adversarial { prior } = evaluator.model.experiment.plan().bottleneck else {
        unreachable!("the measure does not apply to other bottlenecks")
    };
    let codes = evaluator.encode(evaluator.held_out.values()).await?;
    let width = evaluator.code_width();
    let mut rng = StepRng::new(evaluator.seed(), 0);
    let device = evaluator.model.compute.device();
    let mut samples = || sample_prior(prior, [evaluator.held_out.len(), width], &mut rng, device);
    let [one, other] = [samples(), samples()];
    let [one, other] = [read(one).await?, read(other).await?];
    let kernel = GaussianKernel::of_median_distance(&one, width);
    Ok(MeasuredValue::with_reference(mmd(kernel, &codes, &one, width), mmd(kernel, &other, &one, width)))
}
