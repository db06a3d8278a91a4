//! A network's weights on the host, in PyTorch's layout, and the ones that it begins with.

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Device, Gradients, Tensor, TensorData, Transaction},
};
use pinhole_numerics::initial_values::{InitialValues, draw_layer};
use pinhole_protocol::{Initial, NetworkPlan, TensorPlan};

use super::Autoencoder;
use crate::{EngineError, read_back::read_all};

/// All tensors of a network, one after the other as [`NetworkPlan::tensors`] lists them, each as PyTorch lays it out.
pub type NetworkWeights = Vec<Vec<f32>>;

/// A parameter of zeros, to be loaded.
pub(super) fn zeros<const D: usize>(shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    Param::from_tensor(Tensor::zeros(shape, device))
}

/// The weights that `seed` stands for, the same on every device. Each layer draws from a stream of its own.
pub fn initial_weights(plan: &NetworkPlan, seed: u64) -> NetworkWeights {
    let tensors = plan.tensors();
    let layers = tensors.chunk_by(|one, other| layer_of(&one.name) == layer_of(&other.name));
    layers
        .enumerate()
        .flat_map(|(index, layer)| draw_layer(seed, index, layer.iter().map(|tensor| (tensor.len(), values(tensor)))))
        .collect()
}

/// The first two words of a tensor's name.
fn layer_of(name: &str) -> &str {
    name.match_indices('.').nth(1).map_or(name, |(end, _)| &name[..end])
}

const fn values(tensor: &TensorPlan) -> InitialValues {
    match tensor.initial {
        Initial::Constant(value) => InitialValues::Constant(value),
        Initial::Uniform { bound } => InitialValues::Uniform { bound },
    }
}

impl Autoencoder {
    /// The same network with other weights: those of `weights` that are there, in the order of `plan`.
    pub(crate) fn load(self, plan: &NetworkPlan, weights: NetworkWeights) -> Self {
        self.map(&mut Loader { tensors: plan.tensors().into_iter().zip(weights) })
    }

    /// Reads all weights in one awaited transaction: Burn's own way of saving reads tensor by tensor and synchronously,
    /// which a browser's GPU does not allow.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn read_weights(&self, plan: &NetworkPlan) -> Result<NetworkWeights, EngineError> {
        let mut collector = Collector::default();
        // Burn keeps a batch normalisation's last update aside; leaving training takes it in.
        self.valid().visit(&mut collector);
        read(plan, collector.tensors).await
    }
}

/// Reads flat tensors in the order of the plan.
async fn read(plan: &NetworkPlan, tensors: Vec<Tensor<1>>) -> Result<NetworkWeights, EngineError> {
    let read = tensors.into_iter().fold(Transaction::default(), Transaction::register);
    let values = read_all(read).await?;
    Ok(plan.tensors().iter().zip(values).map(|(tensor, values)| to_pytorch(tensor, values)).collect())
}

impl Autoencoder {
    /// Reads the gradients of all tensors, laid out as the weights are; 0 where there is none.
    ///
    /// # Errors
    /// When the device fails.
    pub(crate) async fn read_gradients(
        &self,
        plan: &NetworkPlan,
        gradients: &Gradients,
    ) -> Result<NetworkWeights, EngineError> {
        let mut collector = GradientCollector { gradients, tensors: Vec::new() };
        self.visit(&mut collector);
        read(plan, collector.tensors).await
    }
}

/// Brings what was read from a module into PyTorch's layout.
pub(crate) fn to_pytorch(tensor: &TensorPlan, values: Vec<f32>) -> Vec<f32> {
    match tensor.shape[..] {
        [outputs, inputs] if tensor.is_transposed => transpose(&values, inputs, outputs),
        _ => values,
    }
}

struct Loader<I> {
    tensors: I,
}

impl<I: Iterator<Item = (TensorPlan, Vec<f32>)>> ModuleMapper for Loader<I> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some((tensor, values)) = self.tensors.next() else { return param };
        let values = match tensor.shape[..] {
            [outputs, inputs] if tensor.is_transposed => transpose(&values, outputs, inputs),
            _ => values,
        };
        param.map(|old| Tensor::from_data(TensorData::new(values, old.shape()), &old.device()))
    }
}

/// Every tensor, flat.
#[derive(Default)]
struct Collector {
    tensors: Vec<Tensor<1>>,
}

impl ModuleVisitor for Collector {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.tensors.push(param.val().inner().flatten(0, D - 1));
    }
}

/// The gradient of every tensor, flat.
struct GradientCollector<'a> {
    gradients: &'a Gradients,
    tensors: Vec<Tensor<1>>,
}

impl ModuleVisitor for GradientCollector<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let gradient = param.val().grad(self.gradients).unwrap_or_else(|| param.val().inner().zeros_like());
        self.tensors.push(gradient.flatten(0, D - 1));
    }
}

/// The transpose of a matrix with `rows` rows.
fn transpose(matrix: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| (0..rows).map(move |row| matrix[row * columns + column])).collect()
}
