//! Losses of steps: they stay on the device until it is worth reading them.

use std::time::Duration;

use burn::tensor::{Tensor, Transaction};
use pinhole_protocol::{Term, TermLosses};
use web_time::Instant;

use crate::{EngineError, objective::Losses, read_back::read_all};

/// A read stops the pipeline, so it should be rare; but it is also what tells the user something, and all that keeps
/// a browser from queueing work without bound.
const READ_INTERVAL: Duration = Duration::from_millis(150);
/// However fast the steps are.
const MOST_PENDING: usize = 256;

/// Losses of steps that were started, oldest first.
#[derive(Debug)]
pub(super) struct PendingLosses {
    steps: Vec<Losses>,
    read_every: usize,
    since: Instant,
}

impl PendingLosses {
    pub fn new() -> Self {
        // The first step is read at once: nobody knows yet how long one takes.
        Self { steps: Vec::new(), read_every: 1, since: Instant::now() }
    }

    pub fn push(&mut self, losses: Losses) {
        if self.steps.is_empty() {
            self.since = Instant::now();
        }
        self.steps.push(losses);
    }

    /// Whether enough have come together.
    pub const fn is_due(&self) -> bool {
        self.steps.len() >= self.read_every
    }

    /// Whether one more will be enough.
    pub const fn is_nearly_due(&self) -> bool {
        self.steps.len() + 1 >= self.read_every
    }

    /// Reads all of them at once, and `last` with them; learns from the time it took when to read next. Answers for each
    /// step the sum and, after it, its terms.
    pub async fn read(&mut self, last: Option<Tensor<1>>) -> Result<(Vec<Vec<f32>>, Option<Vec<f32>>), EngineError> {
        let steps = std::mem::take(&mut self.steps);
        if steps.is_empty() {
            return Ok((Vec::new(), None));
        }
        let has_last = last.is_some();
        let tensors = steps.iter().map(|losses| losses.values.clone()).chain(last);
        let mut values = read_all(tensors.fold(Transaction::default(), Transaction::register)).await?;
        let last = if has_last { values.pop() } else { None };
        let rows = steps.iter().zip(&values).map(|(losses, values)| losses.with_total(values)).collect();
        let step_time = self.since.elapsed() / steps.len() as u32;
        let affordable = READ_INTERVAL.as_secs_f64() / step_time.as_secs_f64().max(1e-6);
        // At most twice as many as were just seen to work: the first steps of a GPU say little about the next.
        self.read_every = (affordable as usize).clamp(1, MOST_PENDING).min(2 * steps.len());
        Ok((rows, last))
    }
}

/// Losses of steps, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepLosses {
    /// What was minimised.
    pub total: Vec<f32>,
    /// Its terms, unweighted, and the discriminator's loss.
    pub terms: Vec<TermLosses>,
}

impl StepLosses {
    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.total.is_empty()
    }

    /// Rows of the sum and then one loss for each of `terms`, which is how steps give them.
    pub(super) fn new(rows: &[Vec<f32>], terms: &[Term]) -> Self {
        let column = |index: usize| rows.iter().map(|row| row[index]).collect();
        let terms = terms.iter().enumerate().map(|(index, &term)| TermLosses { term, values: column(index + 1) });
        Self { total: column(0), terms: terms.collect() }
    }

    /// Adds later ones of the same run.
    pub fn extend(&mut self, later: Self) {
        if self.is_empty() {
            *self = later;
            return;
        }
        self.total.extend(later.total);
        for (term, later) in self.terms.iter_mut().zip(later.terms) {
            term.values.extend(later.values);
        }
    }
}
