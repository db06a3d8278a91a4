//! The bottleneck between encoder and decoder: layers to the code, and its sampling, quantisation or sparsity.

mod latent;
mod top_k;
mod variational;
mod vector_quantised;

#[cfg(test)]
mod tests;

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor},
};
use pinhole_protocol::{BottleneckPlan, LayerKind, NetworkPlan, Part};

use super::{layer::Layer, sequential::Sequential, step_rng::Mode, weights::zeros};

pub use latent::Latent;

/// Layers to the code, and its sampling, quantisation or sparsity.
#[derive(Module, Debug)]
pub struct Bottleneck {
    layers: Sequential,
    /// Makes the log variances of a variational code; the last of `layers` makes the means.
    logvar: Option<Layer>,
    /// [codes, dimension].
    codebook: Option<Param<Tensor<2>>>,
    #[module(skip)]
    plan: BottleneckPlan,
}

impl Bottleneck {
    pub(super) fn new(plan: &NetworkPlan, device: &Device) -> Self {
        let codebook = match plan.bottleneck {
            BottleneckPlan::VectorQuantised { codes, dimension, .. } => Some(zeros([codes, dimension], device)),
            _ => None,
        };
        Self {
            layers: Sequential::new(plan.part(Part::Bottleneck), device),
            logvar: plan.log_variance.as_ref().map(|layer| Layer::new(layer, device)),
            codebook,
            plan: plan.bottleneck,
        }
    }

    /// The layers in order, without the one for log variances.
    pub fn layers(&self) -> &[Layer] {
        self.layers.layers()
    }

    /// Codebook of a vector-quantised bottleneck, [codes, dimension].
    pub fn codebook(&self) -> Option<Tensor<2>> {
        self.codebook.as_ref().map(Param::val)
    }

    /// True if, in inference, the code is the output of the last layer.
    pub(crate) const fn is_identity_in_inference(&self) -> bool {
        matches!(self.plan, BottleneckPlan::Plain | BottleneckPlan::Variational | BottleneckPlan::Adversarial { .. })
    }

    /// Output of every layer, [samples, values] each.
    pub(super) fn layer_outputs(&self, encoded: &Tensor<2>, mode: &mut Mode) -> Vec<Tensor<2>> {
        self.layers.layer_outputs(encoded, mode)
    }

    /// Code, [samples, latent size], of the encoder's output, and the tensors that the objective reads.
    pub(super) fn forward(&self, encoded: Tensor<2>, mode: &mut Mode) -> (Tensor<2>, Latent) {
        let code = self.layers.forward(encoded.clone(), mode);
        match (self.plan, &self.logvar, &self.codebook) {
            (BottleneckPlan::Variational, Some(layer), _) => {
                let logvar = variational::clamp_logvar(layer.forward(encoded, None, &mut Mode::Inference));
                let z = variational::reparameterise(&code, &logvar, mode);
                (z, Latent::Gaussian { mu: code, logvar })
            }
            (BottleneckPlan::VectorQuantised { dimension, places, .. }, _, Some(codebook)) => {
                let is_feature_map =
                    self.layers().last().is_some_and(|layer| matches!(layer.plan().kind, LayerKind::Conv { .. }));
                vector_quantised::quantise(code, &codebook.val(), [places, dimension], is_feature_map)
            }
            (BottleneckPlan::TopK { active }, ..) => (top_k::keep_largest(code, active), Latent::Plain),
            _ => (code, Latent::Plain),
        }
    }
}
