//! The backward operation of an operation whose gradients are computed all at once.

use std::{fmt::Debug, marker::PhantomData};

use burn::backend::{
    Autodiff, Backend,
    autodiff::{
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients,
        ops::{Backward, Ops, OpsKind},
    },
    tensor::FloatTensor,
};

/// An operation on `N` tensors with one result.
pub(crate) trait Operation<B: Backend, const N: usize>: Copy + Debug + Send + 'static {
    /// The tensors that the backward pass reads.
    type Saved: Clone + Debug + Send + 'static;

    /// The result, and the tensors saved for the backward pass.
    fn forward(self, inputs: [FloatTensor<B>; N]) -> (FloatTensor<B>, Self::Saved);

    /// Gradients of the inputs, from that of the result.
    fn gradients(self, gradient: FloatTensor<B>, saved: Self::Saved) -> [FloatTensor<B>; N];
}

/// The result of `operation`; adds its backward operation to the graph.
pub(crate) fn apply_operation<B: Backend, C: CheckpointStrategy, O: Operation<B, N>, const N: usize>(
    operation: O,
    inputs: [FloatTensor<Autodiff<B, C>>; N],
) -> FloatTensor<Autodiff<B, C>> {
    let step = BackwardOp::<O>(PhantomData);
    let prepared =
        step.prepare::<C>(inputs.each_ref().map(FloatTensor::<Autodiff<B, C>>::node)).compute_bound().stateful();
    let (output, saved) = operation.forward(inputs.map(FloatTensor::<Autodiff<B, C>>::into_primitive));
    match prepared {
        OpsKind::Tracked(prepared) => prepared.finish((operation, saved), output),
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    }
}

#[derive(Debug)]
struct BackwardOp<O>(PhantomData<O>);

impl<B: Backend, O: Operation<B, N>, const N: usize> Backward<B, N> for BackwardOp<O> {
    type State = (O, O::Saved);

    fn backward(self, ops: Ops<Self::State, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (operation, saved) = ops.state;
        let gradients = operation.gradients(grads.consume::<B>(&ops.node), saved);
        for (node, gradient) in ops.parents.into_iter().zip(gradients) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}
