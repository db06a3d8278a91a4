//! Cross-entropy of a classifier on the code: `-ln softmax(logits)[label]`, averaged over the samples with a label.
//!
//! Le, Patterson and White, "Supervised Autoencoders: Improving Generalization Performance with Unsupervised
//! Regularizers", NeurIPS 2018; with few labels, Rasmus et al., "Semi-Supervised Learning with Ladder Networks",
//! NeurIPS 2015.

use burn::tensor::{Int, Tensor, activation::log_softmax};

/// Mean cross-entropy, in nats, over the samples that have a label; 0 if none has.
///
/// `logits` are [samples, classes]; `labels` `[samples]` count from 0, and -1 stands for no label.
pub fn classification(logits: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1> {
    let is_labelled = labels.clone().greater_equal_elem(0).float();
    let labels = labels.clamp_min(0).unsqueeze_dim(1);
    let cross_entropy = log_softmax(logits, 1).gather(1, labels).squeeze_dim::<1>(1).neg();
    (cross_entropy * is_labelled.clone()).sum() / is_labelled.sum().clamp_min(1.0)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::objective::tests::{assert_gradient, normal, number, tensor};

    fn labels<const N: usize>(labels: [i32; N]) -> Tensor<1, Int> {
        Tensor::from_ints(labels, &Device::flex())
    }

    #[test]
    fn is_minus_the_log_probability_of_the_label() {
        let loss = classification(tensor([[0.2, 1.4, -0.5]]), labels([1]));
        let sum: f64 = [0.2_f64, 1.4, -0.5].map(f64::exp).iter().sum();
        assert!((number(loss) - (sum.ln() - 1.4)).abs() < 1e-6);
    }

    #[test]
    fn samples_without_a_label_do_not_count() {
        let labelled = classification(tensor([[0.2, 1.4, -0.5]]), labels([1]));
        let mixed = classification(tensor([[0.2, 1.4, -0.5], [9.0, 0.0, 0.0]]), labels([1, -1]));
        assert!((number(labelled) - number(mixed)).abs() < 1e-7);
        assert!(number(classification(tensor([[9.0, 0.0]]), labels([-1]))).abs() < 1e-9);
    }

    #[test]
    fn gradient_equals_finite_differences() {
        assert_gradient(normal([4, 3], 1), |at| classification(at, labels([2, -1, 0, 1])));
    }
}
