//! The backward pass of a mean loss.

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

use super::{Loss, LossGradients, LossOps};
use crate::Activation;

impl<B: LossGradients, C: CheckpointStrategy> LossOps for Autodiff<B, C> {
    fn mean_loss(
        z: FloatTensor<Self>,
        target: FloatTensor<Self>,
        activation: Activation,
        loss: Loss,
    ) -> FloatTensor<Self> {
        let target = target.into_primitive();
        match BackwardOp.prepare::<C>([z.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let saved = prep.checkpoint(&z);
                let mean = B::mean_loss(z.into_primitive(), target.clone(), activation, loss);
                prep.finish((saved, target, activation, loss), mean)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::mean_loss(z.into_primitive(), target, activation, loss)),
        }
    }
}

#[derive(Debug)]
struct BackwardOp;

impl<B: LossGradients> Backward<B, 1> for BackwardOp {
    /// The pre-activation, saved or computed anew; the target.
    type State = (NodeId, FloatTensor<B>, Activation, Loss);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let [node] = ops.parents;
        let (z, target, activation, loss) = ops.state;
        let gradient = grads.consume::<B>(&ops.node);
        let z: FloatTensor<B> = checkpointer.retrieve_node_output(z);
        if let Some(node) = node {
            grads.register::<B>(node.id, B::mean_loss_gradient(gradient, z, target, activation, loss));
        }
    }
}
