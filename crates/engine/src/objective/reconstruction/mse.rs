//! Mean squared error, `mean (y - x)²`: maximum likelihood under a normal distribution around the reconstruction y.
//!
//! Vincent et al., "Stacked Denoising Autoencoders", JMLR 2010, section 2.2.

use burn::tensor::Tensor;
use pinhole_kernels::{
    Activation,
    loss::{self, Loss},
};

use super::masked_mean::masked_mean;

/// Mean squared error over the values where `mask` is 1, or over all.
pub fn mse(reconstruction: Tensor<2>, target: Tensor<2>, mask: Option<Tensor<2>>) -> Tensor<1> {
    match mask {
        None => loss::mean(reconstruction, target, Activation::Linear, Loss::Squared),
        Some(mask) => masked_mean((reconstruction - target).square(), mask),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, number, tensor, uniform};

    #[test]
    fn is_the_mean_over_samples_and_values() {
        let loss = mse(tensor([[0.0, 1.0], [0.5, 0.25]]), tensor([[1.0, 1.0], [0.0, 0.75]]), None);
        assert!((number(loss) - (1.0 + 0.0 + 0.25 + 0.25) / 4.0).abs() < 1e-7);
    }

    #[test]
    fn only_values_under_the_mask_count() {
        let mask = tensor([[1.0, 0.0], [0.0, 1.0]]);
        let loss = mse(tensor([[0.0, 9.0], [9.0, 0.25]]), tensor([[1.0, 1.0], [0.0, 0.75]]), Some(mask));
        assert!((number(loss) - 0.625).abs() < 1e-7, "(1 + 0.25) / 2");
    }

    #[test]
    fn gradient_equals_finite_differences() {
        let (target, mask) = (uniform([3, 4], 2), uniform([3, 4], 3).greater_elem(0.5).float());
        assert_gradient(uniform([3, 4], 1), |at| mse(at, target.clone(), None));
        assert_gradient(uniform([3, 4], 1), |at| mse(at, target.clone(), Some(mask.clone())));
    }
}
