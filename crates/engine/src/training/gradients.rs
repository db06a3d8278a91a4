//! How long gradients are, and what is done to those that are too long.

use burn::{
    grad_clipping::GradientClipping,
    module::{Module, ModuleVisitor, Param},
    optim::GradientsParams,
    tensor::Tensor,
};
use pinhole_protocol::Schedule;

use crate::{EngineError, network::Autoencoder, read_back::read};

/// What keeps a gradient short: first each of its values, then the norm of each tensor's.
pub(super) struct Clipping(Vec<GradientClipping>);

impl Clipping {
    pub fn new(schedule: &Schedule) -> Self {
        let by_value = schedule.gradient_clip_value.map(GradientClipping::Value);
        let by_norm = schedule.gradient_clip_norm.map(GradientClipping::Norm);
        Self(by_value.into_iter().chain(by_norm).collect())
    }

    /// Shortens what is too long.
    pub fn apply(&self, network: &Autoencoder, gradients: GradientsParams) -> GradientsParams {
        if self.0.is_empty() {
            return gradients;
        }
        let mut clipper = Clipper { clipping: &self.0, gradients };
        network.visit(&mut clipper);
        clipper.gradients
    }
}

struct Clipper<'a> {
    clipping: &'a [GradientClipping],
    gradients: GradientsParams,
}

impl ModuleVisitor for Clipper<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.remove::<D>(param.id) {
            let clipped = self.clipping.iter().fold(gradient, |gradient, clip| clip.clip_gradient(gradient));
            self.gradients.register(param.id, clipped);
        }
    }
}

/// Squared L2 norms of the gradients of one step, by tensor; they stay on the device until somebody asks.
#[derive(Clone, Debug)]
pub(super) struct GradientSizes {
    /// Of those tensors that have a gradient, in the network's order.
    squares: Tensor<1>,
    /// For every tensor, whether it has one.
    is_present: Vec<bool>,
}

impl GradientSizes {
    /// `None` when nothing has a gradient.
    pub fn measure(network: &Autoencoder, gradients: &GradientsParams) -> Option<Self> {
        let mut measure = Measure { gradients, squares: Vec::new(), is_present: Vec::new() };
        network.visit(&mut measure);
        let Measure { squares, is_present, .. } = measure;
        (!squares.is_empty()).then(|| Self { squares: Tensor::cat(squares, 0), is_present })
    }

    /// L2 norm of the whole gradient, [1].
    pub fn norm(&self) -> Tensor<1> {
        self.squares.clone().sum().sqrt()
    }

    /// L2 norm of each tensor's gradient, in the order of `NetworkPlan::tensors`; `None` for those that do not learn.
    pub async fn read(&self) -> Result<Vec<Option<f32>>, EngineError> {
        let mut squares = read(self.squares.clone()).await?.into_iter();
        let norm = |is_present: &bool| if *is_present { squares.next().map(f32::sqrt) } else { None };
        Ok(self.is_present.iter().map(norm).collect())
    }
}

struct Measure<'a> {
    gradients: &'a GradientsParams,
    squares: Vec<Tensor<1>>,
    is_present: Vec<bool>,
}

impl ModuleVisitor for Measure<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let gradient = self.gradients.get::<D>(param.id);
        self.is_present.push(gradient.is_some());
        self.squares.extend(gradient.map(|gradient| gradient.square().sum()));
    }
}
