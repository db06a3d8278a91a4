//! Kernels for one core, on plain slices of 32-bit numbers.
//!
//! In a page, Burn Flex spends three fifths of a step of 784-256-64-256-784 in a general product, at 38 GFLOP/s, and the
//! rest in passes over activations and weights: one for each of bias, activation and mask, one for each term of Adam. Here
//! one blocked product ([`product`]) reaches 57 GFLOP/s and does what follows on the way to memory; the whole step takes
//! half the time. The lanes are said outright ([`wide`]), as the page's build leaves automatic vectorising off.

mod activation;
mod adam;
mod attention;
mod blocks;
mod cell;
mod convolution;
mod exponential;
mod flat;
mod lanes;
mod loss;
mod matrix;
mod norm;
mod product;
mod sums;
mod tile;

#[cfg(test)]
mod tests;

pub use activation::Activation;
#[cfg(feature = "gpu")]
pub(crate) use activation::LEAK;
pub use adam::adam_step;
pub use attention::{attend, attention_gradient};
pub use cell::{Heard, HeardGradient};
pub use convolution::Convolution;
pub use flat::{Flat, Strided};
pub use loss::{HUBER_DELTA, Loss, loss_gradient, mean_loss};
pub use matrix::Matrix;
pub use norm::{Normalised, normalisation_gradients, normalise};
pub use product::{Finish, product};
pub use sums::{channel_sums, column_sums};
