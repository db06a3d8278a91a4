//! Tensors of a bottleneck that the objective reads beside the code.

use burn::tensor::Tensor;

/// Tensors of a bottleneck that the objective reads beside the code.
#[derive(Clone, Debug)]
pub enum Latent {
    /// None.
    Plain,
    /// The posterior q(z|x) = N(mu, exp(logvar)), [samples, latent size] each.
    Gaussian {
        /// Means.
        mu: Tensor<2>,
        /// Logarithms of the variances.
        logvar: Tensor<2>,
    },
    /// Vectors before and after quantisation, [samples x positions, dimension] each.
    Quantised {
        /// The encoder's output.
        z_e: Tensor<2>,
        /// The nearest vectors of the codebook; gradients reach the codebook through them.
        z_q: Tensor<2>,
    },
}
