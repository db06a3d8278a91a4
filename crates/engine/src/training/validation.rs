//! How the network does on samples that it does not learn from.

use pinhole_protocol::{Objective, Term};

use super::{epoch::Pass, losses::PendingLosses, stepper::Stepper};
use crate::{
    EngineError,
    network::{Autoencoder, Mode},
    objective,
};

/// The validation of one epoch, a batch at a time: the same samples with the same corruption in every epoch.
pub(super) struct Validation {
    pass: Pass,
    losses: PendingLosses,
    /// Samples of the batches that were not read yet.
    unread: Vec<usize>,
    sum: f64,
    samples: usize,
}

impl Validation {
    pub fn new(stepper: &Stepper) -> Self {
        let spec = stepper.experiment.spec();
        Self {
            pass: Pass::validation(&stepper.samples, &stepper.split.validation, &spec.schedule, spec.seed),
            losses: PendingLosses::new(),
            unread: Vec::new(),
            sum: 0.0,
            samples: 0,
        }
    }

    /// Validates one batch, unless there is none left; reads losses when that is due.
    pub async fn advance(
        &mut self,
        network: &Autoencoder,
        stepper: &Stepper,
        terms: &[Term],
    ) -> Result<bool, EngineError> {
        let experiment = &stepper.experiment;
        let corruption = experiment.spec().objective.corruption;
        let Some(batch) = self.pass.next_batch(&stepper.samples, corruption) else { return Ok(false) };
        let batch = stepper.instructed(batch);
        self.unread.push(batch.samples());
        // With the weights of the run's end, so that the losses of all epochs compare.
        let judged = objective::terms(experiment, network, &batch, 1.0, &mut Mode::Inference);
        self.losses.push(judged.losses());
        if self.losses.is_due() {
            self.read(&experiment.spec().objective, terms).await?;
        }
        Ok(true)
    }

    /// The mean loss over all samples; `None` without any.
    pub async fn finish(mut self, objective: &Objective, terms: &[Term]) -> Result<Option<f32>, EngineError> {
        self.read(objective, terms).await?;
        Ok((self.samples > 0).then(|| (self.sum / self.samples as f64) as f32))
    }

    async fn read(&mut self, objective: &Objective, terms: &[Term]) -> Result<(), EngineError> {
        let (rows, _) = self.losses.read(None).await?;
        for (row, samples) in rows.into_iter().zip(self.unread.drain(..)) {
            self.sum += comparable(&row, terms, objective) * samples as f64;
            self.samples += samples;
        }
        Ok(())
    }
}

/// The loss without what fooling the discriminator adds: that tells how good the opponent is, so that it does not compare
/// from epoch to epoch.
fn comparable(row: &[f32], terms: &[Term], objective: &Objective) -> f64 {
    let fooling = terms.iter().position(|term| *term == Term::Adversarial).and_then(|index| row.get(1 + index));
    f64::from(row[0]) - fooling.map_or(0.0, |loss| f64::from(objective.adversarial) * f64::from(*loss))
}
