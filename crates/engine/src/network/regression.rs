//! Linear regression on the code: `t = mean + deviation (z W + b)`, t the attribute in its own unit.

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor},
};
use pinhole_protocol::LayerPlan;

use super::{layer::Layer, step_rng::Mode, weights::zeros};
use crate::data::AttributeScale;

/// A dense layer of one output, which predicts the standardised attribute, and the scale of that in the training
/// samples, which a model file keeps beside the weights.
#[derive(Module, Debug)]
pub struct RegressionHead {
    layer: Layer,
    mean: Param<Tensor<1>>,
    deviation: Param<Tensor<1>>,
}

impl RegressionHead {
    /// A head whose weights are all 0, to be [loaded](super::weights).
    pub(super) fn new(plan: &LayerPlan, device: &Device) -> Self {
        Self { layer: Layer::new(plan, device), mean: zeros([1], device), deviation: zeros([1], device) }
    }

    /// The same head for an attribute of this scale.
    #[must_use]
    pub(crate) fn with_scale(self, AttributeScale { mean, deviation }: AttributeScale) -> Self {
        let filled = |param: Param<Tensor<1>>, value: f32| param.map(|old| old.full_like(value));
        Self { mean: filled(self.mean, mean), deviation: filled(self.deviation, deviation), ..self }
    }

    /// Predictions in standard deviations from the mean, [samples, 1].
    pub fn standardised(&self, codes: Tensor<2>) -> Tensor<2> {
        self.layer.forward(codes, None, &mut Mode::Inference)
    }

    /// Predictions in the attribute's unit, [samples, 1].
    pub fn predict(&self, codes: Tensor<2>) -> Tensor<2> {
        self.standardised(codes) * self.deviation.val().unsqueeze() + self.mean.val().unsqueeze()
    }

    /// Mean of the attribute in the training samples, `[1]`.
    pub fn mean(&self) -> Tensor<1> {
        self.mean.val()
    }
}
