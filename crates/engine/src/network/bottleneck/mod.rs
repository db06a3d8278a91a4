//! What happens to the code between encoder and decoder.

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

use super::{Layer, Mode, Stack, weights::zeros};

/// What the objective has to know of a code beside its numbers.
#[derive(Clone, Debug)]
pub enum Latent {
    /// Nothing.
    Plain,
    /// The distribution that it was drawn from: [samples, size] each.
    Gaussian {
        /// Means.
        mean: Tensor<2>,
        /// Logarithms of the variances.
        log_variance: Tensor<2>,
    },
    /// What was quantised: [samples x places, dimension] each.
    Quantised {
        /// What the encoder said.
        encoded: Tensor<2>,
        /// The codebook's nearest vectors; gradients reach the codebook through them.
        chosen: Tensor<2>,
    },
}

/// Layers to the code, and what is done to it.
#[derive(Module, Debug)]
pub struct Bottleneck {
    layers: Stack,
    log_variance: Option<Layer>,
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
            layers: Stack::new(plan.part(Part::Bottleneck), device),
            log_variance: plan.log_variance.as_ref().map(|layer| Layer::new(layer, device)),
            codebook,
            plan: plan.bottleneck,
        }
    }

    /// Its layers, in order.
    pub fn layers(&self) -> &[Layer] {
        self.layers.layers()
    }

    /// The codebook, [codes, dimension], of a vector-quantised bottleneck.
    pub fn codebook(&self) -> Option<Tensor<2>> {
        self.codebook.as_ref().map(Param::val)
    }

    /// Whether the code, or its mean, is what the last layer says, number by number.
    pub(crate) const fn passes_all(&self) -> bool {
        matches!(self.plan, BottleneckPlan::Plain | BottleneckPlan::Variational | BottleneckPlan::Adversarial { .. })
    }

    /// What every layer makes of what the encoder made.
    pub(super) fn outputs(&self, encoded: &Tensor<2>, mode: &mut Mode) -> Vec<Tensor<2>> {
        self.layers.outputs(encoded, mode)
    }

    /// The code of what the encoder made, and what the objective has to know of it.
    pub(super) fn forward(&self, encoded: Tensor<2>, mode: &mut Mode) -> (Tensor<2>, Latent) {
        let code = self.layers.forward(encoded.clone(), mode);
        match (self.plan, &self.log_variance, &self.codebook) {
            (BottleneckPlan::Variational, Some(layer), _) => {
                let log_variance = variational::bounded(layer.forward(encoded, None, &mut Mode::Inference));
                let drawn = variational::draw(&code, &log_variance, mode);
                (drawn, Latent::Gaussian { mean: code, log_variance })
            }
            (BottleneckPlan::VectorQuantised { dimension, places, .. }, _, Some(codebook)) => {
                let is_map =
                    self.layers().last().is_some_and(|layer| matches!(layer.plan().kind, LayerKind::Conv { .. }));
                vector_quantised::quantise(code, &codebook.val(), [places, dimension], is_map)
            }
            (BottleneckPlan::TopK { active }, ..) => (top_k::keep_largest(code, active), Latent::Plain),
            _ => (code, Latent::Plain),
        }
    }
}
