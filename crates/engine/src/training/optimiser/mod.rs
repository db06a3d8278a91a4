//! What turns gradients into steps: Burn's optimisers, and Adam as our own kernel, with the constants of PyTorch.

mod adam;
#[cfg(test)]
mod tests;

use burn::optim::{
    LambConfig, LionConfig, ModuleOptimizer, RmsPropConfig, SgdConfig, decay::WeightDecayConfig,
    momentum::MomentumConfig,
};
use pinhole_kernels::adam::WeightDecay;
use pinhole_protocol::{Optimiser, Schedule};

use self::adam::Adam;

/// PyTorch's default for Adam and RMSProp; Burn's is 1e-5, which learns visibly slower at the end.
const EPSILON: f32 = 1e-8;

/// The optimiser of a schedule, with its weight decay.
pub(crate) fn optimiser(schedule: &Schedule) -> ModuleOptimizer {
    let decay = schedule.weight_decay;
    let added_to_gradient = (decay > 0.0).then_some(WeightDecayConfig { penalty: decay });
    match schedule.optimiser {
        Optimiser::Adam => Adam::new(WeightDecay::InGradient(decay.into())).into(),
        Optimiser::AdamW => Adam::new(WeightDecay::Decoupled(decay.into())).into(),
        Optimiser::Sgd { momentum } => {
            // Burn weakens the gradient by a tenth (dampening) unless told otherwise.
            let momentum =
                (momentum > 0.0).then(|| MomentumConfig::new().with_dampening(0.0).with_momentum(momentum.into()));
            SgdConfig::new().with_momentum(momentum).with_weight_decay(added_to_gradient).init()
        }
        Optimiser::RmsProp => {
            RmsPropConfig::new().with_momentum(0.0).with_epsilon(EPSILON).with_weight_decay(added_to_gradient).init()
        }
        Optimiser::Lamb => LambConfig::new().with_weight_decay(decay).init(),
        Optimiser::Lion => LionConfig::new().with_weight_decay(decay).init(),
    }
}
