//! Where errors are looked at.

use burn::tensor::Tensor;

/// The mean of `errors` [samples, values]: over all of them, or over those where `hidden` is 1 and not 0 (He et al.,
/// "Masked Autoencoders Are Scalable Vision Learners", CVPR 2022). 0 where nothing is hidden.
pub(super) fn mean(errors: Tensor<2>, hidden: Option<Tensor<2>>) -> Tensor<1> {
    match hidden {
        None => errors.mean(),
        Some(hidden) => (errors * hidden.clone()).sum() / hidden.sum().clamp_min(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{number, tensor};

    #[test]
    fn a_batch_with_nothing_hidden_costs_nothing() {
        assert!(number(mean(tensor([[3.0, 4.0]]), Some(tensor([[0.0, 0.0]])))).abs() < 1e-9);
    }
}
