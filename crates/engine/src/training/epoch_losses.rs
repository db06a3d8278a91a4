//! Losses of the steps of one epoch.

use pinhole_protocol::Term;
use serde::{Deserialize, Serialize};

use super::losses::StepLosses;

/// Number of the steps done in an epoch, and sums of their losses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EpochLosses {
    /// Steps done whose losses are summed.
    pub steps: usize,
    /// Sum of the totals.
    total: f64,
    /// Sum of the discriminator's losses; 0 without one.
    discriminator: f64,
}

impl EpochLosses {
    /// Adds the losses of later steps.
    pub fn add(&mut self, losses: &StepLosses) {
        self.steps += losses.total.len();
        // One after the other, so that a sum does not depend on when losses were read.
        for &loss in &losses.total {
            self.total += f64::from(loss);
        }
        for &loss in discriminator(losses) {
            self.discriminator += f64::from(loss);
        }
    }

    /// Mean of the totals; NaN without a step.
    pub fn mean(&self) -> f32 {
        (self.total / self.steps as f64) as f32
    }

    /// Mean of the discriminator's losses.
    pub fn discriminator_mean(&self) -> f32 {
        (self.discriminator / self.steps as f64) as f32
    }
}

fn discriminator(losses: &StepLosses) -> &[f32] {
    losses.terms.iter().find(|losses| losses.term == Term::Discriminator).map_or(&[], |losses| &losses.values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_those_of_all_steps_however_they_were_read() {
        let rows = |range: std::ops::Range<u8>| {
            let rows: Vec<Vec<f32>> = range.map(|step| vec![f32::from(step), 1.0, 10.0 * f32::from(step)]).collect();
            StepLosses::new(&rows, &[Term::Reconstruction, Term::Discriminator])
        };
        let (mut at_once, mut in_parts) = (EpochLosses::default(), EpochLosses::default());
        at_once.add(&rows(1..6));
        for range in [1..3, 3..3, 3..6] {
            in_parts.add(&rows(range));
        }
        assert_eq!(at_once, in_parts);
        assert_eq!((at_once.steps, at_once.mean(), at_once.discriminator_mean()), (5, 3.0, 30.0));
    }
}
