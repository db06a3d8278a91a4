//! Mean absolute error: the reconstruction is the median of a Laplace distribution around the clean input.
//!
//! Zhao et al., "Loss Functions for Image Restoration with Neural Networks", IEEE Transactions on Computational Imaging
//! 2017, section III.

use burn::tensor::Tensor;
use pinhole_kernels::{
    Activation,
    loss::{self, Loss},
};

use super::scope::mean_of_hidden;

/// The mean of the absolute difference, over `hidden` values or all. Where there is none, its gradient is 0.
pub fn mae(reconstruction: Tensor<2>, clean: Tensor<2>, hidden: Option<Tensor<2>>) -> Tensor<1> {
    match hidden {
        None => loss::mean(reconstruction, clean, Activation::Linear, Loss::Absolute),
        Some(hidden) => mean_of_hidden((reconstruction - clean).abs(), hidden),
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
    fn the_gradient_is_the_slope() {
        // Shifted by 1, so that no difference is near its kink at 0.
        let (clean, hidden) = (uniform([3, 4], 2) + 1.0, uniform([3, 4], 3).greater_elem(0.5).float());
        assert_gradient(uniform([3, 4], 1), |at| mae(at, clean.clone(), None));
        assert_gradient(uniform([3, 4], 1), |at| mae(at, clean.clone(), Some(hidden.clone())));
    }
}
