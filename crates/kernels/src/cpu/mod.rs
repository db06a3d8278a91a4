//! Shared code of the operations on the CPU: kernels for one core, on plain slices of 32-bit numbers.
//!
//! In a page, Burn Flex spends three fifths of a step of 784-256-64-256-784 in a general product, at 38 GFLOP/s, and
//! the rest in passes over activations and weights: one for each of bias, activation and mask, one for each term of
//! Adam. Here one blocked product ([`pinhole_numerics::matmul`]) reaches 57 GFLOP/s, and bias and activation follow on
//! the way to memory; the whole step takes half the time.

mod activation;
mod contiguous;
mod exponential;
mod matmul;
mod sums;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use self::activation::tanh;
pub(crate) use self::contiguous::{Contiguous, Strided, contiguous};
pub(crate) use self::exponential::exp_of_negative;
pub(crate) use self::matmul::{BiasActivation, RowMajor, matmul};
pub(crate) use self::sums::{channel_sums, column_sums};
