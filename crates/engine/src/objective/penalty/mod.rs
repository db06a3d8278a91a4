//! Penalties on the code.

mod contractive;
mod kl_sparsity;
mod l1;
mod orthogonality;
mod total_correlation;

use burn::tensor::Tensor;
use pinhole_protocol::PenaltyKind;

use super::context::LossContext;
use crate::network::{Latent, Mode};

pub use contractive::{contraction, contraction_estimate};
pub use kl_sparsity::kl_sparsity;
pub use l1::l1;
pub use orthogonality::orthogonality;
pub use total_correlation::total_correlation;

/// A penalty on a batch, `[1]`. A new one is a variant of [`PenaltyKind`] and a file beside this one.
pub(super) fn penalty(kind: PenaltyKind, context: &LossContext, mode: &mut Mode) -> Tensor<1> {
    let code = context.forward.code.clone();
    match (kind, &context.forward.latent) {
        (PenaltyKind::L1, _) => l1(code),
        (PenaltyKind::KlSparsity { target }, _) => kl_sparsity(code, target),
        (PenaltyKind::Contractive, _) => contractive::contractive(context.network, context.batch.input.clone(), mode),
        (PenaltyKind::TotalCorrelation, Latent::Gaussian { mu, logvar }) => {
            context.nats_per_value(total_correlation(code, mu.clone(), logvar.clone()))
        }
        (PenaltyKind::TotalCorrelation, _) => {
            unreachable!("a checked experiment allows it for variational codes alone")
        }
        (PenaltyKind::Orthogonality, _) => orthogonality(code),
    }
}
