//! What a network will take, told before it is built.

use super::{LayerKind, LayerPlan, NetworkPlan};
use crate::Schedule;

/// Bytes that training holds at the most, counted from shapes; in 64 bits, as a page's own 32 end at 4 GB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryEstimate {
    /// Weights, their gradients, and what the optimiser and a moving average keep.
    pub weights_bytes: u64,
    /// Outputs of all layers for one batch, and their gradients.
    pub activations_bytes: u64,
}

impl MemoryEstimate {
    /// For a batch of `schedule`.
    pub fn new(plan: &NetworkPlan, schedule: &Schedule) -> Self {
        const FLOAT: u64 = size_of::<f32>() as u64;
        let copies = 2 + schedule.optimiser.moments() as u64 + u64::from(schedule.moving_average.is_some());
        let values = plan
            .layers
            .iter()
            .map(|layer| layer.working_values() as u64)
            .fold(plan.input.len() as u64, u64::saturating_add);
        Self {
            weights_bytes: plan.parameters().saturating_mul(copies * FLOAT),
            activations_bytes: values.saturating_mul(schedule.batch_size as u64).saturating_mul(2 * FLOAT),
        }
    }

    /// All of it.
    pub const fn total_bytes(self) -> u64 {
        self.weights_bytes.saturating_add(self.activations_bytes)
    }
}

impl LayerPlan {
    /// Most values that one sample takes in any single tensor of the layer: its output, or something larger on the way.
    pub fn working_values(&self) -> usize {
        let (output, steps) = (self.output.len(), self.output.height);
        match self.kind {
            // What the input says to all gates, for all steps at once.
            LayerKind::Lstm => output.saturating_mul(4),
            LayerKind::Gru => output.saturating_mul(3),
            LayerKind::Transformer { heads, hidden } => {
                let attention = heads.saturating_mul(steps).saturating_mul(steps);
                let feed_forward = hidden.saturating_mul(steps);
                // Queries, keys and values lie side by side.
                output.saturating_mul(3).max(attention).max(feed_forward)
            }
            _ => output,
        }
    }
}
