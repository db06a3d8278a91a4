//! Binary cross-entropy: each pixel is read as the probability of ink.
//!
//! Vincent et al., "Extracting and Composing Robust Features with Denoising Autoencoders", ICML 2008, equation 2.

use burn::tensor::{Tensor, activation::log_sigmoid};

/// The mean over samples and values of `-x ln y - (1 - x) ln(1 - y)`, where `y` is the sigmoid of `logits`, in nats.
///
/// From the logits it can neither overflow nor lose its gradient, where the logarithm of a sigmoid that has rounded to
/// 0 or 1 would do both. With `ln(1 - y) = ln y - logit`, the sum above is `(1 - x) logit - ln y`.
pub fn binary_cross_entropy_with_logits(logits: Tensor<2>, clean: Tensor<2>) -> Tensor<1> {
    let black_share = clean.neg().add_scalar(1.0);
    (black_share * logits.clone() - log_sigmoid(logits)).mean()
}
