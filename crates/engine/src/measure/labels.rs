//! Measures of the code by labels.

use super::{
    evaluator::Evaluator,
    measured_value::MeasuredValue,
    neighbours::{most_frequent, neighbour_accuracy},
};
use crate::{EngineError, network::Autoencoder};

/// Accuracy of a nearest-neighbour classifier on the codes, with the share of the most frequent label as reference.
pub(super) async fn nearest_neighbour_accuracy<P: AsyncFn()>(
    evaluator: &Evaluator<'_, P>,
) -> Result<MeasuredValue, EngineError> {
    let codes = evaluator.encode(evaluator.held_out.values()).await?;
    let labels = evaluator.held_out.labels();
    let accuracy = neighbour_accuracy(&codes, evaluator.code_width(), labels).unwrap_or_default();
    Ok(with_most_frequent_label(accuracy, labels))
}

/// Accuracy of the network's classifier, with the share of the most frequent label as reference.
pub(super) async fn accuracy<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let labels = evaluator.held_out.labels();
    let classify = |network: &Autoencoder, batch| [network.classify(network.encode(batch))];
    let [logits] = evaluator.run_batches(evaluator.held_out.values(), evaluator.input_width(), classify).await?;
    let classes = logits.len() / labels.len();
    Ok(with_most_frequent_label(top_1_accuracy(&logits, classes, labels), labels))
}

/// A share of labelled samples, with that of the most frequent label as reference.
pub(super) fn with_most_frequent_label(share: f64, labels: &[Option<u8>]) -> MeasuredValue {
    let labelled = labels.iter().flatten().count();
    let most = most_frequent(labels.iter().copied().flatten()).map_or(0, |(_, count)| count);
    MeasuredValue { samples: labelled, ..MeasuredValue::with_reference(share, most as f64 / labelled as f64) }
}

/// Share of labelled samples whose largest logit is that of their label.
pub(super) fn top_1_accuracy(logits: &[f32], classes: usize, labels: &[Option<u8>]) -> f64 {
    let labelled = || logits.chunks_exact(classes).zip(labels).filter_map(|(logits, label)| Some((logits, (*label)?)));
    let correct = labelled().filter(|(logits, label)| argmax(logits) == Some(usize::from(*label))).count();
    correct as f64 / labelled().count() as f64
}

fn argmax(logits: &[f32]) -> Option<usize> {
    logits.iter().enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(class, _)| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accuracy_compares_the_largest_logit_with_the_label() {
        let logits = [0.1, 2.0, -1.0, 5.0, 4.0, 4.9, -3.0, -2.0, -1.0];
        assert!((top_1_accuracy(&logits, 3, &[Some(1), Some(2), Some(2)]) - 2.0 / 3.0).abs() < 1e-12);
        assert!((top_1_accuracy(&logits, 3, &[Some(1), None, Some(2)]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_share_of_the_most_frequent_label_is_the_reference() {
        let measured = with_most_frequent_label(0.9, &[Some(3), Some(3), None, Some(1)]);
        assert_eq!((measured.samples, measured.reference), (3, Some(2.0 / 3.0)));
    }
}
