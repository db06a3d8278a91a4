//! The way back through an operation whose gradients come all at once.

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
    /// The tensors that the way back reads.
    type Kept: Clone + Debug + Send + 'static;

    fn forward(self, inputs: [FloatTensor<B>; N]) -> (FloatTensor<B>, Self::Kept);

    /// Gradients of the inputs from that of the result.
    fn gradients(self, gradient: FloatTensor<B>, kept: Self::Kept) -> [FloatTensor<B>; N];
}

/// Does `operation` and notes the way back.
pub(crate) fn operate<B: Backend, C: CheckpointStrategy, O: Operation<B, N>, const N: usize>(
    operation: O,
    inputs: [FloatTensor<Autodiff<B, C>>; N],
) -> FloatTensor<Autodiff<B, C>> {
    let step = WayBack::<O>(PhantomData);
    let prepared =
        step.prepare::<C>(inputs.each_ref().map(FloatTensor::<Autodiff<B, C>>::node)).compute_bound().stateful();
    let (output, kept) = operation.forward(inputs.map(FloatTensor::<Autodiff<B, C>>::into_primitive));
    match prepared {
        OpsKind::Tracked(prepared) => prepared.finish((operation, kept), output),
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    }
}

#[derive(Debug)]
struct WayBack<O>(PhantomData<O>);

impl<B: Backend, O: Operation<B, N>, const N: usize> Backward<B, N> for WayBack<O> {
    type State = (O, O::Kept);

    fn backward(self, ops: Ops<Self::State, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (operation, kept) = ops.state;
        let gradients = operation.gradients(grads.consume::<B>(&ops.node), kept);
        for (node, gradient) in ops.parents.into_iter().zip(gradients) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}
