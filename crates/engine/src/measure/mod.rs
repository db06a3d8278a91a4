//! What shows that a network does what it is said to do: one function for each
//! [`Measure`], on samples that training did not see.
//!
//! Networks run on the device; everything that is decided by is summed in f64 on the host. What is drawn depends on the
//! experiment's seed alone, so that the same model measures the same.

mod activity;
mod choice;
mod code;
mod codebook;
mod discrepancy;
mod evidence;
mod held_out;
pub mod images;
mod labels;
mod neighbours;
mod reconstruction;
#[cfg(test)]
mod reference;
mod restoration;
mod sensitivity;
mod student;
mod subject;
#[cfg(test)]
mod tests;

use pinhole_protocol::{Measure, Measurement};

use crate::{EngineError, Model};

pub use activity::active_share;
pub use choice::{Company, refusal, usual_measures};
pub use codebook::{choices, perplexity};
pub use discrepancy::{Kernel, discrepancy};
pub use evidence::{active_units, bernoulli_nats, divergence, gaussian_nats, unit_divergence};
pub use held_out::HeldOut;
pub use neighbours::neighbour_accuracy;
use subject::Subject;

/// A value, what to compare it with, and samples that it was measured on (0: all that were held out).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Figure {
    value: f64,
    reference: Option<f64>,
    samples: usize,
}

impl Figure {
    const fn alone(value: f64) -> Self {
        Self { value, reference: None, samples: 0 }
    }

    const fn beside(value: f64, reference: f64) -> Self {
        Self { value, reference: Some(reference), samples: 0 }
    }
}

/// Measures a model, beside the teacher that it was distilled from if there is one; what says nothing of it is left out.
/// `pause` is called between batches and lets the event loop turn.
///
/// # Errors
/// When there is no sample, the samples do not fit the model, no measure says anything of it, or the device fails.
pub async fn measure(
    model: &Model,
    held_out: &HeldOut,
    measures: &[Measure],
    teacher: Option<&Model>,
    pause: &impl AsyncFn(),
) -> Result<Vec<Measurement>, EngineError> {
    held_out.demand_fit(model)?;
    let company = Company { has_labels: held_out.has_labels(), has_teacher: teacher.is_some() };
    let subject = Subject { model, held_out, pause };
    // Only a student's measures read it, and they are refused without a teacher.
    let teacher = Subject { model: teacher.unwrap_or(model), held_out, pause };
    let mut found = Vec::with_capacity(measures.len());
    let mut first_reason = None;
    for &measure in measures {
        if let Some(reason) = refusal(measure, model.experiment(), company) {
            first_reason.get_or_insert(reason);
            continue;
        }
        let Figure { value, reference, samples } = figure(measure, &subject, &teacher).await?;
        let samples = if samples == 0 { held_out.len() } else { samples };
        found.push(Measurement { measure, value, reference, samples });
    }
    match first_reason {
        Some(reason) if found.is_empty() => Err(EngineError::setting("measures", reason)),
        _ => Ok(found),
    }
}

async fn figure<P: AsyncFn()>(
    measure: Measure,
    subject: &Subject<'_, P>,
    teacher: &Subject<'_, P>,
) -> Result<Figure, EngineError> {
    match measure {
        Measure::ReconstructionError => reconstruction::error(subject).await,
        Measure::Restoration => restoration::restoration(subject).await,
        Measure::HiddenError => restoration::hidden_error(subject).await,
        Measure::NeighbourAccuracy => labels::neighbours(subject).await,
        Measure::NoiseCopied => reconstruction::noise_copied(subject).await,
        Measure::ActiveShare => code::active_share(subject).await,
        Measure::Sensitivity => sensitivity::sensitivity(subject).await,
        Measure::NegativeElbo => evidence::negative_elbo(subject).await,
        Measure::ActiveUnits => code::active_units(subject).await,
        Measure::CodebookPerplexity => code::codebook_perplexity(subject).await,
        Measure::PriorDiscrepancy => code::prior_discrepancy(subject).await,
        Measure::Accuracy => labels::accuracy(subject).await,
        Measure::StudentError => reconstruction::student_error(subject, teacher).await,
        Measure::StudentSize => Ok(student::size(subject, teacher)),
        Measure::StudentTime => student::time(subject, teacher).await,
    }
}
