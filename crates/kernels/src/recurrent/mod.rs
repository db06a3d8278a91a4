//! A recurrent layer over whole sequences: long short-term memory (LSTM) or gated recurrent units (GRU).
//!
//! The input's part of the gates, `W_i x_t + b_i`, is computed beforehand for all steps (`input_gates`); the hidden
//! state's part is `W_h h_(t-1) + b_h` (`hidden_gates`). With `x_*` and `h_*` for these two parts of a gate and `*` by
//! element:
//!
//! ```text
//! LSTM (Hochreiter & Schmidhuber 1997)         GRU (Cho et al. 2014, PyTorch's variant)
//! i = sigmoid(x_i + h_i)   input gate          r = sigmoid(x_r + h_r)   reset gate
//! f = sigmoid(x_f + h_f)   forget gate         z = sigmoid(x_z + h_z)   update gate
//! g = tanh(x_g + h_g)      cell gate           n = tanh(x_n + r * h_n)  new gate
//! o = sigmoid(x_o + h_o)   output gate         h = (1 - z) * n + z * h_(t-1)
//! c = f * c_(t-1) + i * g
//! h = o * tanh(c)
//! ```
//!
//! Backward through time, with dh the gradient of h: the sum of those from its own step's output and from the next
//! step:
//!
//! ```text
//! LSTM                                         GRU
//! dc = dc_(t+1) f_(t+1)                        dx_n = dh * (1 - z) * (1 - n^2)
//!    + dh * o * (1 - tanh(c)^2)                dx_r = dx_n * h_n * r * (1 - r)
//! dx_i = dc * g * i * (1 - i)                  dx_z = dh * (h_(t-1) - n) * z * (1 - z)
//! dx_f = dc * c_(t-1) * f * (1 - f)            dh_n = dx_n * r
//! dx_g = dc * i * (1 - g^2)                    dh_r = dx_r, dh_z = dx_z
//! dx_o = dh * tanh(c) * o * (1 - o)            dh_(t-1) gets dh * z + W_h^T (dh_r, dh_z, dh_n)
//! dh_* = dx_*
//! dh_(t-1) gets W_h^T (dh_i, dh_f, dh_g, dh_o)
//! ```
//!
//! Burn composes each step of a product and a dozen passes over the gates, and differentiates each of them. Here the
//! whole sequence is one operation, as in cuDNN (Appleyard et al. 2016): its gradient goes back through time on its
//! own, and that of W_h is one product over all steps of all samples. On the GPU a workgroup takes some samples through
//! all steps, as no sample waits for another: one kernel forward and one back, whatever the sequence's length.

mod autodiff;
mod cell;
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(test)]
mod tests;
#[cfg(feature = "gpu")]
mod wgsl;

use burn::{
    backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor},
    tensor::Tensor,
};

pub use self::cell::Cell;

/// The hidden states after every step, [samples, steps, units], of a layer that begins with a state of zeros.
///
/// `input_gates` is the input's part of the gates, its bias included, [samples, steps, gates x units]; `weight` [gates
/// x units, units] and `bias` [gates x units] are those of the hidden state. The gates lie in the order of [`Cell`].
pub fn recurrent(input_gates: Tensor<3>, weight: Tensor<2>, bias: Tensor<1>, cell: Cell) -> Tensor<3> {
    let (input_gates, weight, bias) = (input_gates.into_dispatch(), weight.into_dispatch(), bias.into_dispatch());
    Tensor::from_dispatch(Dispatch::recurrent(input_gates, weight, bias, cell))
}

/// The backend operation of [`recurrent`].
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub trait RecurrentOps: Backend {
    /// See [`recurrent`].
    fn recurrent(
        input_gates: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        cell: Cell,
    ) -> FloatTensor<Self>;
}

/// The forward pass of [`recurrent`] with what its gradients need, and the gradients, on a backend without autodiff.
pub trait RecurrentGradients: RecurrentOps {
    /// The hidden states, and what is saved of every step: [samples, steps, [`saved`](Cell::saved) x units].
    fn recurrent_and_save(
        input_gates: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        cell: Cell,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// Gradients of `input_gates`, weight and bias, from that of the hidden states.
    fn recurrent_gradients(
        gradient: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        states: FloatTensor<Self>,
        saved: FloatTensor<Self>,
        cell: Cell,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}
