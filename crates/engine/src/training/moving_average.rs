//! Exponential moving average (EMA) of the weights (Polyak and Juditsky 1992), which varies less than the weights.
//!
//! After each step, a <- d a + (1 - d) w, with decay d.

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId},
    tensor::{Tensor, container::TensorContainer},
};

use crate::network::Autoencoder;

/// A network whose weights are the moving average. As PyTorch's `AveragedModel`, it begins with the weights after the
/// first step.
pub(super) struct MovingAverage {
    decay: f32,
    network: Option<Autoencoder>,
}

impl MovingAverage {
    /// An average with decay `decay`, 0 to 1.
    pub const fn new(decay: f32) -> Self {
        Self { decay, network: None }
    }

    /// The network with averaged weights; `None` before the first step.
    pub const fn network(&self) -> Option<&Autoencoder> {
        self.network.as_ref()
    }

    /// Continues from the averaged weights of `network`, which is without autodiff and has the parameter ids of the
    /// learner's.
    pub fn restore(&mut self, network: Autoencoder) {
        self.network = Some(network);
    }

    /// Discards the average.
    pub fn reset(&mut self) {
        self.network = None;
    }

    /// Updates the average with the weights of `network`, which is without autodiff.
    pub fn update(&mut self, network: Autoencoder) {
        let Some(average) = self.network.take() else {
            self.network = Some(network);
            return;
        };
        let mut latest = CollectValues(TensorContainer::new());
        network.visit(&mut latest);
        self.network = Some(average.map(&mut UpdateAverage { latest: latest.0, decay: self.decay }));
    }
}

/// The latest value of each parameter.
struct CollectValues(TensorContainer<ParamId>);

impl ModuleVisitor for CollectValues {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.register(param.id, param.val());
    }
}

struct UpdateAverage {
    latest: TensorContainer<ParamId>,
    decay: f32,
}

impl ModuleMapper for UpdateAverage {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(latest) = self.latest.remove::<Tensor<D>>(&param.id) else { return param };
        let decay = self.decay;
        param.map(|average| average.mul_scalar(decay) + latest.mul_scalar(1.0 - decay))
    }
}
