//! Export and import of each optimiser's state.

use burn::{
    optim::{
        AdaptiveMomentumState, CenteredState, Lamb, LambState, Lion, LionState, RmsProp, RmsPropState, Sgd, SgdState,
        SquareAvgState,
        momentum::{Momentum, MomentumConfig, MomentumState},
    },
    tensor::{Device, Tensor},
};

use super::{super::adam::Adam, OptimiserState, PortableState};

impl PortableState for Adam {
    fn export_state<const D: usize>(state: AdaptiveMomentumState<D>, _: &Device) -> OptimiserState<Tensor<D>> {
        export_adaptive(state)
    }

    fn import_state<const D: usize>(state: OptimiserState<Tensor<D>>) -> Option<AdaptiveMomentumState<D>> {
        import_adaptive(state)
    }
}

impl PortableState for Lamb {
    fn export_state<const D: usize>(
        LambState { time, moment_1, moment_2 }: LambState<D>,
        _: &Device,
    ) -> OptimiserState<Tensor<D>> {
        OptimiserState { steps: time, moments: vec![moment_1, moment_2] }
    }

    fn import_state<const D: usize>(state: OptimiserState<Tensor<D>>) -> Option<LambState<D>> {
        let [moment_1, moment_2] = state.moments.try_into().ok()?;
        Some(LambState { time: state.steps, moment_1, moment_2 })
    }
}

impl PortableState for Lion {
    fn export_state<const D: usize>(state: LionState<D>, _: &Device) -> OptimiserState<Tensor<D>> {
        OptimiserState { steps: 0, moments: vec![state.momentum] }
    }

    fn import_state<const D: usize>(state: OptimiserState<Tensor<D>>) -> Option<LionState<D>> {
        let [momentum] = state.moments.try_into().ok()?;
        Some(LionState::new(momentum))
    }
}

impl PortableState for RmsProp {
    /// Ours is neither centred nor has momentum, so that the mean square is all of its state.
    fn export_state<const D: usize>(state: RmsPropState<D>, _: &Device) -> OptimiserState<Tensor<D>> {
        OptimiserState { steps: 0, moments: vec![state.square_avg.square_avg] }
    }

    fn import_state<const D: usize>(state: OptimiserState<Tensor<D>>) -> Option<RmsPropState<D>> {
        let [square] = state.moments.try_into().ok()?;
        Some(RmsPropState::new(SquareAvgState::new(square.clone()), CenteredState::new(None, square), None))
    }
}

impl PortableState for Sgd {
    fn export_state<const D: usize>(state: SgdState<D>, device: &Device) -> OptimiserState<Tensor<D>> {
        let velocity = state.momentum.map(|momentum| velocity(momentum, device));
        OptimiserState { steps: 0, moments: velocity.into_iter().collect() }
    }

    fn import_state<const D: usize>(state: OptimiserState<Tensor<D>>) -> Option<SgdState<D>> {
        let mut moments = state.moments.into_iter();
        let momentum = moments.next().map(MomentumState::new);
        moments.next().is_none().then(|| SgdState::new(momentum))
    }
}

/// The velocity of momentum, which Burn keeps private: it is the result of a step with momentum 1 and no gradient.
fn velocity<const D: usize>(state: MomentumState<D>, device: &Device) -> Tensor<D> {
    let no_gradient = Tensor::zeros([1; D], device);
    Momentum::new(&MomentumConfig::new().with_momentum(1.0)).transform(no_gradient, Some(state)).0
}

fn export_adaptive<const D: usize>(state: AdaptiveMomentumState<D>) -> OptimiserState<Tensor<D>> {
    OptimiserState { steps: state.time, moments: vec![state.moment_1, state.moment_2] }
}

fn import_adaptive<const D: usize>(state: OptimiserState<Tensor<D>>) -> Option<AdaptiveMomentumState<D>> {
    let [moment_1, moment_2] = state.moments.try_into().ok()?;
    Some(AdaptiveMomentumState::new(state.steps, moment_1, moment_2))
}
