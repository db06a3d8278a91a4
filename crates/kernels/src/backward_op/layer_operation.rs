//! The backward operation of a layer with weight, bias and activation, whatever it does forward.

use std::{fmt::Debug, marker::PhantomData};

use burn::backend::{
    Autodiff, Backend,
    autodiff::{
        NodeId,
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients,
        ops::{Backward, Ops, OpsKind},
    },
    tensor::FloatTensor,
};

/// A layer whose gradients follow from its input, its weight and its output.
pub(crate) trait LayerOperation<B: Backend>: Copy + Debug + Send + 'static {
    /// The output.
    fn forward(self, input: FloatTensor<B>, weight: FloatTensor<B>, bias: FloatTensor<B>) -> FloatTensor<B>;

    /// Gradient of the input, from that of the output and the output itself.
    fn input_gradient(self, gradient: FloatTensor<B>, output: FloatTensor<B>, weight: FloatTensor<B>)
    -> FloatTensor<B>;

    /// Gradients of weight and bias.
    fn weight_gradient(
        self,
        input: FloatTensor<B>,
        gradient: FloatTensor<B>,
        output: FloatTensor<B>,
    ) -> (FloatTensor<B>, FloatTensor<B>);
}

/// The output of `layer`; adds its backward operation to the graph.
pub(crate) fn forward<B: Backend, C: CheckpointStrategy, L: LayerOperation<B>>(
    layer: L,
    input: FloatTensor<Autodiff<B, C>>,
    weight: FloatTensor<Autodiff<B, C>>,
    bias: FloatTensor<Autodiff<B, C>>,
) -> FloatTensor<Autodiff<B, C>> {
    let step = BackwardOp::<L>(PhantomData);
    match step.prepare::<C>([input.node(), weight.node(), bias.node()]).compute_bound().stateful() {
        OpsKind::Tracked(mut prep) => {
            let inputs = [prep.checkpoint(&input), prep.checkpoint(&weight)];
            let output = layer.forward(input.into_primitive(), weight.into_primitive(), bias.into_primitive());
            prep.finish((layer, inputs, output.clone()), output)
        }
        OpsKind::UnTracked(prep) => {
            prep.finish(layer.forward(input.into_primitive(), weight.into_primitive(), bias.into_primitive()))
        }
    }
}

#[derive(Debug)]
struct BackwardOp<L>(PhantomData<L>);

impl<B: Backend, L: LayerOperation<B>> Backward<B, 3> for BackwardOp<L> {
    /// The layer; its input and weight, saved or computed anew; its output.
    type State = (L, [NodeId; 2], FloatTensor<B>);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let [input_node, weight_node, bias_node] = ops.parents;
        let (layer, [input, weight], output) = ops.state;
        let gradient = grads.consume::<B>(&ops.node);
        let input: FloatTensor<B> = checkpointer.retrieve_node_output(input);
        let weight: FloatTensor<B> = checkpointer.retrieve_node_output(weight);
        if let Some(node) = input_node {
            grads.register::<B>(node.id, layer.input_gradient(gradient.clone(), output.clone(), weight));
        }
        if weight_node.is_some() || bias_node.is_some() {
            let (weight, bias) = layer.weight_gradient(input, gradient, output);
            if let Some(node) = weight_node {
                grads.register::<B>(node.id, weight);
            }
            if let Some(node) = bias_node {
                grads.register::<B>(node.id, bias);
            }
        }
    }
}
