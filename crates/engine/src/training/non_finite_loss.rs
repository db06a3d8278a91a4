//! Detection of losses that are NaN or infinite, and advice for the user.

use pinhole_protocol::{Schedule, Term};

/// The first non-finite loss among steps that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NonFiniteLoss {
    /// Number of its step, from 1.
    pub step: usize,
    /// The non-finite term; `None` if only the total is not finite, or an epoch's mean.
    pub term: Option<Term>,
}

impl NonFiniteLoss {
    /// Finds the first non-finite loss in `rows`, each the total and then one loss for each of `terms`; `step` is the
    /// number of the first row's step.
    pub fn find(rows: &[Vec<f32>], terms: &[Term], step: usize) -> Option<Self> {
        let is_non_finite = |loss: &f32| !loss.is_finite();
        let row = rows.iter().position(|row| row.iter().any(is_non_finite))?;
        let term = rows[row].iter().skip(1).position(is_non_finite).map(|index| terms[index]);
        Some(Self { step: step + row, term })
    }

    /// Sentence that says what happened and what to try.
    pub fn advice(self, schedule: &Schedule) -> String {
        let what = match self.term {
            Some(term) => format!("The term “{}” of the loss is", term.label()),
            None => "The loss is".into(),
        };
        let clip = if schedule.gradient_clip_norm.is_none() {
            ", or clip the gradient (a norm of 1 is a good start)"
        } else {
            ""
        };
        format!(
            "{what} no longer a number at step {}: the last good weights are kept. Try a learning rate of {} instead of {}{clip}.",
            self.step,
            schedule.learning_rate / 10.0,
            schedule.learning_rate,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: [Term; 2] = [Term::Reconstruction, Term::Divergence];

    #[test]
    fn the_term_and_the_step_are_found() {
        let rows = [vec![1.0, 0.5, 0.5], vec![f32::INFINITY, 0.5, f32::INFINITY], vec![f32::NAN; 3]];
        let failure = NonFiniteLoss::find(&rows, &TERMS, 40).expect("there is one");
        assert_eq!(failure, NonFiniteLoss { step: 41, term: Some(Term::Divergence) });
        let advice = failure.advice(&Schedule::default());
        assert!(advice.contains("“Divergence”") && advice.contains("step 41") && advice.contains("norm"), "{advice}");
    }

    #[test]
    fn a_sum_can_overflow_alone() {
        let failure = NonFiniteLoss::find(&[vec![f32::INFINITY, 3e38, 3e38]], &TERMS, 7);
        assert_eq!(failure, Some(NonFiniteLoss { step: 7, term: None }));
        assert_eq!(NonFiniteLoss::find(&[vec![1.0, 0.5, 0.5]], &TERMS, 7), None);
    }
}
