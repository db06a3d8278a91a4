//! Mean over the values under a mask.

use burn::tensor::Tensor;

/// `Σ mask * errors / Σ mask` of `errors` [samples, values], with a mask of 0 and 1; 0 for a mask of zeros (He et al.,
/// "Masked Autoencoders Are Scalable Vision Learners", CVPR 2022).
pub(super) fn masked_mean(errors: Tensor<2>, mask: Tensor<2>) -> Tensor<1> {
    (errors * mask.clone()).sum() / mask.sum().clamp_min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::tests::{number, tensor};

    #[test]
    fn a_mask_of_zeros_gives_0() {
        assert!(number(masked_mean(tensor([[3.0, 4.0]]), tensor([[0.0, 0.0]]))).abs() < 1e-9);
    }
}
