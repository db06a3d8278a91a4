//! What is asked of the code beside a good reconstruction.

mod contractive;
mod kl_sparsity;
mod l1;
mod orthogonality;
mod total_correlation;

use burn::tensor::Tensor;
use pinhole_protocol::PenaltyKind;

use super::terms::Judgement;
use crate::network::{Latent, Mode};

pub use contractive::{contraction, contraction_estimate};
pub use kl_sparsity::kl_sparsity;
pub use l1::l1;
pub use orthogonality::orthogonality;
pub use total_correlation::total_correlation;

/// A penalty on a batch, [1]. A new one is a variant of [`PenaltyKind`] and a file beside this one.
pub(super) fn penalty(kind: PenaltyKind, judgement: &Judgement, mode: &mut Mode) -> Tensor<1> {
    let code = judgement.passage.code.clone();
    match (kind, &judgement.passage.latent) {
        (PenaltyKind::L1, _) => l1(code),
        (PenaltyKind::KlSparsity { target }, _) => kl_sparsity(code, target),
        (PenaltyKind::Contractive, _) => {
            contractive::contractive(judgement.network, judgement.batch.input.clone(), mode)
        }
        (PenaltyKind::TotalCorrelation, Latent::Gaussian { mean, log_variance }) => {
            judgement.per_value(total_correlation(code, mean.clone(), log_variance.clone()))
        }
        (PenaltyKind::TotalCorrelation, _) => unreachable!("a checked experiment asks it of variational codes alone"),
        (PenaltyKind::Orthogonality, _) => orthogonality(code),
    }
}
