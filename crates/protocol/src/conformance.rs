//! Comparison of the engine's values with reference values of PyTorch, for tests in a browser, where the GPU is.

use serde::{Deserialize, Serialize};

/// Kind of values in a file of reference values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    /// Networks, forward and backward.
    Networks,
    /// Losses and penalties, and their gradients.
    Losses,
    /// Steps of optimisers on given gradients.
    Optimisers,
    /// Corruptions that are not random.
    Corruptions,
}

/// Difference of one case from its reference values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Name of the case.
    pub case: String,
    /// Largest absolute difference of any value, divided by the largest absolute value of its tensor; infinite if a
    /// value is not finite.
    pub worst: f32,
    /// Name of the tensor with that difference.
    pub tensor: String,
}
