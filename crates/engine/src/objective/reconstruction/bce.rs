//! Binary cross-entropy: `-x ln y - (1 - x) ln(1 - y)`, y the sigmoid of the logit, x the target as a probability.
//!
//! Vincent et al., "Extracting and Composing Robust Features with Denoising Autoencoders", ICML 2008, equation 2.

use burn::tensor::{Tensor, activation::log_sigmoid};
use pinhole_kernels::{
    Activation,
    loss::{self, Loss},
};

use super::masked_mean::masked_mean;

/// Mean binary cross-entropy in nats over the values where `mask` is 1, or over all.
///
/// It is computed from the logits as `(1 - x) logit - ln y`, by `ln(1 - y) = ln y - logit`: the logarithm of a sigmoid
/// that has rounded to 0 or 1 would overflow and have no gradient.
pub fn bce_with_logits(logits: Tensor<2>, target: Tensor<2>, mask: Option<Tensor<2>>) -> Tensor<1> {
    let Some(mask) = mask else { return loss::mean(logits, target, Activation::Linear, Loss::CrossEntropyOfLogits) };
    let one_minus_target = target.neg().add_scalar(1.0);
    masked_mean(one_minus_target * logits.clone() - log_sigmoid(logits), mask)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::objective::tests::{assert_gradient, number, tensor, uniform};

    fn loss(logit: f32, target: f32) -> f64 {
        number(bce_with_logits(tensor([[logit]]), tensor([[target]]), None))
    }

    #[test]
    fn equals_its_definition() {
        for (logit, target) in [(0.0_f32, 0.5_f32), (1.5, 1.0), (-2.0, 0.0), (-2.0, 0.3), (4.0, 0.1)] {
            let y = 1.0 / (1.0 + (-f64::from(logit)).exp());
            let x = f64::from(target);
            let expected = -x * y.ln() - (1.0 - x) * (1.0 - y).ln();
            assert!((loss(logit, target) - expected).abs() < 1e-5, "logit {logit}, target {target}");
        }
    }

    #[test]
    fn a_confident_mistake_has_its_logit_as_loss_and_keeps_its_gradient() {
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
    fn gradient_equals_finite_differences() {
        let (target, mask) = (uniform([3, 4], 2), uniform([3, 4], 3).greater_elem(0.5).float());
        assert_gradient(uniform([3, 4], 1), |at| bce_with_logits(at, target.clone(), None));
        assert_gradient(uniform([3, 4], 1), |at| bce_with_logits(at, target.clone(), Some(mask.clone())));
    }
}
