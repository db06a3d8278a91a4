//! A code drawn from a normal distribution, by a draw that does not depend on the weights (Kingma and Welling 2014).

use burn::tensor::Tensor;

use crate::network::Mode;

/// Logarithms of variances beyond this are as good as certain, or as good as noise, and would overflow soon.
const MOST_LOG_VARIANCE: f64 = 12.0;

/// Keeps a wild start from overflowing.
pub(super) fn bounded(log_variance: Tensor<2>) -> Tensor<2> {
    log_variance.clamp(-MOST_LOG_VARIANCE, MOST_LOG_VARIANCE)
}

/// In training a draw, else the mean.
pub(super) fn draw(mean: &Tensor<2>, log_variance: &Tensor<2>, mode: &mut Mode) -> Tensor<2> {
    match mode {
        Mode::Inference => mean.clone(),
        Mode::Training(chance) => {
            let noise = chance.normal(mean.dims(), &mean.device());
            mean.clone() + log_variance.clone().mul_scalar(0.5).exp() * noise
        }
    }
}
