//! Gradient norms and gradient clipping.

use burn::{
    grad_clipping::GradientClipping,
    module::{Module, ModuleVisitor, Param},
    optim::GradientsParams,
    tensor::Tensor,
};
use pinhole_protocol::Schedule;

use crate::{EngineError, network::Autoencoder, read_back::read};

/// Gradient clipping (Pascanu et al. 2013): first by value, g <- clamp(g, -c, c), then by the norm of each tensor, g <-
/// g min(1, c / ||g||).
pub(super) struct Clipping(Vec<GradientClipping>);

impl Clipping {
    pub fn new(schedule: &Schedule) -> Self {
        let by_value = schedule.gradient_clip_value.map(GradientClipping::Value);
        let by_norm = schedule.gradient_clip_norm.map(GradientClipping::Norm);
        Self(by_value.into_iter().chain(by_norm).collect())
    }

    /// Clips the gradients.
    pub fn apply(&self, network: &Autoencoder, gradients: GradientsParams) -> GradientsParams {
        if self.0.is_empty() {
            return gradients;
        }
        let mut visitor = ClippingVisitor { clipping: &self.0, gradients };
        network.visit(&mut visitor);
        visitor.gradients
    }
}

struct ClippingVisitor<'a> {
    clipping: &'a [GradientClipping],
    gradients: GradientsParams,
}

impl ModuleVisitor for ClippingVisitor<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.remove::<D>(param.id) {
            let clipped = self.clipping.iter().fold(gradient, |gradient, clip| clip.clip_gradient(gradient));
            self.gradients.register(param.id, clipped);
        }
    }
}

/// Squared L2 norm of each tensor's gradient at one step; the values stay on the device until they are read.
#[derive(Clone, Debug)]
pub(super) struct GradientNorms {
    /// ||g||^2 of each tensor with a gradient, in the network's order, `[tensors]`.
    squared_norms: Tensor<1>,
    /// For each tensor, true if it has a gradient.
    has_gradient: Vec<bool>,
}

impl GradientNorms {
    /// Measures all gradients; `None` if no tensor has one.
    pub fn measure(network: &Autoencoder, gradients: &GradientsParams) -> Option<Self> {
        let mut visitor = NormVisitor { gradients, squared_norms: Vec::new(), has_gradient: Vec::new() };
        network.visit(&mut visitor);
        let NormVisitor { squared_norms, has_gradient, .. } = visitor;
        (!squared_norms.is_empty()).then(|| Self { squared_norms: Tensor::cat(squared_norms, 0), has_gradient })
    }

    /// L2 norm of the whole gradient, `[1]`.
    pub fn norm(&self) -> Tensor<1> {
        self.squared_norms.clone().sum().sqrt()
    }

    /// L2 norm of each tensor's gradient, in the order of `NetworkPlan::tensors`; `None` for tensors without one.
    pub async fn read(&self) -> Result<Vec<Option<f32>>, EngineError> {
        let mut squared_norms = read(self.squared_norms.clone()).await?.into_iter();
        let norm = |has_gradient: &bool| if *has_gradient { squared_norms.next().map(f32::sqrt) } else { None };
        Ok(self.has_gradient.iter().map(norm).collect())
    }
}

struct NormVisitor<'a> {
    gradients: &'a GradientsParams,
    squared_norms: Vec<Tensor<1>>,
    has_gradient: Vec<bool>,
}

impl ModuleVisitor for NormVisitor<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let gradient = self.gradients.get::<D>(param.id);
        self.has_gradient.push(gradient.is_some());
        self.squared_norms.extend(gradient.map(|gradient| gradient.square().sum()));
    }
}
