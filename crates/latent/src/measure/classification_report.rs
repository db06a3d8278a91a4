//! Precision, recall and F1 of predicted labels.

/// Share of equal labels; 0 of none.
///
/// # Panics
/// When the numbers of labels differ.
pub fn accuracy(truth: &[u8], predicted: &[u8]) -> f64 {
    assert_eq!(truth.len(), predicted.len(), "a prediction for every label");
    let correct = truth.iter().zip(predicted).filter(|(a, b)| a == b).count();
    correct as f64 / truth.len().max(1) as f64
}

/// Precision, recall and F1 of a class, or their mean; 0 where they are divided by 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PrecisionRecall {
    /// Share of the predictions that are true.
    pub precision: f64,
    /// Share of the class that is predicted.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

/// Figures of a class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassReport {
    /// Its label.
    pub label: u8,
    /// Number of samples that have it.
    pub support: usize,
    /// Its figures.
    pub figures: PrecisionRecall,
}

/// Figures of a classifier by class, as scikit-learn's `classification_report(zero_division=0)` and `confusion_matrix`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassificationReport {
    /// Share of correct labels.
    pub accuracy: f64,
    /// Figures of every label that is true or predicted, ascending.
    pub classes: Vec<ClassReport>,
    /// Mean over the classes.
    pub macro_mean: PrecisionRecall,
    /// Mean weighted by the classes' supports.
    pub weighted_mean: PrecisionRecall,
    /// Samples by true class (line) and predicted class (column).
    pub confusion: Vec<Vec<usize>>,
}

impl ClassificationReport {
    /// Compares predicted labels with the true ones.
    ///
    /// # Panics
    /// When the numbers of labels differ.
    pub fn new(truth: &[u8], predicted: &[u8]) -> Self {
        let mut labels: Vec<u8> = truth.iter().chain(predicted).copied().collect();
        labels.sort_unstable();
        labels.dedup();
        let class = |label: u8| labels.partition_point(|&other| other < label);
        let mut confusion = vec![vec![0; labels.len()]; labels.len()];
        truth.iter().zip(predicted).for_each(|(&a, &b)| confusion[class(a)][class(b)] += 1);
        let classes: Vec<ClassReport> =
            labels.iter().enumerate().map(|(index, &label)| class_report(label, index, &confusion)).collect();
        Self {
            accuracy: accuracy(truth, predicted),
            macro_mean: mean(&classes, |_| 1.0),
            weighted_mean: mean(&classes, |class| class.support as f64),
            classes,
            confusion,
        }
    }
}

fn class_report(label: u8, index: usize, confusion: &[Vec<usize>]) -> ClassReport {
    let share = |part: usize, all: usize| if all == 0 { 0.0 } else { part as f64 / all as f64 };
    let support: usize = confusion[index].iter().sum();
    let predictions: usize = confusion.iter().map(|line| line[index]).sum();
    let correct = confusion[index][index];
    let figures = PrecisionRecall {
        precision: share(correct, predictions),
        recall: share(correct, support),
        f1: share(2 * correct, predictions + support),
    };
    ClassReport { label, support, figures }
}

fn mean(classes: &[ClassReport], weight: impl Fn(&ClassReport) -> f64) -> PrecisionRecall {
    let total: f64 = classes.iter().map(&weight).sum();
    let mean = |figure: fn(&PrecisionRecall) -> f64| {
        classes.iter().map(|class| weight(class) * figure(&class.figures)).sum::<f64>() / total.max(1.0)
    };
    PrecisionRecall { precision: mean(|f| f.precision), recall: mean(|f| f.recall), f1: mean(|f| f.f1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{close, reference};

    #[test]
    fn figures_are_those_of_scikit_learn() {
        for case in reference().reports {
            let report = ClassificationReport::new(&case.truth, &case.predicted);
            close(report.accuracy, case.accuracy);
            assert_eq!(report.confusion, case.confusion);
            let rows = report.classes.iter().map(|class| class.figures);
            let found: Vec<f64> = rows
                .chain([report.macro_mean, report.weighted_mean])
                .flat_map(|figures| [figures.precision, figures.recall, figures.f1])
                .collect();
            assert_eq!(found.len(), case.figures.len());
            found.iter().zip(case.figures).for_each(|(&found, expected)| close(found, expected));
        }
    }

    #[test]
    fn no_labels_make_an_empty_report() {
        let report = ClassificationReport::new(&[], &[]);
        assert!(report.classes.is_empty() && report.accuracy.abs() < 1e-15);
    }
}
