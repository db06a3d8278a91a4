//! Binary cross-entropy: each pixel is read as the probability of ink.
//!
//! Vincent et al., "Extracting and Composing Robust Features with Denoising Autoencoders", ICML 2008, equation 2.

use burn::tensor::{Tensor, activation::log_sigmoid};
use pinhole_kernels::{
    Activation,
    loss::{self, Loss},
};

use super::scope::mean_of_hidden;

/// The mean of `-x ln y - (1 - x) ln(1 - y)`, where `y` is the sigmoid of `logits`, in nats, over `hidden` values or all.
///
/// From the logits it can neither overflow nor lose its gradient, where the logarithm of a sigmoid that has rounded to
/// 0 or 1 would do both. With `ln(1 - y) = ln y - logit`, the sum above is `(1 - x) logit - ln y`.
pub fn bce_with_logits(logits: Tensor<2>, clean: Tensor<2>, hidden: Option<Tensor<2>>) -> Tensor<1> {
    let Some(hidden) = hidden else { return loss::mean(logits, clean, Activation::Linear, Loss::CrossEntropyOfLogits) };
    let black_share = clean.neg().add_scalar(1.0);
    mean_of_hidden(black_share * logits.clone() - log_sigmoid(logits), hidden)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::objective::tests::{assert_gradient, number, tensor, uniform};

    fn loss(logit: f32, clean: f32) -> f64 {
        number(bce_with_logits(tensor([[logit]]), tensor([[clean]]), None))
    }

    #[test]
    fn agrees_with_its_definition() {
        for (logit, clean) in [(0.0_f32, 0.5_f32), (1.5, 1.0), (-2.0, 0.0), (-2.0, 0.3), (4.0, 0.1)] {
            let y = 1.0 / (1.0 + (-f64::from(logit)).exp());
            let x = f64::from(clean);
            let expected = -x * y.ln() - (1.0 - x) * (1.0 - y).ln();
            assert!((loss(logit, clean) - expected).abs() < 1e-5, "logit {logit}, pixel {clean}");
        }
    }

    #[test]
    fn a_sure_mistake_costs_its_logit_and_keeps_its_gradient() {
        assert!((loss(200.0, 0.0) - 200.0).abs() < 1e-3);
        assert!((loss(-200.0, 1.0) - 200.0).abs() < 1e-3);
        assert!(loss(200.0, 1.0).abs() < 1e-6);
        let logits = Tensor::<2>::from_floats([[200.0, -200.0]], &Device::flex().autodiff()).require_grad();
        let gradients = bce_with_logits(logits.clone(), tensor([[0.0, 1.0]]), None).backward();
        let slopes: Vec<f32> =
            logits.grad(&gradients).expect("a leaf").into_data().try_into_vec().expect("gradients are floats");
        assert!((slopes[0] - 0.5).abs() < 1e-5 && (slopes[1] + 0.5).abs() < 1e-5, "{slopes:?}");
    }

    #[test]
    fn the_gradient_is_the_slope() {
        let (clean, hidden) = (uniform([3, 4], 2), uniform([3, 4], 3).greater_elem(0.5).float());
        assert_gradient(uniform([3, 4], 1), |at| bce_with_logits(at, clean.clone(), None));
        assert_gradient(uniform([3, 4], 1), |at| bce_with_logits(at, clean.clone(), Some(hidden.clone())));
    }
}
