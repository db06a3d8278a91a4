//! Whether the code knows what the labels say.

use super::{
    Figure,
    neighbours::{most_frequent, neighbour_accuracy},
    subject::Subject,
};
use crate::{EngineError, network::Autoencoder};

/// Share of codes whose neighbours agree with their label, beside that of the most frequent label.
pub(super) async fn neighbours<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    let codes = subject.encode(subject.held_out.values()).await?;
    let labels = subject.held_out.labels();
    let accuracy = neighbour_accuracy(&codes, subject.code_width(), labels).unwrap_or_default();
    Ok(beside_most_frequent(accuracy, labels))
}

/// Share of samples that the classifier labels rightly, beside that of the most frequent label.
pub(super) async fn accuracy<P: AsyncFn()>(subject: &Subject<'_, P>) -> Result<Figure, EngineError> {
    let labels = subject.held_out.labels();
    let classify = |network: &Autoencoder, batch| [network.classify(network.encode(batch))];
    let [logits] = subject.send(subject.held_out.values(), subject.input_width(), classify).await?;
    let classes = logits.len() / labels.len();
    Ok(beside_most_frequent(right_share(&logits, classes, labels), labels))
}

fn beside_most_frequent(share: f64, labels: &[Option<u8>]) -> Figure {
    let labelled = labels.iter().flatten().count();
    let most = most_frequent(labels.iter().copied().flatten()).map_or(0, |(_, count)| count);
    Figure { samples: labelled, ..Figure::beside(share, most as f64 / labelled as f64) }
}

/// Share of labelled samples whose greatest logit is that of their label.
fn right_share(logits: &[f32], classes: usize, labels: &[Option<u8>]) -> f64 {
    let labelled = || logits.chunks_exact(classes).zip(labels).filter_map(|(logits, label)| Some((logits, (*label)?)));
    let right = labelled().filter(|(logits, label)| greatest(logits) == Some(usize::from(*label))).count();
    right as f64 / labelled().count() as f64
}

fn greatest(logits: &[f32]) -> Option<usize> {
    logits.iter().enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(class, _)| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_logit_is_the_answer() {
        let logits = [0.1, 2.0, -1.0, 5.0, 4.0, 4.9, -3.0, -2.0, -1.0];
        assert!((right_share(&logits, 3, &[Some(1), Some(2), Some(2)]) - 2.0 / 3.0).abs() < 1e-12);
        assert!((right_share(&logits, 3, &[Some(1), None, Some(2)]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_most_frequent_label_stands_beside() {
        let figure = beside_most_frequent(0.9, &[Some(3), Some(3), None, Some(1)]);
        assert_eq!((figure.samples, figure.reference), (3, Some(2.0 / 3.0)));
    }
}
