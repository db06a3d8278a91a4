//! An exponential moving average of the weights (Polyak and Juditsky 1992), calmer than the weights themselves.

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId},
    tensor::{Tensor, container::TensorContainer},
};

use crate::network::Autoencoder;

/// A network whose weights are the average. As in PyTorch's `AveragedModel`, it begins with the weights after the first
/// step, not with those before it, which stand for nothing.
pub(super) struct MovingAverage {
    decay: f32,
    network: Option<Autoencoder>,
}

impl MovingAverage {
    /// Keeps a share `decay` of what it was at every step.
    pub const fn new(decay: f32) -> Self {
        Self { decay, network: None }
    }

    /// The average; `None` before the first step.
    pub const fn network(&self) -> Option<&Autoencoder> {
        self.network.as_ref()
    }

    /// Goes on from `network`, which is without autodiff, and whose parameters have the names of those to come.
    pub fn resume(&mut self, network: Autoencoder) {
        self.network = Some(network);
    }

    /// Forgets what was averaged.
    pub fn reset(&mut self) {
        self.network = None;
    }

    /// Moves towards `network`, which is without autodiff.
    pub fn update(&mut self, network: Autoencoder) {
        let Some(average) = self.network.take() else {
            self.network = Some(network);
            return;
        };
        let mut latest = Values(TensorContainer::new());
        network.visit(&mut latest);
        self.network = Some(average.map(&mut Towards { latest: latest.0, decay: self.decay }));
    }
}

/// Every tensor by its parameter.
struct Values(TensorContainer<ParamId>);

impl ModuleVisitor for Values {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.register(param.id, param.val());
    }
}

struct Towards {
    latest: TensorContainer<ParamId>,
    decay: f32,
}

impl ModuleMapper for Towards {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(latest) = self.latest.remove::<Tensor<D>>(&param.id) else { return param };
        let decay = self.decay;
        param.map(|average| average.mul_scalar(decay) + latest.mul_scalar(1.0 - decay))
    }
}
