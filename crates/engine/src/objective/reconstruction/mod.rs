//! How far a reconstruction is from what it should have been.

mod bce;
mod feature_matching;
mod gaussian;
mod huber;
mod mae;
mod mse;
mod scope;
mod ssim;

use burn::tensor::Tensor;
use pinhole_kernels::loss::{self, Loss};
use pinhole_protocol::{ReconstructionLoss, Scope};

use super::{Batch, terms::Judgement};

pub use bce::bce_with_logits;
pub use feature_matching::FeatureMatching;
pub use gaussian::gaussian_nll;
pub use huber::huber;
pub use mae::mae;
pub use mse::mse;
pub use ssim::Dissimilarity;

/// The values that are looked at, 1 there and else 0; `None`: all. A value that is missing is like a hidden one whose
/// answer nobody knows: the network fills it in, and is not judged by it.
fn judged(scope: Scope, batch: &Batch) -> Option<Tensor<2>> {
    let in_scope = match scope {
        Scope::All => None,
        Scope::Hidden => batch.hidden.clone(),
    };
    match (in_scope, batch.known.clone()) {
        (Some(in_scope), Some(known)) => Some(in_scope * known),
        (in_scope, known) => in_scope.or(known),
    }
}

/// The rule of those losses that one kernel takes with the last activation.
const fn rule(loss: ReconstructionLoss) -> Option<Loss> {
    match loss {
        ReconstructionLoss::Mse => Some(Loss::Squared),
        ReconstructionLoss::Mae => Some(Loss::Absolute),
        ReconstructionLoss::Huber => Some(Loss::Huber),
        ReconstructionLoss::BinaryCrossEntropy
        | ReconstructionLoss::Gaussian
        | ReconstructionLoss::Ssim
        | ReconstructionLoss::FeatureMatching => None,
    }
}

/// The reconstruction error of a batch, [1]. A new one is a variant of [`ReconstructionLoss`] and a file beside this one.
pub(super) fn reconstruction(judgement: &Judgement) -> Tensor<1> {
    let Judgement { experiment, network, batch, passage } = judgement;
    let objective = &experiment.spec().objective;
    let (shape, device) = (experiment.plan().input, batch.clean.device());
    let clean = batch.clean.clone();
    let judged = judged(objective.scope, batch);
    if let (None, Some(rule), Some(activation)) = (&judged, rule(objective.loss), passage.fused_activation()) {
        return loss::mean(passage.logits.clone(), clean, activation, rule);
    }
    let found = || passage.reconstruction();
    match objective.loss {
        ReconstructionLoss::Mse => mse(found(), clean, judged),
        ReconstructionLoss::Mae => mae(found(), clean, judged),
        ReconstructionLoss::Huber => huber(found(), clean, judged),
        ReconstructionLoss::BinaryCrossEntropy => bce_with_logits(passage.logits.clone(), clean, judged),
        ReconstructionLoss::Gaussian => {
            let log_variance = network.output_log_variance().expect("a checked experiment learns it for this loss");
            gaussian_nll(found(), clean, log_variance, judged)
        }
        ReconstructionLoss::Ssim => Dissimilarity::new(shape, &device).of(found(), clean),
        ReconstructionLoss::FeatureMatching => FeatureMatching::new(shape, &device).of(found(), clean),
    }
}
