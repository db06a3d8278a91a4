//! Huber's loss: squared for small differences, absolute for large ones, so that one wild value weighs little.
//!
//! Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 1964.

use burn::tensor::Tensor;
use pinhole_kernels::{
    Activation,
    loss::{self, HUBER_DELTA, Loss},
};

use super::scope::mean_of_hidden;

/// The mean of `d² / 2` where the difference `d` is below `delta` ([`HUBER_DELTA`]), and of `delta (|d| - delta / 2)` above,
/// over `hidden` values or all.
pub fn huber(reconstruction: Tensor<2>, clean: Tensor<2>, hidden: Option<Tensor<2>>) -> Tensor<1> {
    let Some(hidden) = hidden else { return loss::mean(reconstruction, clean, Activation::Linear, Loss::Huber) };
    // With c = min(|d|, delta), both cases are c (|d| - c / 2), and its slope along c is 0 where the cases meet.
    let distance = (reconstruction - clean).abs();
    let capped = distance.clone().clamp_max(HUBER_DELTA);
    mean_of_hidden(capped.clone() * (distance - capped.mul_scalar(0.5)), hidden)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, number, tensor, uniform};

    #[test]
    fn is_squared_below_a_tenth_and_straight_above() {
        let loss = |difference: f32| number(huber(tensor([[difference]]), tensor([[0.0]]), None));
        for (difference, expected) in [(0.0, 0.0), (0.04, 0.0008), (-0.1, 0.005), (0.3, 0.025), (-2.0, 0.195)] {
            assert!((loss(difference) - expected).abs() < 1e-7, "of {difference} is {}", loss(difference));
        }
    }

    #[test]
    fn the_gradient_is_the_slope() {
        let (clean, hidden) = (uniform([3, 4], 2), uniform([3, 4], 3).greater_elem(0.5).float());
        // Differences within the square (to 0.05), and beyond it (from 0.5).
        for clean in [clean.clone().mul_scalar(0.05) + 0.5, clean + 1.5] {
            let at = || uniform([3, 4], 1).mul_scalar(0.05) + 0.5;
            assert_gradient(at(), |at| huber(at, clean.clone(), None));
            assert_gradient(at(), |at| huber(at, clean.clone(), Some(hidden.clone())));
        }
    }
}
