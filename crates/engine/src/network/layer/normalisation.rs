//! Normalisation: `y = gamma (x - E[x]) / √(Var[x] + ε) + beta`, gamma and beta per channel.
//!
//! Mean and variance are taken per channel over the batch (batch norm, Ioffe and Szegedy 2015; in inference their
//! running averages), or per sample over groups of channels (group norm, Wu and He 2018; one group is layer norm, Ba et
//! al. 2016).

use burn::{
    module::{Module, Param},
    nn::{BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig},
    tensor::{Device, Tensor},
};
use pinhole_kernels::layer_norm::add_and_normalise;
use pinhole_protocol::{GridShape, LayerKind, LayerPlan, Normalisation};

use super::shape::{flatten, to_sequence};
use crate::network::weights::zeros;

/// A normalisation of feature maps, or of a vector, whose values are its channels.
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

    /// [samples, values] of the layer's output shape, normalised.
    pub fn forward(&self, plan: &LayerPlan, values: Tensor<2>) -> Tensor<2> {
        let is_sequence = matches!(plan.kind, LayerKind::Conv1d { .. } | LayerKind::Conv1dTranspose);
        if is_sequence {
            return flatten(self.normalise(to_sequence(plan.output, values).swap_dims(1, 2)).swap_dims(1, 2));
        }
        let [samples, _] = values.dims();
        let GridShape { channels, height, width } = plan.output;
        flatten(self.normalise(values.reshape([samples, channels, height * width])))
    }

    /// [samples, channels, positions], normalised.
    fn normalise(&self, values: Tensor<3>) -> Tensor<3> {
        match self {
            Self::Batch(norm) => norm.forward(values),
            Self::Group(norm) => norm.forward(values),
        }
    }
}

/// Layer norm of a residual sum over the last axis: `LayerNorm(x + f(x))`.
#[derive(Module, Debug)]
pub(super) struct ResidualLayerNorm {
    gamma: Param<Tensor<1>>,
    beta: Param<Tensor<1>>,
}

impl ResidualLayerNorm {
    pub fn new(width: usize, device: &Device) -> Self {
        Self { gamma: zeros([width], device), beta: zeros([width], device) }
    }

    /// `LayerNorm(x + residual)`, [rows, width].
    pub fn forward(&self, x: Tensor<2>, residual: Tensor<2>) -> Tensor<2> {
        add_and_normalise(x, residual, self.gamma.val(), self.beta.val())
    }
}
