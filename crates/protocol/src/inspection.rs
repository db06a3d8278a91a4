//! Inspection of a network: activations, weights and gradients of its layers.

use serde::{Deserialize, Serialize};

use crate::{Bytes, Part};

/// Counts of values in equal bins from `low` to `high`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ValueHistogram {
    /// Lower end of the first bin.
    pub low: f32,
    /// Upper end of the last bin.
    pub high: f32,
    /// Number of values per bin.
    pub counts: Vec<u32>,
}

/// Statistics of a layer with weights, over the probe samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerInspection {
    /// The part of the network that it belongs to.
    pub part: Part,
    /// Index among the plan's layers.
    pub layer: usize,
    /// Histogram of its outputs.
    pub activations: ValueHistogram,
    /// Number of outputs (units or channels).
    pub units: usize,
    /// Number of outputs that are equal for all probe samples.
    pub dead_units: usize,
    /// L2 norm of its weights' gradient at the last step; `None` if no training run is active.
    pub gradient_norm: Option<f32>,
    /// L2 norm of its weights.
    pub weight_norm: f32,
}

/// Answer to [`crate::Command::Inspect`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Number of probe samples: held-out samples that passed through the network.
    pub samples: usize,
    /// Weights of the first layer's units as pictures of the input's height and width (of a convolution: its kernels),
    /// at most 64; a weight of 0 is middle grey.
    pub first_weights: WeightPictures,
    /// Every layer with weights, in order.
    pub layers: Vec<LayerInspection>,
    /// Histogram of the code's values over the probe samples.
    pub code: ValueHistogram,
    /// Per value of the code, at most 256: the share of probe samples for which it is not 0. Of a codebook: the share
    /// of uses per vector. Of a variational code: the mean KL divergence per unit in nats.
    pub code_use: Vec<f32>,
}

/// Grey pictures of equal size, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WeightPictures {
    /// Number of pictures.
    pub count: usize,
    /// Height of each in pixels.
    pub height: usize,
    /// Width of each in pixels.
    pub width: usize,
    /// Grey values, [count, height, width].
    pub pixels: Bytes,
}
