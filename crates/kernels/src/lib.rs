//! The fast path of small networks, as extensions of Burn: what a training step spends its time on, each as few passes
//! over memory as it can be, with a backward pass of its own.
//!
//! This crate knows tensors, not autoencoders. Each room is one operation: a trait that extends Burn's backends
//! ([`backend_extension`](burn::backend::backend_extension)), its derivative, and what the GPU and the CPU do for it.
//!
//! | room | operation | on the GPU | on the CPU |
//! |---|---|---|---|
//! | [`linear`] | `activation(x W + b)` | one kernel forward, two back | one packed product forward, two back |
//! | [`conv`] | `activation(x * W + b)`, and transposed | the same products, read where the pictures have them | the same |
//! | [`loss`] | the mean error of `activation(z)`: squared, absolute, Huber's, cross-entropy | partial sums and their sum; one kernel back | one pass each way |
//! | [`recurrent`] | LSTM or GRU over whole sequences | one kernel through time each way, a product for the weight | a product and a pass over the units each step |
//! | [`attention`] | `softmax(q k^T / sqrt(d)) v` of every head | two kernels forward, two back | a pass over each head, both ways |
//! | [`layer_norm`] | a residual sum with mean 0 and variance 1 | one kernel forward, two back | a pass over each row, both ways |
//! | [`matmul`] | `left right`, for each pair of a batch | one kernel forward, two back | a packed product a pair |
//! | [`adam`] | a step of Adam or AdamW | one kernel a tensor, in place | one pass, in place |
//!
//! `gpu` writes WGSL for shapes that are known when a kernel is made: no bounds are looked up at run time, and a kernel
//! compiles in milliseconds where CubeCL's general one takes seconds. To add an operation, write a room like `linear`.

pub mod adam;
pub mod attention;
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
mod way_back;

pub use cpu::Activation;
#[cfg(feature = "gpu")]
pub use gpu::{Adapter, set_adapter};
