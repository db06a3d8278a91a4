//! Mean squared error: the reconstruction is the mean of a Gaussian around the clean input.
//!
//! Vincent et al., "Stacked Denoising Autoencoders", JMLR 2010, section 2.2.

use burn::tensor::Tensor;
use pinhole_kernels::{
    Activation,
    loss::{self, Loss},
};

use super::scope::mean_of_hidden;

/// The mean of the squared difference, over `hidden` values or all.
pub fn mse(reconstruction: Tensor<2>, clean: Tensor<2>, hidden: Option<Tensor<2>>) -> Tensor<1> {
    match hidden {
        None => loss::mean(reconstruction, clean, Activation::Linear, Loss::Squared),
        Some(hidden) => mean_of_hidden((reconstruction - clean).square(), hidden),
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
    fn hidden_values_alone_count_when_asked() {
        let hidden = tensor([[1.0, 0.0], [0.0, 1.0]]);
        let loss = mse(tensor([[0.0, 9.0], [9.0, 0.25]]), tensor([[1.0, 1.0], [0.0, 0.75]]), Some(hidden));
        assert!((number(loss) - 0.625).abs() < 1e-7, "(1 + 0.25) / 2");
    }

    #[test]
    fn the_gradient_is_the_slope() {
        let (clean, hidden) = (uniform([3, 4], 2), uniform([3, 4], 3).greater_elem(0.5).float());
        assert_gradient(uniform([3, 4], 1), |at| mse(at, clean.clone(), None));
        assert_gradient(uniform([3, 4], 1), |at| mse(at, clean.clone(), Some(hidden.clone())));
    }
}
