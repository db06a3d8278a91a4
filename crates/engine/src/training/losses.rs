//! Losses that stay on the device until it is worth reading them.

use std::time::Duration;

use burn::tensor::{Tensor, Transaction};
use web_time::Instant;

use crate::EngineError;

/// A read stops the pipeline, so it should be rare; but it is also what tells the user something, and all that keeps
/// a browser from queueing work without bound.
const READ_INTERVAL: Duration = Duration::from_millis(150);
/// However fast the steps are.
const MOST_PENDING: usize = 256;

/// Losses of steps that were started, oldest first.
#[derive(Debug)]
pub(super) struct PendingLosses {
    tensors: Vec<Tensor<1>>,
    read_every: usize,
    since: Instant,
}

impl PendingLosses {
    pub fn new() -> Self {
        // The first step is read at once: nobody knows yet how long one takes.
        Self { tensors: Vec::new(), read_every: 1, since: Instant::now() }
    }

    pub fn push(&mut self, loss: Tensor<1>) {
        if self.tensors.is_empty() {
            self.since = Instant::now();
        }
        self.tensors.push(loss);
    }

    /// Whether enough have come together.
    pub const fn is_due(&self) -> bool {
        self.tensors.len() >= self.read_every
    }

    /// Reads all of them at once, and learns from the time it took when to read next.
    pub async fn read(&mut self) -> Result<Vec<f32>, EngineError> {
        let tensors = std::mem::take(&mut self.tensors);
        if tensors.is_empty() {
            return Ok(Vec::new());
        }
        let steps = tensors.len();
        let data = tensors.into_iter().fold(Transaction::default(), Transaction::register).execute_async().await?;
        let step_time = self.since.elapsed() / steps as u32;
        let affordable = READ_INTERVAL.as_secs_f64() / step_time.as_secs_f64().max(1e-6);
        // At most twice as many as were just seen to work: the first steps of a GPU say little about the next.
        self.read_every = (affordable as usize).clamp(1, MOST_PENDING).min(2 * steps);
        Ok(data.iter().flat_map(burn::tensor::TensorData::iter::<f32>).collect())
    }
}
