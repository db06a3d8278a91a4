//! The objective: reconstruction error of a corrupted input against its target, terms of the bottleneck, and penalties
//! on the code. Each term is a file with its paper; [`terms`] adds up those of an experiment.

mod adversarial;
mod batch;
mod classification;
mod context;
pub mod corruption;
mod kl_divergence;
mod penalty;
mod prior;
mod quantisation;
mod reconstruction;
mod terms;
mod tying;

#[cfg(test)]
pub(crate) mod tests;

pub use adversarial::{discriminator_loss, generator_loss};
pub use batch::{Batch, BatchAttributes};
pub use classification::classification;
pub use kl_divergence::kl_divergence;
pub use penalty::{contraction, contraction_estimate, kl_sparsity, l1, orthogonality, total_correlation};
pub use prior::sample_prior;
pub use quantisation::quantisation;
pub use reconstruction::{FeatureMatchingLoss, SsimLoss, bce_with_logits, gaussian_nll, huber, mae, mse};
pub use terms::{Losses, Terms, concat, scaled, term_list, terms};
pub use tying::known_squared_error;
