//! Transfer learning: weights of one model in another network.

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Tensor, container::TensorContainer},
};
use pinhole_protocol::{NetworkPlan, Part, Reuse, TensorPlan};

use crate::{EngineError, Model, network::Autoencoder};

/// `network`, laid out by `plan`, with the weights of the reused parts of `model`.
///
/// # Errors
/// The first tensor whose shape differs; no weight is changed then.
pub(super) fn transfer(
    network: Autoencoder,
    plan: &NetworkPlan,
    model: &Model,
    reuse: Reuse,
) -> Result<Autoencoder, EngineError> {
    let (new, old) = (plan.tensors(), model.experiment.plan().tensors());
    check_shapes(&reused(&new, reuse), &reused(&old, reuse))?;
    let mut weights = TensorContainer::new();
    model.network.visit(&mut CollectWeights { names: old.iter(), weights: &mut weights });
    Ok(network.map(&mut LoadWeights { names: new.iter(), reuse, weights }))
}

const fn reused_parts(reuse: Reuse) -> &'static [Part] {
    match reuse {
        Reuse::All => &[Part::Encoder, Part::Bottleneck, Part::Decoder],
        Reuse::Encoder => &[Part::Encoder, Part::Bottleneck],
        Reuse::Decoder => &[Part::Decoder],
    }
}

fn is_reused(tensor: &TensorPlan, reuse: Reuse) -> bool {
    let part = tensor.name.split('.').next();
    reused_parts(reuse).iter().any(|reused| part == Some(reused.slug()))
}

fn reused(tensors: &[TensorPlan], reuse: Reuse) -> Vec<&TensorPlan> {
    tensors.iter().filter(|tensor| is_reused(tensor, reuse)).collect()
}

/// Checks that the reused parts of both networks have the same tensors with the same shapes.
fn check_shapes(new: &[&TensorPlan], old: &[&TensorPlan]) -> Result<(), EngineError> {
    const WHAT_TO_DO: &str = "choose the model's own settings for this part, reuse another part, or train a fresh one";
    let refuse = |message: String| Err(EngineError::setting("network", message));
    for tensor in new {
        match old.iter().find(|other| other.name == tensor.name) {
            Some(other) if other.shape == tensor.shape => {}
            Some(other) => {
                return refuse(format!(
                    "The weights of the current model do not fit: {} is {} there and {} here. To reuse them, {WHAT_TO_DO}.",
                    tensor.name,
                    format_shape(&other.shape),
                    format_shape(&tensor.shape)
                ));
            }
            None => {
                return refuse(format!(
                    "The weights of the current model do not fit: it has no {} ({}). To reuse them, {WHAT_TO_DO}.",
                    tensor.name,
                    format_shape(&tensor.shape)
                ));
            }
        }
    }
    match old.iter().find(|other| new.iter().all(|tensor| tensor.name != other.name)) {
        Some(unmatched) => refuse(format!(
            "The weights of the current model do not fit: this network has no place for its {} ({}). To reuse them, {WHAT_TO_DO}.",
            unmatched.name,
            format_shape(&unmatched.shape)
        )),
        None => Ok(()),
    }
}

/// A shape as text, such as 256x784.
fn format_shape(shape: &[usize]) -> String {
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join("x")
}

struct CollectWeights<'a, N> {
    names: N,
    weights: &'a mut TensorContainer<String>,
}

impl<'a, N: Iterator<Item = &'a TensorPlan>> ModuleVisitor for CollectWeights<'_, N> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(tensor) = self.names.next() {
            self.weights.register(tensor.name.clone(), param.val());
        }
    }
}

struct LoadWeights<N> {
    names: N,
    reuse: Reuse,
    weights: TensorContainer<String>,
}

impl<'a, N: Iterator<Item = &'a TensorPlan>> ModuleMapper for LoadWeights<N> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let tensor = self.names.next().filter(|tensor| is_reused(tensor, self.reuse));
        match tensor.and_then(|tensor| self.weights.remove::<Tensor<D>>(&tensor.name)) {
            Some(weights) => param.map(|_| weights),
            None => param,
        }
    }
}
