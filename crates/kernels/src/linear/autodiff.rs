//! The way back through a dense layer.

use burn::backend::{
    Autodiff,
    autodiff::{
        NodeId,
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients,
        ops::{Backward, Ops, OpsKind},
    },
    tensor::FloatTensor,
};

use super::{LinearOps, WeightLayout};
use crate::Activation;

#[derive(Debug)]
struct Linear;

/// What the way back needs: input and weight, kept or computed anew, and the output.
type State<B> = (NodeId, NodeId, FloatTensor<B>, WeightLayout, Activation);

impl<B: LinearOps> Backward<B, 3> for Linear {
    type State = State<B>;

    fn backward(self, ops: Ops<State<B>, 3>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let [input_node, weight_node, bias_node] = ops.parents;
        let (input, weight, output, layout, activation) = ops.state;
        let gradient = grads.consume::<B>(&ops.node);
        let input: FloatTensor<B> = checkpointer.retrieve_node_output(input);
        let weight: FloatTensor<B> = checkpointer.retrieve_node_output(weight);
        if let Some(node) = input_node {
            let gradient = B::linear_input_gradient(gradient.clone(), output.clone(), weight, layout, activation);
            grads.register::<B>(node.id, gradient);
        }
        if weight_node.is_some() || bias_node.is_some() {
            let (weight, bias) = B::linear_weight_gradient(input, gradient, output, layout, activation);
            if let Some(node) = weight_node {
                grads.register::<B>(node.id, weight);
            }
            if let Some(node) = bias_node {
                grads.register::<B>(node.id, bias);
            }
        }
    }
}

impl<B: LinearOps, C: CheckpointStrategy> LinearOps for Autodiff<B, C> {
    fn linear_activated(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layout: WeightLayout,
        activation: Activation,
    ) -> FloatTensor<Self> {
        match Linear.prepare::<C>([input.node(), weight.node(), bias.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let nodes = [prep.checkpoint(&input), prep.checkpoint(&weight)];
                let output = B::linear_activated(
                    input.into_primitive(),
                    weight.into_primitive(),
                    bias.into_primitive(),
                    layout,
                    activation,
                );
                prep.finish((nodes[0], nodes[1], output.clone(), layout, activation), output)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::linear_activated(
                input.into_primitive(),
                weight.into_primitive(),
                bias.into_primitive(),
                layout,
                activation,
            )),
        }
    }

    fn linear_input_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: WeightLayout,
        _: Activation,
    ) -> FloatTensor<Self> {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }

    fn linear_weight_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: WeightLayout,
        _: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }
}
