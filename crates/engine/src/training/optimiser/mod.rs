//! Optimisers: Burn's, and Adam with its own kernel, with PyTorch's constants.

mod adam;
mod states;
#[cfg(test)]
mod tests;

use burn::optim::{
    LambConfig, LionConfig, ModuleOptimizer, RmsPropConfig, SgdConfig, decay::WeightDecayConfig,
    momentum::MomentumConfig,
};
use pinhole_kernels::adam::WeightDecay;
use pinhole_protocol::{Optimiser, Schedule};

use self::adam::{Adam, EPSILON};
pub(crate) use self::states::OptimiserStates;
pub use self::states::{HostOptimiserState, OptimiserState};

/// The optimiser of a schedule, with its weight decay; `states` tracks the state of its tensors.
pub(crate) fn optimiser(schedule: &Schedule, states: &OptimiserStates) -> ModuleOptimizer {
    let decay = schedule.weight_decay;
    let added_to_gradient = (decay > 0.0).then_some(WeightDecayConfig { penalty: decay });
    match schedule.optimiser {
        Optimiser::Adam => states.track(&Adam::new(WeightDecay::InGradient(decay.into()))),
        Optimiser::AdamW => states.track(&Adam::new(WeightDecay::Decoupled(decay.into()))),
        Optimiser::Sgd { momentum } => {
            // Burn's default dampening of 0.1 scales the gradient by 0.9; PyTorch's is 0.
            let momentum =
                (momentum > 0.0).then(|| MomentumConfig::new().with_dampening(0.0).with_momentum(momentum.into()));
            states.track(&SgdConfig::new().with_momentum(momentum).with_weight_decay(added_to_gradient).build())
        }
        Optimiser::RmsProp => states.track(
            &RmsPropConfig::new().with_momentum(0.0).with_epsilon(EPSILON).with_weight_decay(added_to_gradient).build(),
        ),
        Optimiser::Lamb => states.track(&LambConfig::new().with_weight_decay(decay).build()),
        Optimiser::Lion => states.track(&LionConfig::new().with_weight_decay(decay).build()),
    }
}
