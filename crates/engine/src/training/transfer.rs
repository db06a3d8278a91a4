//! Old weights in a new network.

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Tensor, container::TensorContainer},
};
use pinhole_protocol::{NetworkPlan, Part, Reuse, TensorPlan};

use crate::{EngineError, Model, network::Autoencoder};

/// `network`, laid out by `plan`, with those parts of `model` that are reused.
///
/// # Errors
/// The first tensor whose shape does not fit; nothing is changed then.
pub(super) fn transfer(
    network: Autoencoder,
    plan: &NetworkPlan,
    model: &Model,
    reuse: Reuse,
) -> Result<Autoencoder, EngineError> {
    let (new, old) = (plan.tensors(), model.experiment.plan().tensors());
    check(&reused(&new, reuse), &reused(&old, reuse))?;
    let mut weights = TensorContainer::new();
    model.network.visit(&mut Collector { names: old.iter(), weights: &mut weights });
    Ok(network.map(&mut Loader { names: new.iter(), reuse, weights }))
}

const fn parts(reuse: Reuse) -> &'static [Part] {
    match reuse {
        Reuse::All => &[Part::Encoder, Part::Bottleneck, Part::Decoder],
        Reuse::Encoder => &[Part::Encoder, Part::Bottleneck],
        Reuse::Decoder => &[Part::Decoder],
    }
}

fn is_reused(tensor: &TensorPlan, reuse: Reuse) -> bool {
    let part = tensor.name.split('.').next();
    parts(reuse).iter().any(|reused| part == Some(reused.slug()))
}

fn reused(tensors: &[TensorPlan], reuse: Reuse) -> Vec<&TensorPlan> {
    tensors.iter().filter(|tensor| is_reused(tensor, reuse)).collect()
}

/// Every tensor that is wanted must be there, and nothing may be left over: half a part is none.
fn check(new: &[&TensorPlan], old: &[&TensorPlan]) -> Result<(), EngineError> {
    const WHAT_TO_DO: &str = "choose the model's own settings for this part, reuse another part, or train a fresh one";
    let refuse = |message: String| Err(EngineError::setting("network", message));
    for tensor in new {
        match old.iter().find(|other| other.name == tensor.name) {
            Some(other) if other.shape == tensor.shape => {}
            Some(other) => {
                return refuse(format!(
                    "The weights of the model in hand do not fit: {} is {} there and {} here. To reuse them, {WHAT_TO_DO}.",
                    tensor.name,
                    sides(&other.shape),
                    sides(&tensor.shape)
                ));
            }
            None => {
                return refuse(format!(
                    "The weights of the model in hand do not fit: it has no {} ({}). To reuse them, {WHAT_TO_DO}.",
                    tensor.name,
                    sides(&tensor.shape)
                ));
            }
        }
    }
    match old.iter().find(|other| new.iter().all(|tensor| tensor.name != other.name)) {
        Some(left_over) => refuse(format!(
            "The weights of the model in hand do not fit: this network has no place for its {} ({}). To reuse them, {WHAT_TO_DO}.",
            left_over.name,
            sides(&left_over.shape)
        )),
        None => Ok(()),
    }
}

/// As people write a shape: 256x784.
fn sides(shape: &[usize]) -> String {
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join("x")
}

struct Collector<'a, N> {
    names: N,
    weights: &'a mut TensorContainer<String>,
}

impl<'a, N: Iterator<Item = &'a TensorPlan>> ModuleVisitor for Collector<'_, N> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(tensor) = self.names.next() {
            self.weights.register(tensor.name.clone(), param.val());
        }
    }
}

struct Loader<N> {
    names: N,
    reuse: Reuse,
    weights: TensorContainer<String>,
}

impl<'a, N: Iterator<Item = &'a TensorPlan>> ModuleMapper for Loader<N> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let tensor = self.names.next().filter(|tensor| is_reused(tensor, self.reuse));
        match tensor.and_then(|tensor| self.weights.remove::<Tensor<D>>(&tensor.name)) {
            Some(old) => param.map(|_| old),
            None => param,
        }
    }
}
