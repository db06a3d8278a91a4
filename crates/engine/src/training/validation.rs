//! Validation loss of an epoch.

use pinhole_protocol::{Objective, Term};

use super::{batches::BatchIter, losses::PendingLosses, stepper::Stepper};
use crate::{
    EngineError,
    network::{Autoencoder, Mode},
    objective,
};

/// Validation of one epoch, a batch at a time; samples and corruption are the same in every epoch.
pub(super) struct Validation {
    batches: BatchIter,
    losses: PendingLosses,
    /// Sizes of the batches whose losses were not read yet.
    unread_batches: Vec<usize>,
    sum: f64,
    samples: usize,
}

impl Validation {
    pub fn new(stepper: &Stepper) -> Self {
        let spec = stepper.experiment.spec();
        Self {
            batches: BatchIter::validation(&stepper.samples, &stepper.split.validation, &spec.schedule, spec.seed),
            losses: PendingLosses::new(),
            unread_batches: Vec::new(),
            sum: 0.0,
            samples: 0,
        }
    }

    /// Validates one batch and reads losses when a read is due. False if no batch is left.
    pub async fn advance(
        &mut self,
        network: &Autoencoder,
        stepper: &Stepper,
        terms: &[Term],
    ) -> Result<bool, EngineError> {
        let experiment = &stepper.experiment;
        let corruption = experiment.spec().objective.corruption;
        let Some(batch) = self.batches.next_batch(&stepper.samples, corruption) else { return Ok(false) };
        let batch = stepper.with_teacher_targets(batch);
        self.unread_batches.push(batch.samples());
        // With the loss weights of the run's end (`progress` 1), so that the losses of all epochs compare.
        let batch_terms = objective::terms(experiment, network, &batch, 1.0, &mut Mode::Inference);
        self.losses.push(batch_terms.losses());
        if self.losses.is_due() {
            self.read(&experiment.spec().objective, terms).await?;
        }
        Ok(true)
    }

    /// Mean loss over all samples; `None` if there is no validation sample.
    pub async fn finish(mut self, objective: &Objective, terms: &[Term]) -> Result<Option<f32>, EngineError> {
        self.read(objective, terms).await?;
        Ok((self.samples > 0).then(|| (self.sum / self.samples as f64) as f32))
    }

    async fn read(&mut self, objective: &Objective, terms: &[Term]) -> Result<(), EngineError> {
        let (rows, _) = self.losses.read(None).await?;
        for (row, samples) in rows.into_iter().zip(self.unread_batches.drain(..)) {
            self.sum += without_adversarial_term(&row, terms, objective) * samples as f64;
            self.samples += samples;
        }
        Ok(())
    }
}

/// The loss without its adversarial term, adversarial_weight x L_adv: that term measures the discriminator as much as
/// the encoder, so it does not compare from epoch to epoch.
fn without_adversarial_term(row: &[f32], terms: &[Term], objective: &Objective) -> f64 {
    let adversarial = terms.iter().position(|term| *term == Term::Adversarial).and_then(|index| row.get(1 + index));
    f64::from(row[0]) - adversarial.map_or(0.0, |loss| f64::from(objective.adversarial) * f64::from(*loss))
}
