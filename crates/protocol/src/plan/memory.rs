//! Estimate of the memory that training a network takes, before it is built.

use super::{LayerKind, LayerPlan, NetworkPlan};
use crate::Schedule;

/// Estimate of the bytes that training holds, from shapes; in 64 bits, as wasm's `usize` ends at 4 GB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryEstimate {
    /// Weights, their gradients, the optimiser's state and the moving average.
    pub weights_bytes: u64,
    /// Activations of all layers for one batch, and their gradients.
    pub activations_bytes: u64,
}

impl MemoryEstimate {
    /// Returns the estimate for the optimiser and batch size of `schedule`.
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

    /// Sum of both.
    pub const fn total_bytes(self) -> u64 {
        self.weights_bytes.saturating_add(self.activations_bytes)
    }
}

impl LayerPlan {
    /// Number of values per sample of the layer's largest tensor: its output, or a larger intermediate one.
    pub fn working_values(&self) -> usize {
        let (output, steps) = (self.output.len(), self.output.height);
        match self.kind {
            // The input projections of all gates, for all steps at once.
            LayerKind::Lstm => output.saturating_mul(4),
            LayerKind::Gru => output.saturating_mul(3),
            LayerKind::Transformer { heads, hidden } => {
                let attention = heads.saturating_mul(steps).saturating_mul(steps);
                let feed_forward = hidden.saturating_mul(steps);
                // Queries, keys and values are one tensor.
                output.saturating_mul(3).max(attention).max(feed_forward)
            }
            _ => output,
        }
    }
}
