//! Tying of latent numbers to properties of the samples, over those whose property is known:
//!
//! - number z of the code to an attribute t: `mean (z - (t - E[t]) / √Var[t])²`, so that z is the attribute in standard
//!   deviations from its mean
//! - a group of numbers to the label: `mean -ln softmax(z)[label]`
//!
//! The first is the L2 regulariser of Locatello, Tschannen, Bauer, Rätsch, Schölkopf and Bachem, "Disentangling Factors
//! of Variations Using Few Labels", ICLR 2020, section 3; the second is the cross-entropy of a supervised autoencoder
//! (`classification.rs`) whose logits are the code's own numbers.

use burn::tensor::Tensor;
use pinhole_protocol::{Tie, TieTarget};

use super::{batch::Batch, classification::classification};

/// Mean squared distance of `prediction` from `target` over the samples with a `known` of 1, not 0; 0 if there is none.
/// All are [samples, 1].
pub fn known_squared_error(prediction: Tensor<2>, target: Tensor<2>, known: Tensor<2>) -> Tensor<1> {
    let error = prediction - target;
    (error.clone() * error * known.clone()).sum() / known.sum().clamp_min(1.0)
}

/// Sum of all ties of a code [samples, latent size], each averaged over the samples of the batch that have its
/// property. `attributes` are the names of the batch's attributes.
///
/// # Panics
/// Without a tie.
pub(super) fn tying(ties: &[Tie], attributes: &[&str], code: &Tensor<2>, batch: &Batch) -> Tensor<1> {
    let of_tie = |tie: &Tie| {
        let numbers = code.clone().narrow(1, tie.latent, tie.latents().len());
        let of_target = match &tie.target {
            TieTarget::Label { .. } => batch.labels.clone().map(|labels| classification(numbers, labels)),
            TieTarget::Attribute(name) => attribute_error(name, attributes, numbers, batch),
        };
        of_target.unwrap_or_else(|| Tensor::zeros([1], &code.device()))
    };
    ties.iter().map(of_tie).reduce(|sum, tie| sum + tie).expect("the term exists if there is a tie")
}

/// [`known_squared_error`] of a prediction of an attribute of the batch; `None` if the batch does not have it.
pub(super) fn attribute_error(
    name: &str,
    attributes: &[&str],
    prediction: Tensor<2>,
    batch: &Batch,
) -> Option<Tensor<1>> {
    let of_batch = batch.attributes.as_ref()?;
    let column = attributes.iter().position(|attribute| *attribute == name)?;
    let [target, known] = [&of_batch.values, &of_batch.known].map(|values| values.clone().narrow(1, column, 1));
    Some(known_squared_error(prediction, target, known))
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Int};

    use super::*;
    use crate::objective::{
        BatchAttributes,
        tests::{assert_gradient, normal, number, tensor},
    };

    fn batch() -> Batch {
        Batch {
            input: normal([4, 2], 5),
            target: normal([4, 2], 5),
            hidden: None,
            known: None,
            labels: Some(Tensor::<1, Int>::from_ints([1, -1, 0, 1], &Device::flex())),
            attributes: Some(BatchAttributes {
                values: tensor([[0.5, -1.0], [0.0, 2.0], [-1.5, 0.0], [1.0, 0.25]]),
                known: tensor([[1.0, 1.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
            }),
        }
    }

    fn ties() -> Vec<Tie> {
        let to = |latent, target| Tie { latent, target };
        vec![
            to(0, TieTarget::Attribute("slant".into())),
            to(1, TieTarget::Label { classes: 2 }),
            to(3, TieTarget::Attribute("width".into())),
        ]
    }

    const NAMES: [&str; 2] = ["slant", "width"];

    #[test]
    fn is_the_mean_squared_distance_over_the_known_samples() {
        let error = known_squared_error(
            tensor([[1.0], [9.0], [-1.0]]),
            tensor([[0.5], [0.0], [2.0]]),
            tensor([[1.0], [0.0], [1.0]]),
        );
        assert!((number(error) - f64::midpoint(0.25, 9.0)).abs() < 1e-6);
        let nothing_known = known_squared_error(tensor([[1.0]]), tensor([[0.0]]), tensor([[0.0]]));
        assert!(number(nothing_known).abs() < 1e-9);
    }

    #[test]
    fn is_the_sum_over_the_ties() {
        let code = normal([4, 5], 1);
        let one = |tie: Tie| number(tying(&[tie], &NAMES, &code, &batch()));
        let sum: f64 = ties().into_iter().map(one).sum();
        assert!((number(tying(&ties(), &NAMES, &code, &batch())) - sum).abs() < 1e-5);
        let numbers = tensor([[0.5], [7.0], [-1.5], [1.0]]);
        let at_target = tying(&ties()[..1], &NAMES, &numbers, &batch());
        assert!(number(at_target).abs() < 1e-9, "the missing one does not count");
    }

    #[test]
    fn a_batch_without_the_property_adds_nothing() {
        let bare = Batch { labels: None, attributes: None, ..batch() };
        assert!(number(tying(&ties(), &NAMES, &normal([4, 5], 1), &bare)).abs() < 1e-9);
    }

    #[test]
    fn gradient_equals_finite_differences() {
        assert_gradient(normal([4, 5], 1), |code| tying(&ties(), &NAMES, &code, &batch()));
    }
}
