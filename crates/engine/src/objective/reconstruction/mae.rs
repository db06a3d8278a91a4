//! Mean absolute error, `mean |y - x|`: maximum likelihood under a Laplace distribution around the reconstruction y.
//!
//! Zhao et al., "Loss Functions for Image Restoration with Neural Networks", IEEE Transactions on Computational Imaging
//! 2017, section III.

use burn::tensor::Tensor;
use pinhole_kernels::{
    Activation,
    loss::{self, Loss},
};

use super::masked_mean::masked_mean;

/// Mean absolute error over the values where `mask` is 1, or over all. The gradient of a difference of 0 is 0.
pub fn mae(reconstruction: Tensor<2>, target: Tensor<2>, mask: Option<Tensor<2>>) -> Tensor<1> {
    match mask {
        None => loss::mean(reconstruction, target, Activation::Linear, Loss::Absolute),
        Some(mask) => masked_mean((reconstruction - target).abs(), mask),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, number, tensor, uniform};

    #[test]
    fn is_the_mean_over_samples_and_values() {
        let loss = mae(tensor([[0.0, 1.0], [0.5, 0.25]]), tensor([[1.0, 1.0], [0.0, 0.75]]), None);
        assert!((number(loss) - (1.0 + 0.0 + 0.5 + 0.5) / 4.0).abs() < 1e-7);
    }

    #[test]
    fn gradient_equals_finite_differences() {
        // Shifted by 1, so that no difference is near its kink at 0.
        let (target, mask) = (uniform([3, 4], 2) + 1.0, uniform([3, 4], 3).greater_elem(0.5).float());
        assert_gradient(uniform([3, 4], 1), |at| mae(at, target.clone(), None));
        assert_gradient(uniform([3, 4], 1), |at| mae(at, target.clone(), Some(mask.clone())));
    }
}
