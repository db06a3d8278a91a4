//! Adversarial losses on the code, D the discriminator's probability that a code is a sample z of the prior:
//!
//! - generator (the encoder): `-E[ln D(code)]`, the non-saturating loss
//! - discriminator: `-(E[ln D(z)] + E[ln(1 - D(code))]) / 2`
//!
//! Makhzani, Shlens, Jaitly, Goodfellow and Frey, "Adversarial Autoencoders", 2016; Goodfellow et al., "Generative
//! Adversarial Networks", NeurIPS 2014.

use burn::tensor::{Tensor, activation::log_sigmoid};

/// Loss of the encoder, in nats: mean cross-entropy of the discriminator's `logits` [samples, 1] for the codes, against
/// the label of the prior. `ln 2` for an undecided discriminator.
pub fn generator_loss(logits: Tensor<2>) -> Tensor<1> {
    log_sigmoid(logits).mean().neg()
}

/// Loss of the discriminator, in nats: mean cross-entropy of its logits [samples, 1] for samples of the prior and for
/// codes. The codes must be detached from their encoder. `ln 2` for an undecided discriminator.
pub fn discriminator_loss(prior_logits: Tensor<2>, code_logits: Tensor<2>) -> Tensor<1> {
    let of_prior = log_sigmoid(prior_logits).mean();
    let of_codes = log_sigmoid(code_logits.neg()).mean();
    (of_prior + of_codes).mul_scalar(-0.5)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::*;
    use crate::objective::tests::{assert_gradient, normal, number, tensor};

    #[test]
    fn both_losses_of_an_undecided_discriminator_are_ln_2() {
        let undecided = || tensor([[0.0], [0.0]]);
        assert!((number(generator_loss(undecided())) - LN_2).abs() < 1e-6);
        assert!((number(discriminator_loss(undecided(), undecided())) - LN_2).abs() < 1e-6);
    }

    #[test]
    fn a_certain_discriminator_has_loss_0_and_the_encoder_its_logit() {
        assert!(number(discriminator_loss(tensor([[30.0]]), tensor([[-30.0]]))).abs() < 1e-6);
        assert!((number(generator_loss(tensor([[-30.0]]))) - 30.0).abs() < 1e-4);
    }

    #[test]
    fn gradients_equal_finite_differences() {
        assert_gradient(normal([5, 1], 1), generator_loss);
        assert_gradient(normal([5, 1], 1), |at| discriminator_loss(at, normal([5, 1], 2)));
        assert_gradient(normal([5, 1], 2), |at| discriminator_loss(normal([5, 1], 1), at));
    }
}
