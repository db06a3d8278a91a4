//! The weights of a network, as far as a look needs them: their lengths, and all of the first.

use std::ops::Range;

use burn::{
    module::{Module, ModuleVisitor, Param},
    tensor::Tensor,
};
use pinhole_protocol::{BottleneckPlan, LayerPlan, NetworkPlan, Part};

use super::reading::{Place, Read, Reading};
use crate::network::Autoencoder;

/// Where the tensors of each layer from input to reconstruction stand in [`NetworkPlan::tensors`].
pub(super) fn tensors_of_layers(plan: &NetworkPlan) -> Vec<Range<usize>> {
    // Between bottleneck and decoder stands what makes a variational code's variances, or a codebook.
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

/// Where weights stand in a reading.
pub(super) struct Weights {
    /// The squared length of every tensor.
    squares: Place,
    /// All of the first layer's first tensor.
    first: Option<Place>,
}

impl Weights {
    /// Notes what is to be read of `network`; `first` is the tensor of which all is wanted.
    pub fn note(network: &Autoencoder, first: Option<usize>, reading: &mut Reading) -> Self {
        let mut visitor = Visitor { squares: Vec::new(), wanted: first, first: None };
        network.visit(&mut visitor);
        let first = visitor.first.map(|tensor| reading.note(tensor));
        Self { squares: reading.note(Tensor::cat(visitor.squares, 0)), first }
    }

    /// L2 norm of every tensor.
    pub fn norms(&self, read: &Read) -> Vec<f32> {
        read.values(self.squares).iter().map(|square| square.sqrt()).collect()
    }

    /// The first tensor, in Burn's layout.
    pub fn first<'a>(&self, read: &'a Read) -> &'a [f32] {
        self.first.map_or(&[], |place| read.values(place))
    }
}

struct Visitor {
    squares: Vec<Tensor<1>>,
    wanted: Option<usize>,
    first: Option<Tensor<1>>,
}

impl ModuleVisitor for Visitor {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        if self.wanted == Some(self.squares.len()) {
            self.first = Some(tensor.clone().flatten(0, D - 1));
        }
        self.squares.push(tensor.square().sum());
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::presets;

    use super::*;

    #[test]
    fn the_tensors_of_a_layer_are_those_that_its_plan_names() {
        for preset in presets() {
            let plan = preset.experiment.network.plan().expect("presets are valid");
            let all = plan.tensors();
            let ranges = tensors_of_layers(&plan);
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
