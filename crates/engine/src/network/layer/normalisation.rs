//! Bringing values to one scale.

use burn::{
    module::{Module, Param},
    nn::{BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig},
    tensor::{Device, Tensor},
};
use pinhole_kernels::layer_norm::add_and_normalise;
use pinhole_protocol::{GridShape, LayerKind, LayerPlan, Normalisation};

use super::{rows, steps};
use crate::network::weights::zeros;

/// By channel over the batch, or by groups of channels within a sample (one group is layer normalisation).
#[derive(Module, Debug)]
pub(super) enum Norm {
    Batch(BatchNorm),
    Group(GroupNorm),
}

impl Norm {
    pub fn new(plan: &LayerPlan, device: &Device) -> Option<Self> {
        let channels = plan.channels();
        let group = |groups| Some(Self::Group(GroupNormConfig::new(groups, channels).init(device)));
        match plan.normalisation {
            Normalisation::None => None,
            Normalisation::Batch => Some(Self::Batch(BatchNormConfig::new(channels).init(device))),
            Normalisation::Layer => group(1),
            Normalisation::Group { groups } => group(groups),
        }
    }

    /// Values of the layer's output shape.
    pub fn forward(&self, plan: &LayerPlan, values: Tensor<2>) -> Tensor<2> {
        let is_sequence = matches!(plan.kind, LayerKind::Conv1d { .. } | LayerKind::Conv1dTranspose);
        if is_sequence {
            return rows(self.by_channel(steps(plan.output, values).swap_dims(1, 2)).swap_dims(1, 2));
        }
        let [samples, _] = values.dims();
        let GridShape { channels, height, width } = plan.output;
        rows(self.by_channel(values.reshape([samples, channels, height * width])))
    }

    /// [samples, channels, places].
    fn by_channel(&self, values: Tensor<3>) -> Tensor<3> {
        match self {
            Self::Batch(norm) => norm.forward(values),
            Self::Group(norm) => norm.forward(values),
        }
    }
}

/// Of a residual sum, over the last axis.
#[derive(Module, Debug)]
pub(super) struct ResidualNorm {
    gamma: Param<Tensor<1>>,
    beta: Param<Tensor<1>>,
}

impl ResidualNorm {
    pub fn new(width: usize, device: &Device) -> Self {
        Self { gamma: zeros([width], device), beta: zeros([width], device) }
    }

    /// What is added up is [rows, width].
    pub fn forward(&self, input: Tensor<2>, added: Tensor<2>) -> Tensor<2> {
        add_and_normalise(input, added, self.gamma.val(), self.beta.val())
    }
}
