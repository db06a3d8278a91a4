//! Codebook and commitment losses of a VQ-VAE: `|sg(z_e) - z_q|² + beta |z_e - sg(z_q)|²`, where sg stops the gradient.
//!
//! Van den Oord, Vinyals and Kavukcuoglu, "Neural Discrete Representation Learning", NeurIPS 2017, equation 3. The
//! straight-through gradient of the reconstruction does not reach the codebook, so the first term trains it.

use burn::tensor::Tensor;

/// Codebook loss plus `beta` times commitment loss, each a mean over values. `z_e` is the encoder's output, `z_q` the
/// nearest codebook vectors, both [vectors, dimension].
pub fn quantisation(z_e: Tensor<2>, z_q: Tensor<2>, beta: f32) -> Tensor<1> {
    let codebook = (z_e.clone().detach() - z_q.clone()).square().mean();
    let commitment = (z_e - z_q.detach()).square().mean();
    codebook + commitment.mul_scalar(beta)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{assert_gradient, floats, normal, number, tensor};

    #[test]
    fn is_the_squared_distance_once_and_beta_times() {
        let loss = quantisation(tensor([[1.0, 0.0]]), tensor([[0.0, 0.5]]), 0.25);
        assert!((number(loss) - 1.25 * (1.0 + 0.25) / 2.0).abs() < 1e-6);
    }

    #[test]
    fn the_codebook_has_the_whole_gradient_and_the_encoder_beta_times() {
        let device = burn::tensor::Device::flex().autodiff();
        let [z_e, z_q] =
            [[1.0_f32, 0.0], [0.0, 0.5]].map(|row| Tensor::<2>::from_floats([row], &device).require_grad());
        let gradients = quantisation(z_e.clone(), z_q.clone(), 0.25).backward();
        let of = |leaf: &Tensor<2>| floats(leaf.grad(&gradients).expect("both are leaves"));
        assert_eq!((of(&z_e), of(&z_q)), (vec![0.25, -0.125], vec![-1.0, 0.5]));
    }

    #[test]
    fn gradients_equal_finite_differences() {
        // Of each term alone, the gradient is that of the squared distance.
        let (z_e, z_q) = (normal([3, 4], 1), normal([3, 4], 2));
        let squared = |a: Tensor<2>, b: Tensor<2>| (a - b).square().mean();
        assert_gradient(z_q.clone(), |at| squared(z_e.clone(), at));
        assert_gradient(z_e, |at| squared(at, z_q.clone()));
    }
}
