//! Weights of a network that an inspection reads: the norms of all tensors, and all values of the first layer.

use std::ops::Range;

use burn::{
    module::{Module, ModuleVisitor, Param},
    tensor::Tensor,
};
use pinhole_protocol::{BottleneckPlan, LayerPlan, NetworkPlan, Part};

use super::batched_read::{BatchedRead, ReadValues, TensorIndex};
use crate::network::Autoencoder;

/// Range of the tensors of each layer, from input to reconstruction, in [`NetworkPlan::tensors`].
pub(super) fn tensor_ranges(plan: &NetworkPlan) -> Vec<Range<usize>> {
    // Between bottleneck and decoder lies the layer for log variances, or the codebook.
    let log_variance = plan.log_variance.as_ref().map_or(0, |layer| layer.tensors().len());
    let codebook = usize::from(matches!(plan.bottleneck, BottleneckPlan::VectorQuantised { .. }));
    let mut next = 0;
    let mut part = Part::Encoder;
    let range = |layer: &LayerPlan| {
        if layer.part == Part::Decoder && part != Part::Decoder {
            next += log_variance + codebook;
        }
        part = layer.part;
        let start = next;
        next += layer.tensors().len();
        start..next
    };
    plan.layers.iter().map(range).collect()
}

/// The tensors of the weights in a batched read.
pub(super) struct WeightTensors {
    /// Squared L2 norm of every tensor.
    squared_norms: TensorIndex,
    /// All values of the first layer's first tensor.
    first: Option<TensorIndex>,
}

impl WeightTensors {
    /// Adds the weights of `network` to a batched read; `first` is the index of the tensor of which all values are
    /// read.
    pub fn add(network: &Autoencoder, first: Option<usize>, batch: &mut BatchedRead) -> Self {
        let mut visitor = Visitor { squared_norms: Vec::new(), first_index: first, first: None };
        network.visit(&mut visitor);
        let first = visitor.first.map(|tensor| batch.add(tensor));
        Self { squared_norms: batch.add(Tensor::cat(visitor.squared_norms, 0)), first }
    }

    /// L2 norm of every tensor.
    pub fn norms(&self, read: &ReadValues) -> Vec<f32> {
        read.values(self.squared_norms).iter().map(|square| square.sqrt()).collect()
    }

    /// Values of the first tensor, in Burn's layout.
    pub fn first<'a>(&self, read: &'a ReadValues) -> &'a [f32] {
        self.first.map_or(&[], |index| read.values(index))
    }
}

struct Visitor {
    squared_norms: Vec<Tensor<1>>,
    first_index: Option<usize>,
    first: Option<Tensor<1>>,
}

impl ModuleVisitor for Visitor {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        if self.first_index == Some(self.squared_norms.len()) {
            self.first = Some(tensor.clone().flatten(0, D - 1));
        }
        self.squared_norms.push(tensor.square().sum());
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::presets;

    use super::*;

    #[test]
    fn the_range_of_a_layer_contains_the_tensors_of_its_plan() {
        for preset in presets() {
            let plan = preset.experiment.network.plan().expect("presets are valid");
            let all = plan.tensors();
            let ranges = tensor_ranges(&plan);
            assert_eq!(ranges.len(), plan.layers.len());
            for (layer, range) in plan.layers.iter().zip(ranges) {
                for (found, own) in all[range].iter().zip(layer.tensors()) {
                    assert_eq!(found.shape, own.shape, "{}", preset.name);
                    let is_own = found.name.starts_with(layer.part.slug()) && found.name.ends_with(&own.name);
                    assert!(is_own, "{}: {} is not {}", preset.name, found.name, own.name);
                }
            }
        }
    }
}
