//! Whether the engine computes what others do: asked by tests in a browser, where the GPU is.

use serde::{Deserialize, Serialize};

/// What a file of reference values is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// Networks, forward and backward.
    Networks,
    /// Losses and penalties, and their gradients.
    Losses,
    /// Steps of optimisers on given gradients.
    Optimisers,
    /// Corruptions that are not random.
    Corruptions,
}

/// How near one case came to its reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The case's name.
    pub case: String,
    /// The largest difference of any number, as a share of the largest number of its tensor. What is no number at all is
    /// infinitely far off.
    pub worst: f32,
    /// The tensor in which that is.
    pub tensor: String,
}
