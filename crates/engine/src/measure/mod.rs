//! Measures of a trained model on held-out samples, one function per [`Measure`].
//!
//! Networks run on the device; results are summed in f64 on the host. Random numbers depend on the experiment's seed
//! alone, so that the same model gives the same values.

mod active_share;
mod active_units;
mod applicability;
mod attributes;
mod code;
mod codebook;
mod dead_units;
mod denoising;
mod elbo;
mod evaluator;
mod held_out;
pub mod images;
mod labels;
mod measured_value;
mod mmd;
mod neighbours;
mod reconstruction;
#[cfg(test)]
mod reference;
mod sensitivity;
mod student;
#[cfg(test)]
mod tests;

use pinhole_protocol::{Measure, Measurement};

use crate::{EngineError, Model};

pub use active_share::active_share;
pub use active_units::active_units;
pub use applicability::{Context, default_measures, inapplicable_reason};
pub use codebook::{indices, perplexity, usage_counts};
pub use dead_units::dead_units;
pub(crate) use denoising::masked_error;
pub use elbo::{bernoulli_nats, gaussian_nats, kl_divergence_nats, unit_kl_divergence_nats};
use evaluator::Evaluator;
pub use held_out::HeldOut;
use measured_value::MeasuredValue;
pub use mmd::{GaussianKernel, mmd};
pub use neighbours::neighbour_accuracy;

/// Measures a model, compared with the teacher that it was distilled from, if there is one. Inapplicable measures are
/// left out. `pause` yields to the event loop between batches.
///
/// # Errors
/// When there is no sample, the samples do not fit the model, no measure is applicable, or the device fails.
pub async fn measure(
    model: &Model,
    held_out: &HeldOut,
    measures: &[Measure],
    teacher: Option<&Model>,
    pause: &impl AsyncFn(),
) -> Result<Vec<Measurement>, EngineError> {
    held_out.require_fit(model)?;
    let context = Context::new(model.experiment(), held_out, teacher.is_some());
    let evaluator = Evaluator { model, held_out, pause };
    // Only measures of a student read the teacher, and those are inapplicable without one.
    let teacher = Evaluator { model: teacher.unwrap_or(model), held_out, pause };
    let mut measurements = Vec::with_capacity(measures.len());
    let mut first_reason = None;
    for &measure in measures {
        if let Some(reason) = inapplicable_reason(measure, model.experiment(), context) {
            first_reason.get_or_insert(reason);
            continue;
        }
        let MeasuredValue { value, reference, samples } = evaluate(measure, &evaluator, &teacher).await?;
        let samples = if samples == 0 { held_out.len() } else { samples };
        measurements.push(Measurement { measure, value, reference, samples });
    }
    match first_reason {
        Some(reason) if measurements.is_empty() => Err(EngineError::setting("measures", reason)),
        _ => Ok(measurements),
    }
}

async fn evaluate<P: AsyncFn()>(
    measure: Measure,
    evaluator: &Evaluator<'_, P>,
    teacher: &Evaluator<'_, P>,
) -> Result<MeasuredValue, EngineError> {
    match measure {
        Measure::ReconstructionError => reconstruction::reconstruction_error(evaluator).await,
        Measure::Denoising => denoising::denoising_psnr(evaluator).await,
        Measure::HiddenError => denoising::hidden_error(evaluator).await,
        Measure::NeighbourAccuracy => labels::nearest_neighbour_accuracy(evaluator).await,
        Measure::NoiseCopied => reconstruction::noise_copied(evaluator).await,
        Measure::ActiveShare => code::mean_active_share(evaluator).await,
        Measure::DeadUnits => code::dead_unit_count(evaluator).await,
        Measure::Sensitivity => sensitivity::sensitivity(evaluator).await,
        Measure::NegativeElbo => elbo::negative_elbo(evaluator).await,
        Measure::ActiveUnits => code::active_unit_count(evaluator).await,
        Measure::CodebookPerplexity => code::codebook_perplexity(evaluator).await,
        Measure::PriorMmd => code::mmd_to_prior(evaluator).await,
        Measure::Accuracy => labels::accuracy(evaluator).await,
        Measure::RegressionR2 => attributes::regression_r2(evaluator).await,
        Measure::RegressionMae => attributes::regression_mae(evaluator).await,
        Measure::TiedCorrelation => attributes::tied_correlation(evaluator).await,
        Measure::TiedAccuracy => attributes::tied_accuracy(evaluator).await,
        Measure::StudentError => reconstruction::student_error(evaluator, teacher).await,
        Measure::StudentSize => Ok(student::size(evaluator, teacher)),
        Measure::StudentTime => student::time(evaluator, teacher).await,
    }
}
