//! Where errors are looked at.

use burn::tensor::Tensor;

/// The mean of `errors` [samples, values] over those where `hidden` is 1 and not 0 (He et al., "Masked Autoencoders Are
/// Scalable Vision Learners", CVPR 2022). 0 where nothing is hidden.
pub(super) fn mean_of_hidden(errors: Tensor<2>, hidden: Tensor<2>) -> Tensor<1> {
    (errors * hidden.clone()).sum() / hidden.sum().clamp_min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{number, tensor};

    #[test]
    fn a_batch_with_nothing_hidden_costs_nothing() {
        assert!(number(mean_of_hidden(tensor([[3.0, 4.0]]), tensor([[0.0, 0.0]]))).abs() < 1e-9);
    }
}
