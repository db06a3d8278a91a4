//! The way back through a convolution.

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

use super::{Convolution, ConvolutionOps, Direction};
use crate::Activation;

#[derive(Debug)]
struct Convolve;

/// What the way back needs: input and weight, kept or computed anew, and the output.
type State<B> = (NodeId, NodeId, FloatTensor<B>, Convolution, Direction, Activation);

impl<B: ConvolutionOps> Backward<B, 3> for Convolve {
    type State = State<B>;

    fn backward(self, ops: Ops<State<B>, 3>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let [input_node, weight_node, bias_node] = ops.parents;
        let (input, weight, output, convolution, direction, activation) = ops.state;
        let gradient = grads.consume::<B>(&ops.node);
        let input: FloatTensor<B> = checkpointer.retrieve_node_output(input);
        let weight: FloatTensor<B> = checkpointer.retrieve_node_output(weight);
        if let Some(node) = input_node {
            let gradient = B::convolution_input_gradient(
                gradient.clone(),
                output.clone(),
                weight,
                convolution,
                direction,
                activation,
            );
            grads.register::<B>(node.id, gradient);
        }
        if weight_node.is_some() || bias_node.is_some() {
            let (weight, bias) =
                B::convolution_weight_gradient(input, gradient, output, convolution, direction, activation);
            if let Some(node) = weight_node {
                grads.register::<B>(node.id, weight);
            }
            if let Some(node) = bias_node {
                grads.register::<B>(node.id, bias);
            }
        }
    }
}

impl<B: ConvolutionOps, C: CheckpointStrategy> ConvolutionOps for Autodiff<B, C> {
    fn convolved(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FloatTensor<Self> {
        match Convolve.prepare::<C>([input.node(), weight.node(), bias.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let nodes = [prep.checkpoint(&input), prep.checkpoint(&weight)];
                let output = B::convolved(
                    input.into_primitive(),
                    weight.into_primitive(),
                    bias.into_primitive(),
                    convolution,
                    direction,
                    activation,
                );
                prep.finish((nodes[0], nodes[1], output.clone(), convolution, direction, activation), output)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::convolved(
                input.into_primitive(),
                weight.into_primitive(),
                bias.into_primitive(),
                convolution,
                direction,
                activation,
            )),
        }
    }

    fn convolution_input_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Convolution,
        _: Direction,
        _: Activation,
    ) -> FloatTensor<Self> {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }

    fn convolution_weight_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Convolution,
        _: Direction,
        _: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }
}
