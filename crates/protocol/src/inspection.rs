//! A look into a network: what it holds and how its learning flows.

use serde::{Deserialize, Serialize};

use crate::{Bytes, Part};

/// Counts of values in equal bins from `low` to `high`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ValueHistogram {
    /// Lower end of the first bin.
    pub low: f32,
    /// Upper end of the last.
    pub high: f32,
    /// Values in each.
    pub counts: Vec<u32>,
}

/// One layer with weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerInspection {
    /// Which part it belongs to.
    pub part: Part,
    /// Its index among the plan's layers.
    pub layer: usize,
    /// Its outputs over the probe samples.
    pub activations: ValueHistogram,
    /// Outputs (units or channels).
    pub units: usize,
    /// Outputs that are the same for every probe sample: they tell nothing.
    pub dead_units: usize,
    /// L2 norm of its weights' gradient at the last step; `None` when nothing is being trained.
    pub gradient_norm: Option<f32>,
    /// L2 norm of its weights.
    pub weight_norm: f32,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Held-out samples that were sent through.
    pub samples: usize,
    /// Weights of units of the first layer as pictures of the input's height and width (of a convolution: its kernels),
    /// middle grey for 0; at most 64.
    pub first_weights: WeightPictures,
    /// Every layer with weights, in order.
    pub layers: Vec<LayerInspection>,
    /// The code's numbers over the probe samples.
    pub code: ValueHistogram,
    /// Share of the probe samples for which each number of the code is not 0 (of a codebook: how often each vector is
    /// used; of a variational code: the mean divergence in nats), at most 256.
    pub code_use: Vec<f32>,
}

/// Equal pictures, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WeightPictures {
    /// How many.
    pub count: usize,
    /// Rows of each.
    pub height: usize,
    /// Columns of each.
    pub width: usize,
    /// Grey values.
    pub pixels: Bytes,
}
