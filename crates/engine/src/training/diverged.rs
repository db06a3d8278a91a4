//! What is said when a loss is no longer a number.

use pinhole_protocol::{Schedule, Term};

/// The first loss that is no number, in steps that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The step that gave it, from 1.
    pub step: usize,
    /// Which term; `None` if only the sum is none, or the weights were seen to be none.
    pub term: Option<Term>,
}

impl Failure {
    /// Looks for it in `rows`, each the sum and then one loss for each of `terms`; `step` is that of the first row.
    pub fn find(rows: &[Vec<f32>], terms: &[Term], step: usize) -> Option<Self> {
        let is_wild = |loss: &f32| !loss.is_finite();
        let row = rows.iter().position(|row| row.iter().any(is_wild))?;
        let term = rows[row].iter().skip(1).position(is_wild).map(|index| terms[index]);
        Some(Self { step: step + row, term })
    }

    /// What happened and what to try.
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
        let failure = Failure::find(&rows, &TERMS, 40).expect("there is one");
        assert_eq!(failure, Failure { step: 41, term: Some(Term::Divergence) });
        let advice = failure.advice(&Schedule::default());
        assert!(advice.contains("“Divergence”") && advice.contains("step 41") && advice.contains("norm"), "{advice}");
    }

    #[test]
    fn a_sum_can_overflow_alone() {
        let failure = Failure::find(&[vec![f32::INFINITY, 3e38, 3e38]], &TERMS, 7);
        assert_eq!(failure, Some(Failure { step: 7, term: None }));
        assert_eq!(Failure::find(&[vec![1.0, 0.5, 0.5]], &TERMS, 7), None);
    }
}
