//! Dense networks on the CPU: the same network and the same maths as Burn's, laid out for speed.
//!
//! Tables are scored and small networks trained here whatever the device: a row is 30 numbers, and carrying it to a GPU
//! costs more than its 2,400 operations. Tests hold it against Burn's own forward pass and gradient.

mod forward;
mod learner;
pub(super) mod product;

pub use forward::{ForwardPass, LANES};
pub use learner::DenseLearner;

use pinhole_protocol::{Activation, LayerKind, LayerPlan, NetworkPlan};

/// Whether a network can be trained and run here: dense layers, ReLU inside, linear at the end.
pub fn is_supported(plan: &NetworkPlan) -> bool {
    let dense = |layer: &LayerPlan| layer.kind == LayerKind::Dense;
    let Some((last, hidden)) = plan.layers.split_last() else { return false };
    dense(last)
        && last.activation == Activation::Linear
        && hidden.iter().all(|layer| dense(layer) && layer.activation == Activation::Relu)
}
