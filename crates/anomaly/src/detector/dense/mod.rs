//! Dense networks on the CPU: the same network and the same arithmetic as the engine's, laid out for speed.
//!
//! Tables are scored and their networks trained here whatever the device: a row is 30 numbers, and carrying it to a GPU
//! costs more than its 2,400 operations. A test of the engine compares it with Burn's forward pass.

mod forward;
mod learner;
mod weights;

pub use forward::ForwardPass;
pub use learner::DenseLearner;
pub use weights::{LayerWeights, by_layer, initial_weights};

use pinhole_protocol::{Activation, BottleneckPlan, LayerKind, LayerPlan, NetworkPlan, Normalisation};

/// True if a network can be trained and run here: dense layers, ReLU inside, linear at the end.
pub fn is_supported(plan: &NetworkPlan) -> bool {
    let dense = |layer: &LayerPlan| {
        layer.kind == LayerKind::Dense && layer.tied_to.is_none() && layer.normalisation == Normalisation::None
    };
    let is_plain = plan.bottleneck == BottleneckPlan::Plain
        && plan.head.is_empty()
        && plan.regression.is_none()
        && !plan.learnt_variance;
    let Some((last, hidden)) = plan.layers.split_last() else { return false };
    is_plain
        && dense(last)
        && last.activation == Activation::Linear
        && hidden.iter().all(|layer| dense(layer) && layer.activation == Activation::Relu)
}
