//! One layer of a network: weights, normalisation, activation and dropout.

mod activation;
mod conv;
mod conv1d;
mod dense;
mod highway;
mod normalisation;
mod recurrent;
mod reshape;
mod residual;
mod shape;
mod transformer;

use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use pinhole_kernels::{Activation as FusedActivation, recurrent::Cell};
use pinhole_protocol::{Activation, LayerKind, LayerPlan};

use self::{
    conv::{Conv, ConvTranspose},
    conv1d::{Conv1d, Conv1dTranspose},
    dense::{Dense, TiedDense},
    highway::Highway,
    normalisation::Norm,
    recurrent::Recurrent,
    residual::Residual,
    transformer::Transformer,
};
use super::step_rng::Mode;

pub use activation::activate;
pub(super) use activation::fused;

/// A layer of a network. It reads and returns [samples, values]; its plan says which shape the values have.
#[derive(Module, Debug)]
pub struct Layer {
    weights: Option<Weights>,
    normalisation: Option<Norm>,
    #[module(skip)]
    plan: LayerPlan,
}

/// Weights of a layer, one variant per kind. A new kind of layer is a variant here and in [`LayerKind`], and a file
/// beside this one.
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant, reason = "a network has dozens of layers, and their weights lie elsewhere")]
enum Weights {
    Dense(Dense),
    Tied(TiedDense),
    Conv(Conv),
    ConvTranspose(ConvTranspose),
    Conv1d(Conv1d),
    Conv1dTranspose(Conv1dTranspose),
    Recurrent(Recurrent),
    Transformer(Transformer),
    Residual(Residual),
    Highway(Highway),
}

impl Layer {
    /// A layer whose weights are all 0, to be [loaded](super::weights).
    pub(super) fn new(plan: &LayerPlan, device: &Device) -> Self {
        let recurrent = |cell| Weights::Recurrent(Recurrent::new(cell, [plan.input.width, plan.output.width], device));
        let weights = match plan.kind {
            LayerKind::Dense if plan.tied_to.is_some() => Weights::Tied(TiedDense::new(plan.output.len(), device)),
            LayerKind::Dense => Weights::Dense(Dense::new([plan.input.len(), plan.output.len()], device)),
            LayerKind::StepDense => Weights::Dense(Dense::new([plan.input.width, plan.output.width], device)),
            LayerKind::Conv { stride } => Weights::Conv(Conv::new(plan, stride, device)),
            LayerKind::ConvTranspose => Weights::ConvTranspose(ConvTranspose::new(plan, device)),
            LayerKind::Conv1d { stride } => Weights::Conv1d(Conv1d::new(plan, stride, device)),
            LayerKind::Conv1dTranspose => Weights::Conv1dTranspose(Conv1dTranspose::new(plan, device)),
            LayerKind::Lstm => recurrent(Cell::Lstm),
            LayerKind::Gru => recurrent(Cell::Gru),
            LayerKind::Transformer { heads, hidden } => {
                Weights::Transformer(Transformer::new(plan.output.width, heads, hidden, device))
            }
            LayerKind::Residual => Weights::Residual(Residual::new(plan.output, device)),
            LayerKind::Highway => Weights::Highway(Highway::new(plan.output.len(), device)),
            LayerKind::MaxPool
            | LayerKind::Resize
            | LayerKind::Positions
            | LayerKind::LastStep
            | LayerKind::Repeat
            | LayerKind::Rows
            | LayerKind::SequenceToPicture => return Self { weights: None, normalisation: None, plan: *plan },
        };
        Self { weights: Some(weights), normalisation: Norm::new(plan, device), plan: *plan }
    }

    /// The plan that it was built from.
    pub const fn plan(&self) -> &LayerPlan {
        &self.plan
    }

    /// Weight of a dense layer, [inputs, outputs]; `None` of other layers, and of tied ones.
    pub(crate) fn dense_weight(&self) -> Option<Tensor<2>> {
        match &self.weights {
            Some(Weights::Dense(dense)) => Some(dense.weight()),
            _ => None,
        }
    }

    /// Output of the layer: weights, normalisation, activation and, in training, dropout. `tied` is the weight of the
    /// layer that a tied one shares, [this layer's outputs, its inputs].
    pub(super) fn forward(&self, batch: Tensor<2>, tied: Option<Tensor<2>>, mode: &mut Mode) -> Tensor<2> {
        let values = match (&self.normalisation, activation::fused(self.plan.activation)) {
            (None, Some(activation)) if self.fuses_activation() => self.apply_weights(batch, tied, activation),
            _ => activate(self.plan.activation, self.pre_activation(batch, tied)),
        };
        match mode {
            Mode::Training(rng) if self.plan.dropout > 0.0 => rng.dropout(values, self.plan.dropout),
            Mode::Training(_) | Mode::Inference => values,
        }
    }

    /// Output before the activation, [samples, values]: weights and normalisation.
    pub(crate) fn pre_activation(&self, batch: Tensor<2>, tied: Option<Tensor<2>>) -> Tensor<2> {
        let values = self.apply_weights(batch, tied, FusedActivation::Linear);
        match &self.normalisation {
            Some(norm) => norm.forward(&self.plan, values),
            None => values,
        }
    }

    /// True if the kernel of its weights can apply the activation.
    const fn fuses_activation(&self) -> bool {
        matches!(
            self.weights,
            Some(
                Weights::Dense(_)
                    | Weights::Tied(_)
                    | Weights::Conv(_)
                    | Weights::ConvTranspose(_)
                    | Weights::Conv1d(_)
                    | Weights::Conv1dTranspose(_)
            )
        )
    }

    /// Output of the weights alone, with `activation` where they [fuse](Self::fuses_activation) one.
    fn apply_weights(&self, batch: Tensor<2>, tied: Option<Tensor<2>>, activation: FusedActivation) -> Tensor<2> {
        let plan = &self.plan;
        let Some(weights) = &self.weights else { return reshape::forward(plan, batch) };
        match (weights, tied) {
            (Weights::Dense(dense), _) => dense.forward(plan, batch, activation),
            (Weights::Tied(dense), Some(weight)) => dense.forward(batch, weight, activation),
            (Weights::Tied(_), None) => unreachable!("a network passes every tied layer the weight that it shares"),
            (Weights::Conv(conv), _) => conv.forward(plan, batch, activation),
            (Weights::ConvTranspose(conv), _) => conv.forward(plan, batch, activation),
            (Weights::Conv1d(conv), _) => conv.forward(plan, batch, activation),
            (Weights::Conv1dTranspose(conv), _) => conv.forward(plan, batch, activation),
            (Weights::Recurrent(recurrent), _) => recurrent.forward(plan, batch),
            (Weights::Transformer(transformer), _) => transformer.forward(plan, batch),
            (Weights::Residual(residual), _) => residual.forward(plan, batch),
            (Weights::Highway(highway), _) => highway.forward(batch),
        }
    }

    /// The same layer with a linear activation.
    pub(super) fn without_activation(plan: &LayerPlan) -> LayerPlan {
        LayerPlan { activation: Activation::Linear, ..*plan }
    }
}
