//! What a code is like: how much of it is lit, varies, is in use, and what cloud it makes.

use pinhole_protocol::BottleneckPlan;

use super::{
    Figure, activity,
    codebook::{choices, perplexity},
    discrepancy::{Kernel, discrepancy},
    evidence,
    subject::Subject,
};
use crate::{
    EngineError,
    network::{Autoencoder, Chance, Latent, Mode},
    objective::prior_draw,
    read_back::read,
};

/// Mean share of a code's numbers that are lit.
pub(super) async fn active_share<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    let codes = subject.encode(subject.held_out.values()).await?;
    Ok(Figure::alone(activity::active_share(&codes, subject.code_width())))
}

/// Numbers of a variational code whose mean varies over the samples, beside the code's size.
pub(super) async fn active_units<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    // Without chance a variational code is its mean.
    let means = subject.encode(subject.held_out.values()).await?;
    let width = subject.code_width();
    Ok(Figure::beside(evidence::active_units(&means, width) as f64, width as f64))
}

/// Perplexity of the codebook's use, beside its size.
pub(super) async fn codebook_perplexity<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    let network = &subject.model.network;
    let (Some(codebook), BottleneckPlan::VectorQuantised { codes, dimension, .. }) =
        (network.bottleneck().codebook(), subject.model.experiment.plan().bottleneck)
    else {
        unreachable!("a code without a codebook is refused before it is measured")
    };
    let codebook = read(codebook).await?;
    let chosen = |network: &Autoencoder, batch| match network.pass(batch, &mut Mode::Inference).latent {
        Latent::Quantised { chosen, .. } => [chosen],
        _ => unreachable!("a network with a codebook quantises its codes"),
    };
    let [chosen] = subject.send(subject.held_out.values(), subject.input_width(), chosen).await?;
    let counts = choices(&chosen, &codebook, dimension);
    Ok(Figure::beside(perplexity(&counts), codes as f64))
}

/// Discrepancy of codes and draws of the prior, beside that of two sets of draws.
pub(super) async fn prior_discrepancy<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    let BottleneckPlan::Adversarial { prior } = subject.model.experiment.plan().bottleneck else {
        unreachable!("a code without a prior is refused before it is measured")
    };
    let codes = subject.encode(subject.held_out.values()).await?;
    let width = subject.code_width();
    let mut chance = Chance::of_step(subject.seed(), 0);
    let device = subject.model.compute.device();
    let mut draw = || prior_draw(prior, [subject.held_out.len(), width], &mut chance, device);
    let [one, other] = [draw(), draw()];
    let [one, other] = [read(one).await?, read(other).await?];
    let kernel = Kernel::of_median_distance(&one, width);
    Ok(Figure::beside(discrepancy(kernel, &codes, &one, width), discrepancy(kernel, &other, &one, width)))
}
