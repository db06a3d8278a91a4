//! Two players: a discriminator learns to tell codes from draws of a prior, and the encoder learns to fool it.
//!
//! Makhzani, Shlens, Jaitly, Goodfellow and Frey, "Adversarial Autoencoders", 2016; the encoder's loss is the
//! non-saturating one of Goodfellow et al., "Generative Adversarial Networks", NeurIPS 2014.

use burn::tensor::{Tensor, activation::log_sigmoid};

/// What the encoder minimises: the discriminator's surprise, in nats, if the codes were draws of the prior. `logits`
/// [samples, 1] are the discriminator's answers to the codes. While it is undecided, `ln 2`.
pub fn fooling(logits: Tensor<2>) -> Tensor<1> {
    log_sigmoid(logits).mean().neg()
}

/// What the discriminator minimises: its mean surprise, in nats, over prior draws and codes. Both are answers [samples, 1];
/// the codes must have been cut off from their encoder. While it is undecided, `ln 2`.
pub fn telling_apart(prior_logits: Tensor<2>, code_logits: Tensor<2>) -> Tensor<1> {
    let missed = log_sigmoid(prior_logits).mean();
    let fooled = log_sigmoid(code_logits.neg()).mean();
    (missed + fooled).mul_scalar(-0.5)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::*;
    use crate::objective::tests::{assert_gradient, normal, number, tensor};

    #[test]
    fn an_undecided_discriminator_costs_one_bit() {
        let undecided = || tensor([[0.0], [0.0]]);
        assert!((number(fooling(undecided())) - LN_2).abs() < 1e-6);
        assert!((number(telling_apart(undecided(), undecided())) - LN_2).abs() < 1e-6);
    }

    #[test]
    fn a_sure_one_costs_itself_nothing_and_the_encoder_its_logit() {
        assert!(number(telling_apart(tensor([[30.0]]), tensor([[-30.0]]))).abs() < 1e-6);
        assert!((number(fooling(tensor([[-30.0]]))) - 30.0).abs() < 1e-4);
    }

    #[test]
    fn the_gradients_are_slopes() {
        assert_gradient(normal([5, 1], 1), fooling);
        assert_gradient(normal([5, 1], 1), |at| telling_apart(at, normal([5, 1], 2)));
        assert_gradient(normal([5, 1], 2), |at| telling_apart(normal([5, 1], 1), at));
    }
}
