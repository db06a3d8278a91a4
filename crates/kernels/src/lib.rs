//! Operations of small networks as extensions of Burn: what a training step spends its time on, each in as few passes
//! over memory as possible, with a backward pass of its own.
//!
//! This crate knows tensors, not autoencoders. Each module below is one operation: a trait that extends Burn's backends
//! ([`backend_extension`](burn::backend::backend_extension)), a trait of its gradients, and the code of both for the
//! GPU and the CPU. Its head has the formulas.
//!
//! | module | operation | on the GPU | on the CPU |
//! |---|---|---|---|
//! | [`linear`] | `f(x W + b)` | one kernel forward, two back | one blocked product forward, two back |
//! | [`conv`] | `f(x * W + b)`, and transposed | the same products, read where the feature maps have the values | the same |
//! | [`loss`] | mean of `l(f(z), t)`: squared, absolute, Huber's, cross-entropy | partial sums and their sum; one kernel back | one pass forward, one back |
//! | [`recurrent`] | LSTM or GRU over whole sequences | one kernel through time forward, one back, a product for the weight | a product and a pass over the units per step |
//! | [`attention`] | `softmax(Q K^T / sqrt(d)) V` of every head | two kernels forward, two back | a pass over each head, forward and back |
//! | [`layer_norm`] | a residual sum, normalised to mean 0 and variance 1 | one kernel forward, two back | a pass over each row, forward and back |
//! | [`matmul`] | `lhs rhs` for each pair of a batch | one kernel forward, two back | a blocked product per pair |
//! | [`adam`] | a step of Adam or AdamW | one kernel per tensor, in place | one pass, in place |
//!
//! `cpu` and `gpu` hold what several operations share, and import from none. `gpu` generates WGSL for shapes that are
//! known when a kernel is made: no bounds are looked up at run time, and a kernel compiles in milliseconds where
//! CubeCL's general one takes seconds. `backward_op` registers gradients in Burn's autodiff graph. To add an operation,
//! write a module like `linear`.

mod activation;
pub mod adam;
pub mod attention;
mod backward_op;
pub mod conv;
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
pub mod layer_norm;
pub mod linear;
pub mod loss;
pub mod matmul;
pub mod recurrent;
#[cfg(test)]
mod tests;

pub use self::activation::Activation;
#[cfg(feature = "gpu")]
pub use self::gpu::{Adapter, set_adapter};
