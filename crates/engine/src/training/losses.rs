//! Losses of steps, which stay on the device until a batch of them is read.

use std::time::Duration;

use burn::tensor::{Tensor, Transaction};
use pinhole_protocol::{Term, TermLosses};
use web_time::Instant;

use crate::{EngineError, objective::Losses, read_back::read_all};

/// Time between two reads. A read stalls the device's queue, so it should be rare; but it also updates the progress,
/// and it is all that keeps a browser from queueing work without bound.
const READ_INTERVAL: Duration = Duration::from_millis(150);
/// Most losses that wait for a read, however fast the steps are.
const MAX_PENDING: usize = 256;

/// Losses of enqueued steps, oldest first.
#[derive(Debug)]
pub(super) struct PendingLosses {
    steps: Vec<Losses>,
    read_every: usize,
    since: Instant,
}

impl PendingLosses {
    pub fn new() -> Self {
        // The first step is read at once: the duration of a step is not known yet.
        Self { steps: Vec::new(), read_every: 1, since: Instant::now() }
    }

    pub fn push(&mut self, losses: Losses) {
        if self.steps.is_empty() {
            self.since = Instant::now();
        }
        self.steps.push(losses);
    }

    /// True if a read is due.
    pub const fn is_due(&self) -> bool {
        self.steps.len() >= self.read_every
    }

    /// True if a read will be due after one more step.
    pub const fn is_nearly_due(&self) -> bool {
        self.steps.len() + 1 >= self.read_every
    }

    /// Reads all losses at once, and `last` with them, and sets the interval to the next read by the time that the
    /// steps took. Returns for each step the total and then its terms.
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
        // At most twice as many as the last time: the first steps of a GPU say little about the next.
        self.read_every = (affordable as usize).clamp(1, MAX_PENDING).min(2 * steps.len());
        Ok((rows, last))
    }
}

/// Losses of steps, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepLosses {
    /// Weighted sum of the terms, which is minimised.
    pub total: Vec<f32>,
    /// Terms of the total, unweighted, and the discriminator's loss.
    pub terms: Vec<TermLosses>,
}

impl StepLosses {
    /// True if there are no losses.
    pub const fn is_empty(&self) -> bool {
        self.total.is_empty()
    }

    /// Losses from rows of the total and then one loss for each of `terms`, as [`PendingLosses::read`] returns them.
    pub(super) fn new(rows: &[Vec<f32>], terms: &[Term]) -> Self {
        let column = |index: usize| rows.iter().map(|row| row[index]).collect();
        let terms = terms.iter().enumerate().map(|(index, &term)| TermLosses { term, values: column(index + 1) });
        Self { total: column(0), terms: terms.collect() }
    }

    /// Appends later losses of the same run.
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
