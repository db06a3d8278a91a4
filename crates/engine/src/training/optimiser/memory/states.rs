//! The memories of optimisers.

use burn::{
    optim::{
        AdaptiveMomentumState, CenteredState, Lamb, LambState, Lion, LionState, RmsProp, RmsPropState, Sgd, SgdState,
        SquareAvgState,
        momentum::{Momentum, MomentumConfig, MomentumState},
    },
    tensor::{Device, Tensor},
};

use super::{super::adam::Adam, Memory, Remembers};

impl Remembers for Adam {
    fn memory<const D: usize>(state: AdaptiveMomentumState<D>, _: &Device) -> Memory<Tensor<D>> {
        of_adaptive(state)
    }

    fn recalled<const D: usize>(memory: Memory<Tensor<D>>) -> Option<AdaptiveMomentumState<D>> {
        adaptive(memory)
    }
}

impl Remembers for Lamb {
    fn memory<const D: usize>(LambState { time, moment_1, moment_2 }: LambState<D>, _: &Device) -> Memory<Tensor<D>> {
        Memory { steps: time, moments: vec![moment_1, moment_2] }
    }

    fn recalled<const D: usize>(memory: Memory<Tensor<D>>) -> Option<LambState<D>> {
        let [moment_1, moment_2] = memory.moments.try_into().ok()?;
        Some(LambState { time: memory.steps, moment_1, moment_2 })
    }
}

impl Remembers for Lion {
    fn memory<const D: usize>(state: LionState<D>, _: &Device) -> Memory<Tensor<D>> {
        Memory { steps: 0, moments: vec![state.momentum] }
    }

    fn recalled<const D: usize>(memory: Memory<Tensor<D>>) -> Option<LionState<D>> {
        let [momentum] = memory.moments.try_into().ok()?;
        Some(LionState::new(momentum))
    }
}

impl Remembers for RmsProp {
    /// Neither centred nor with momentum, as ours is, it remembers the mean square alone.
    fn memory<const D: usize>(state: RmsPropState<D>, _: &Device) -> Memory<Tensor<D>> {
        Memory { steps: 0, moments: vec![state.square_avg.square_avg] }
    }

    fn recalled<const D: usize>(memory: Memory<Tensor<D>>) -> Option<RmsPropState<D>> {
        let [square] = memory.moments.try_into().ok()?;
        Some(RmsPropState::new(SquareAvgState::new(square.clone()), CenteredState::new(None, square), None))
    }
}

impl Remembers for Sgd {
    fn memory<const D: usize>(state: SgdState<D>, device: &Device) -> Memory<Tensor<D>> {
        let velocity = state.momentum.map(|momentum| velocity(momentum, device));
        Memory { steps: 0, moments: velocity.into_iter().collect() }
    }

    fn recalled<const D: usize>(memory: Memory<Tensor<D>>) -> Option<SgdState<D>> {
        let mut moments = memory.moments.into_iter();
        let momentum = moments.next().map(MomentumState::new);
        moments.next().is_none().then(|| SgdState::new(momentum))
    }
}

/// Burn keeps the velocity to itself. It is what a step without a gradient makes of it when all of it is kept.
fn velocity<const D: usize>(state: MomentumState<D>, device: &Device) -> Tensor<D> {
    let no_gradient = Tensor::zeros([1; D], device);
    Momentum::new(&MomentumConfig::new().with_momentum(1.0)).transform(no_gradient, Some(state)).0
}

fn of_adaptive<const D: usize>(state: AdaptiveMomentumState<D>) -> Memory<Tensor<D>> {
    Memory { steps: state.time, moments: vec![state.moment_1, state.moment_2] }
}

fn adaptive<const D: usize>(memory: Memory<Tensor<D>>) -> Option<AdaptiveMomentumState<D>> {
    let [moment_1, moment_2] = memory.moments.try_into().ok()?;
    Some(AdaptiveMomentumState::new(memory.steps, moment_1, moment_2))
}
