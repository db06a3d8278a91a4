//! A network's weights on the host in PyTorch's layout, and the initial ones.

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Device, Gradients, Tensor, TensorData, Transaction},
};
use pinhole_numerics::initial_values::{InitialValues, draw_layer};
use pinhole_protocol::{Initialiser, NetworkPlan, TensorPlan};

use crate::{EngineError, read_back::read_all};

/// All tensors of a network, flat, in the order of [`NetworkPlan::tensors`] and in PyTorch's layout.
pub type NetworkWeights = Vec<Vec<f32>>;

/// A parameter of zeros, whose values [`load`] replaces.
pub(super) fn zeros<const D: usize>(shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    Param::from_tensor(Tensor::zeros(shape, device))
}

/// The initial weights for `seed`, the same on every device. Each layer draws from a random stream of its own.
pub fn initial_weights(plan: &NetworkPlan, seed: u64) -> NetworkWeights {
    let tensors = plan.tensors();
    let layers = tensors.chunk_by(|one, other| layer_of(&one.name) == layer_of(&other.name));
    layers
        .enumerate()
        .flat_map(|(index, layer)| draw_layer(seed, index, layer.iter().map(|tensor| (tensor.len(), values(tensor)))))
        .collect()
}

/// The layer's part of a tensor's name: `encoder.0` of `encoder.0.weight`.
fn layer_of(name: &str) -> &str {
    name.match_indices('.').nth(1).map_or(name, |(end, _)| &name[..end])
}

const fn values(tensor: &TensorPlan) -> InitialValues {
    match tensor.initial {
        Initialiser::Constant(value) => InitialValues::Constant(value),
        Initialiser::Uniform { bound } => InitialValues::Uniform { bound },
    }
}

/// The same module with other weights, in the order of `plan`; where `weights` is shorter, the rest stays.
pub(super) fn load<M: Module>(module: M, plan: &NetworkPlan, weights: NetworkWeights) -> M {
    module.map(&mut Loader { tensors: plan.tensors().into_iter().zip(weights) })
}

/// Reads all weights of a module in one awaited transaction.
pub(super) async fn read_weights(module: &impl Module, plan: &NetworkPlan) -> Result<NetworkWeights, EngineError> {
    let mut collector = Collector::default();
    module.visit(&mut collector);
    read(plan, collector.tensors).await
}

/// Reads the gradients of all tensors of a module, laid out as the weights; 0 for a tensor that has none.
pub(super) async fn read_gradients(
    module: &impl Module,
    plan: &NetworkPlan,
    gradients: &Gradients,
) -> Result<NetworkWeights, EngineError> {
    let mut collector = GradientCollector { gradients, tensors: Vec::new() };
    module.visit(&mut collector);
    read(plan, collector.tensors).await
}

/// Reads flat tensors, given in the order of the plan.
async fn read(plan: &NetworkPlan, tensors: Vec<Tensor<1>>) -> Result<NetworkWeights, EngineError> {
    let transaction = tensors.into_iter().fold(Transaction::default(), Transaction::register);
    let values = read_all(transaction).await?;
    Ok(plan.tensors().iter().zip(values).map(|(tensor, values)| to_pytorch_layout(tensor, values)).collect())
}

/// Values of a tensor in PyTorch's layout, from those in Burn's.
pub(crate) fn to_pytorch_layout(tensor: &TensorPlan, values: Vec<f32>) -> Vec<f32> {
    match tensor.shape[..] {
        [outputs, inputs] if tensor.is_transposed => transpose(&values, inputs, outputs),
        _ => values,
    }
}

/// Replaces the values of every parameter by those of the next tensor, given in PyTorch's layout.
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

/// Collects every parameter, flat.
#[derive(Default)]
struct Collector {
    tensors: Vec<Tensor<1>>,
}

impl ModuleVisitor for Collector {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.tensors.push(param.val().inner().flatten(0, D - 1));
    }
}

/// Collects the gradient of every parameter, flat.
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

/// The transpose of a row-major matrix [rows, columns].
fn transpose(matrix: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| (0..rows).map(move |row| matrix[row * columns + column])).collect()
}
