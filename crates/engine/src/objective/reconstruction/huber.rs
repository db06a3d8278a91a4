//! Huber loss of the difference d: `d² / 2` for |d| below delta, `delta (|d| - delta / 2)` above, so that an outlier
//! has a bounded gradient.
//!
//! Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 1964.

use burn::tensor::Tensor;
use pinhole_kernels::{
    Activation,
    loss::{self, HUBER_DELTA, Loss},
};

use super::masked_mean::masked_mean;

/// Mean Huber loss, with delta [`HUBER_DELTA`], over the values where `mask` is 1, or over all.
pub fn huber(reconstruction: Tensor<2>, target: Tensor<2>, mask: Option<Tensor<2>>) -> Tensor<1> {
    let Some(mask) = mask else { return loss::mean(reconstruction, target, Activation::Linear, Loss::Huber) };
    // With c = min(|d|, delta), both cases are c (|d| - c / 2), whose derivative by c is 0 where the cases meet.
    let distance = (reconstruction - target).abs();
    let capped = distance.clone().clamp_max(HUBER_DELTA);
    masked_mean(capped.clone() * (distance - capped.mul_scalar(0.5)), mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, number, tensor, uniform};

    #[test]
    fn is_squared_below_delta_and_linear_above() {
        let loss = |difference: f32| number(huber(tensor([[difference]]), tensor([[0.0]]), None));
        for (difference, expected) in [(0.0, 0.0), (0.04, 0.0008), (-0.1, 0.005), (0.3, 0.025), (-2.0, 0.195)] {
            assert!((loss(difference) - expected).abs() < 1e-7, "of {difference} is {}", loss(difference));
        }
    }

    #[test]
    fn gradient_equals_finite_differences() {
        let (target, mask) = (uniform([3, 4], 2), uniform([3, 4], 3).greater_elem(0.5).float());
        // Differences within the square (to 0.05), and beyond it (from 0.5).
        for target in [target.clone().mul_scalar(0.05) + 0.5, target + 1.5] {
            let at = || uniform([3, 4], 1).mul_scalar(0.05) + 0.5;
            assert_gradient(at(), |at| huber(at, target.clone(), None));
            assert_gradient(at(), |at| huber(at, target.clone(), Some(mask.clone())));
        }
    }
}
