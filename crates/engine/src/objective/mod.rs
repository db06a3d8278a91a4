//! What training minimises: how far the reconstruction of a corrupted input is from the clean one, and what else is asked
//! of the code. Each term is a file with its paper; [`terms`] adds up those of an experiment.

mod adversarial;
mod batch;
mod classification;
pub mod corruption;
mod divergence;
mod penalty;
mod prior;
mod quantisation;
mod reconstruction;
mod terms;

#[cfg(test)]
pub(crate) mod tests;

pub use adversarial::{fooling, telling_apart};
pub use batch::Batch;
pub use classification::classification;
pub use divergence::divergence;
pub use penalty::{contraction, contraction_estimate, kl_sparsity, l1, orthogonality, total_correlation};
pub use prior::prior_draw;
pub use quantisation::quantisation;
pub use reconstruction::{Dissimilarity, FeatureMatching, bce_with_logits, gaussian_nll, huber, mae, mse};
pub use terms::{Losses, Terms, joined, scaled, term_list, terms};
