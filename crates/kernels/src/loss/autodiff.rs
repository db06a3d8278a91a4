//! The way back from a mean loss.

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

use super::{Loss, LossOps};
use crate::Activation;

impl<B: LossOps, C: CheckpointStrategy> LossOps for Autodiff<B, C> {
    fn loss_mean(
        sums: FloatTensor<Self>,
        target: FloatTensor<Self>,
        activation: Activation,
        loss: Loss,
    ) -> FloatTensor<Self> {
        let target = target.into_primitive();
        match WayBack.prepare::<C>([sums.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let read = prep.checkpoint(&sums);
                let mean = B::loss_mean(sums.into_primitive(), target.clone(), activation, loss);
                prep.finish((read, target, activation, loss), mean)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::loss_mean(sums.into_primitive(), target, activation, loss)),
        }
    }

    fn loss_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Activation,
        _: Loss,
    ) -> FloatTensor<Self> {
        unreachable!("Burn goes back once: a gradient has no gradient")
    }
}

#[derive(Debug)]
struct WayBack;

impl<B: LossOps> Backward<B, 1> for WayBack {
    /// The sums, kept or computed anew; the target.
    type State = (NodeId, FloatTensor<B>, Activation, Loss);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let [node] = ops.parents;
        let (sums, target, activation, loss) = ops.state;
        let gradient = grads.consume::<B>(&ops.node);
        let sums: FloatTensor<B> = checkpointer.retrieve_node_output(sums);
        if let Some(node) = node {
            grads.register::<B>(node.id, B::loss_gradient(gradient, sums, target, activation, loss));
        }
    }
}
