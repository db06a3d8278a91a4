//! Reconstruction losses.

mod bce;
mod feature_matching;
mod gaussian;
mod huber;
mod mae;
mod masked_mean;
mod mse;
mod ssim;

use burn::tensor::Tensor;
use pinhole_kernels::loss::{self, Loss};
use pinhole_protocol::{ReconstructionLoss, Scope};

use super::{batch::Batch, context::LossContext};

pub use bce::bce_with_logits;
pub use feature_matching::FeatureMatchingLoss;
pub use gaussian::gaussian_nll;
pub use huber::huber;
pub use mae::mae;
pub use mse::mse;
pub use ssim::SsimLoss;

/// 1 where a value counts in the loss, else 0, [samples, values]; `None` if all count. A missing value is like a hidden
/// one without a target: the network fills it in, and the loss ignores it.
fn loss_mask(scope: Scope, batch: &Batch) -> Option<Tensor<2>> {
    let in_scope = match scope {
        Scope::All => None,
        Scope::Hidden => batch.hidden.clone(),
    };
    match (in_scope, batch.known.clone()) {
        (Some(in_scope), Some(known)) => Some(in_scope * known),
        (in_scope, known) => in_scope.or(known),
    }
}

/// The kernel's name of a loss that it computes together with the output activation; `None` of other losses.
const fn fused_loss(loss: ReconstructionLoss) -> Option<Loss> {
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

/// Reconstruction error of a batch, `[1]`. A new loss is a variant of [`ReconstructionLoss`] and a file beside this one.
pub(super) fn reconstruction_error(context: &LossContext) -> Tensor<1> {
    let LossContext { experiment, network, batch, forward } = context;
    let objective = &experiment.spec().objective;
    let (shape, device) = (experiment.plan().input, batch.target.device());
    let target = batch.target.clone();
    let mask = loss_mask(objective.scope, batch);
    if let (None, Some(kernel), Some(activation)) = (&mask, fused_loss(objective.loss), forward.fused_activation()) {
        return loss::mean(forward.logits.clone(), target, activation, kernel);
    }
    let output = || forward.reconstruction();
    match objective.loss {
        ReconstructionLoss::Mse => mse(output(), target, mask),
        ReconstructionLoss::Mae => mae(output(), target, mask),
        ReconstructionLoss::Huber => huber(output(), target, mask),
        ReconstructionLoss::BinaryCrossEntropy => bce_with_logits(forward.logits.clone(), target, mask),
        ReconstructionLoss::Gaussian => {
            let logvar = network.output_logvar().expect("a checked experiment learns it for this loss");
            gaussian_nll(output(), target, logvar, mask)
        }
        ReconstructionLoss::Ssim => SsimLoss::new(shape, &device).forward(output(), target),
        ReconstructionLoss::FeatureMatching => FeatureMatchingLoss::new(shape, &device).forward(output(), target),
    }
}
