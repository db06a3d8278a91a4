//! Kernels for one core, on plain slices of 32-bit numbers.
//!
//! Burn Flex spends a step of 784-256-64-256-784 on a general product that reaches 18 GFLOP/s in a page, and on a pass
//! over the activations for each of bias, activation and mask. Here one blocked product ([`product`]) does both. The
//! lanes are said outright ([`wide`]), as the page's build leaves automatic vectorising off.

mod activation;
mod adam;
mod blocks;
mod convolution;
mod flat;
mod lanes;
mod matrix;
mod product;
mod sums;
mod tile;

#[cfg(test)]
mod tests;

pub use activation::Activation;
#[cfg(feature = "gpu")]
pub(crate) use activation::LEAK;
pub use adam::adam_step;
pub use convolution::Convolution;
pub use flat::{Flat, Strided};
pub use matrix::Matrix;
pub use product::{Finish, product};
pub use sums::{channel_sums, column_sums};
