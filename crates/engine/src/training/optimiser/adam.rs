//! Adam and AdamW, one kernel launch per tensor ([`adam::step`] has the formulas).

use std::sync::{Arc, Mutex};

use burn::{
    optim::{AdaptiveMomentumState, LearningRate, Optimizer},
    tensor::{Device, Tensor},
};
use pinhole_kernels::adam::{self, Step, WeightDecay};

/// PyTorch's default for Adam and RMSProp; Burn's is 1e-5, which learns visibly slower at the end.
pub(super) const EPSILON: f32 = 1e-8;

/// Decay rates of the first and second moment, PyTorch's defaults.
const BETAS: [f64; 2] = [0.9, 0.999];

/// Adam or AdamW as an optimiser of Burn's modules.
#[derive(Clone)]
pub(super) struct Adam {
    weight_decay: WeightDecay,
    /// Scalars of the last step on the device, which all tensors of a step share.
    scalars: Arc<Mutex<Option<(Step, Tensor<1>)>>>,
}

impl Adam {
    pub fn new(weight_decay: WeightDecay) -> Self {
        Self { weight_decay, scalars: Arc::default() }
    }

    fn scalars(&self, step: Step, device: &Device) -> Tensor<1> {
        let mut last = self.scalars.lock().expect("nothing panics while it is held");
        match &*last {
            Some((known, scalars)) if *known == step && scalars.device() == *device => scalars.clone(),
            _ => last.insert((step, step.scalars(device))).1.clone(),
        }
    }
}

impl Optimizer for Adam {
    /// Burn's own state of Adam.
    type State<const D: usize> = AdaptiveMomentumState<D>;

    fn step<const D: usize>(
        &self,
        learning_rate: LearningRate,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<D>, Option<Self::State<D>>) {
        let device = tensor.device();
        let zeros = || Tensor::zeros(tensor.dims(), &device);
        let state = state.unwrap_or_else(|| AdaptiveMomentumState::new(0, zeros(), zeros()));
        let count = state.time + 1;
        let step =
            Step { learning_rate, count, betas: BETAS, epsilon: EPSILON.into(), weight_decay: self.weight_decay };
        let scalars = self.scalars(step, &device);
        let (tensor, [first, second]) = adam::step(tensor, gradient, [state.moment_1, state.moment_2], scalars);
        (tensor, Some(AdaptiveMomentumState::new(count, first, second)))
    }

    fn to_device<const D: usize>(state: Self::State<D>, device: &Device) -> Self::State<D> {
        state.to_device(device)
    }
}
