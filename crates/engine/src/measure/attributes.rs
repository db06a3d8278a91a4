//! Measures of the attributes that an experiment learns: its regression head, and its ties.

use burn::tensor::Tensor;
use pinhole_protocol::{Tie, TieTarget};

use super::{
    evaluator::Evaluator,
    labels::{top_1_accuracy, with_most_frequent_label},
    measured_value::MeasuredValue,
};
use crate::{EngineError, network::Autoencoder, read_back::read};

/// R² of the regression head over the held-out samples that have its attribute, with 0 as reference.
pub(super) async fn regression_r2<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let pairs = predictions(evaluator).await?;
    Ok(MeasuredValue { samples: pairs.len(), ..MeasuredValue::with_reference(r2(&pairs), 0.0) })
}

/// Mean absolute error of the regression head, with that of the training samples' mean as reference.
pub(super) async fn regression_mae<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let pairs = predictions(evaluator).await?;
    let head = evaluator.model.network.regression().expect(IS_APPLICABLE);
    let mean = f64::from(read(head.mean()).await?[0]);
    let of_mean: Vec<[f64; 2]> = pairs.iter().map(|[actual, _]| [*actual, mean]).collect();
    let measured = MeasuredValue::with_reference(mean_absolute_error(&pairs), mean_absolute_error(&of_mean));
    Ok(MeasuredValue { samples: pairs.len(), ..measured })
}

/// Mean correlation of the latent numbers that are tied to an attribute with it; as reference the mean, over the ties,
/// of the largest absolute correlation of any other latent number.
pub(super) async fn tied_correlation<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let held_out = evaluator.held_out;
    let (codes, width) = (evaluator.encode(held_out.values()).await?, evaluator.code_width());
    let ties = &evaluator.model.experiment.spec().objective.ties;
    let attribute_of = |tie: &Tie| held_out.attributes().find(tie.attribute()?);
    let pairs = || ties.iter().filter_map(|tie| Some((tie.latent, attribute_of(tie)?)));
    let correlation_with = |latent: usize, values: &[Option<f32>]| {
        let numbers = codes.chunks_exact(width).map(|code| f64::from(code[latent]));
        let known = values.iter().zip(numbers).filter_map(|(value, number)| Some([f64::from((*value)?), number]));
        correlation(&known.collect::<Vec<_>>())
    };
    let best_other = |own: usize, values: &[Option<f32>]| {
        let others = (0..width).filter(|latent| *latent != own).map(|latent| correlation_with(latent, values).abs());
        others.fold(0.0, f64::max)
    };
    let count = pairs().count().max(1) as f64;
    let value = pairs().map(|(latent, attribute)| correlation_with(latent, &attribute.values)).sum::<f64>() / count;
    let reference = pairs().map(|(latent, attribute)| best_other(latent, &attribute.values)).sum::<f64>() / count;
    let samples = pairs().map(|(_, attribute)| attribute.values.iter().flatten().count()).max().unwrap_or_default();
    Ok(MeasuredValue { samples, ..MeasuredValue::with_reference(value, reference) })
}

/// Accuracy of the first group of latent numbers that is tied to the label, with the share of the most frequent label
/// as reference.
pub(super) async fn tied_accuracy<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<MeasuredValue, EngineError> {
    let ties = &evaluator.model.experiment.spec().objective.ties;
    let tie = ties.iter().find(|tie| matches!(tie.target, TieTarget::Label { .. })).expect(IS_APPLICABLE);
    let Tie { latent, .. } = *tie;
    let classes = tie.latents().len();
    let group = |network: &Autoencoder, batch: Tensor<2>| [network.encode(batch).narrow(1, latent, classes)];
    let [numbers] = evaluator.run_batches(evaluator.held_out.values(), evaluator.input_width(), group).await?;
    let labels = evaluator.held_out.labels();
    Ok(with_most_frequent_label(top_1_accuracy(&numbers, classes, labels), labels))
}

const IS_APPLICABLE: &str = "the measure applies to models with it alone";

/// Actual and predicted number of each held-out sample that has the regression's attribute, in the attribute's unit.
async fn predictions<P: AsyncFn()>(evaluator: &Evaluator<'_, P>) -> Result<Vec<[f64; 2]>, EngineError> {
    let head = evaluator.model.experiment.spec().network.regression.as_ref().expect(IS_APPLICABLE);
    let attribute = evaluator.held_out.attributes().find(&head.attribute).expect(IS_APPLICABLE);
    let predict = |network: &Autoencoder, batch: Tensor<2>| {
        [network.regression().expect(IS_APPLICABLE).predict(network.encode(batch))]
    };
    let [predicted] = evaluator.run_batches(evaluator.held_out.values(), evaluator.input_width(), predict).await?;
    let pairs = attribute.values.iter().zip(predicted);
    Ok(pairs.filter_map(|(actual, predicted)| Some([f64::from((*actual)?), f64::from(predicted)])).collect())
}

/// Coefficient of determination of pairs of an actual and a predicted number: `1 - Σ (y - ŷ)² / Σ (y - E[y])²`, as
/// scikit-learn's `r2_score`.
fn r2(pairs: &[[f64; 2]]) -> f64 {
    let mean = pairs.iter().map(|pair| pair[0]).sum::<f64>() / pairs.len() as f64;
    let residual: f64 = pairs.iter().map(|[actual, predicted]| (actual - predicted).powi(2)).sum();
    let total: f64 = pairs.iter().map(|[actual, _]| (actual - mean).powi(2)).sum();
    1.0 - residual / total
}

/// Mean absolute error of pairs of an actual and a predicted number.
fn mean_absolute_error(pairs: &[[f64; 2]]) -> f64 {
    pairs.iter().map(|[actual, predicted]| (actual - predicted).abs()).sum::<f64>() / pairs.len() as f64
}

/// Pearson's correlation coefficient of pairs; 0 if one side does not vary.
fn correlation(pairs: &[[f64; 2]]) -> f64 {
    let mean = |side: usize| pairs.iter().map(|pair| pair[side]).sum::<f64>() / pairs.len() as f64;
    let means = [mean(0), mean(1)];
    let product = |one: usize, other: usize| -> f64 {
        pairs.iter().map(|pair| (pair[one] - means[one]) * (pair[other] - means[other])).sum()
    };
    let scale = (product(0, 0) * product(1, 1)).sqrt();
    if scale > 0.0 { product(0, 1) / scale } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: [[f64; 2]; 5] = [[3.0, 2.5], [-0.5, 0.0], [2.0, 2.0], [7.0, 8.0], [1.25, -1.0]];

    /// Values of scikit-learn 1.9.1 (`r2_score`, `mean_absolute_error`) and NumPy 2.4.6 (`corrcoef`):
    /// `y = [3, -.5, 2, 7, 1.25]; p = [2.5, 0, 2, 8, -1]`.
    #[test]
    fn values_are_those_of_scikit_learn_and_numpy() {
        assert!((r2(&PAIRS) - 0.790_335_463_258_785_9).abs() < 1e-12, "{}", r2(&PAIRS));
        assert!((mean_absolute_error(&PAIRS) - 0.85).abs() < 1e-12);
        assert!((correlation(&PAIRS) - 0.944_796_822_939_442_1).abs() < 1e-12, "{}", correlation(&PAIRS));
    }

    #[test]
    fn a_constant_has_no_correlation() {
        assert!(correlation(&[[1.0, 2.0], [1.0, 5.0]]).abs() < 1e-12);
    }
}
