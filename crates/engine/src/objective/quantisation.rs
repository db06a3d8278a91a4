//! Codes and codebook drawn together, so that replacing one by the other changes little.
//!
//! Van den Oord, Vinyals and Kavukcuoglu, "Neural Discrete Representation Learning", NeurIPS 2017, equation 3: the
//! straight-through gradient of the reconstruction does not reach the codebook, so these two terms do.

use burn::tensor::Tensor;

/// The mean squared distance of codes and codebook vectors, once for the codebook to follow and, times `commitment`, once
/// for the encoder.
///
/// `encoded` [samples, values] is what the encoder made, `chosen` what the codebook has nearest to it.
pub fn quantisation(encoded: Tensor<2>, chosen: Tensor<2>, commitment: f32) -> Tensor<1> {
    let codebook = (encoded.clone().detach() - chosen.clone()).square().mean();
    let commits = (encoded - chosen.detach()).square().mean();
    codebook + commits.mul_scalar(commitment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, floats, normal, number, tensor};

    #[test]
    fn both_sides_pay_for_the_distance() {
        let loss = quantisation(tensor([[1.0, 0.0]]), tensor([[0.0, 0.5]]), 0.25);
        assert!((number(loss) - 1.25 * (1.0 + 0.25) / 2.0).abs() < 1e-6);
    }

    #[test]
    fn the_codebook_follows_fully_and_the_encoder_by_its_commitment() {
        let device = burn::tensor::Device::flex().autodiff();
        let [encoded, chosen] =
            [[1.0_f32, 0.0], [0.0, 0.5]].map(|row| Tensor::<2>::from_floats([row], &device).require_grad());
        let gradients = quantisation(encoded.clone(), chosen.clone(), 0.25).backward();
        let of = |leaf: &Tensor<2>| floats(leaf.grad(&gradients).expect("both are leaves"));
        assert_eq!((of(&encoded), of(&chosen)), (vec![0.25, -0.125], vec![-1.0, 0.5]));
    }

    #[test]
    fn the_gradients_are_slopes() {
        // With no commitment, or nothing but it, each side's gradient is that of the squared distance.
        let (encoded, chosen) = (normal([3, 4], 1), normal([3, 4], 2));
        let squared = |a: Tensor<2>, b: Tensor<2>| (a - b).square().mean();
        assert_gradient(chosen.clone(), |at| squared(encoded.clone(), at));
        assert_gradient(encoded, |at| squared(at, chosen.clone()));
    }
}
