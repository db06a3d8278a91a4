//! The way back through products of matrices: two more of them.

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

use super::{MatmulOps, Orientation};

impl<B: MatmulOps, C: CheckpointStrategy> MatmulOps for Autodiff<B, C> {
    fn matmul_oriented(
        left: FloatTensor<Self>,
        right: FloatTensor<Self>,
        orientations: [Orientation; 2],
    ) -> FloatTensor<Self> {
        match WayBack.prepare::<C>([left.node(), right.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let read = [prep.checkpoint(&left), prep.checkpoint(&right)];
                let output = B::matmul_oriented(left.into_primitive(), right.into_primitive(), orientations);
                prep.finish((orientations, read), output)
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(B::matmul_oriented(left.into_primitive(), right.into_primitive(), orientations))
            }
        }
    }
}

#[derive(Debug)]
struct WayBack;

impl<B: MatmulOps> Backward<B, 2> for WayBack {
    /// How both sides lie; both, kept or computed anew.
    type State = ([Orientation; 2], [NodeId; 2]);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        use Orientation::{AsIs, Transposed};

        let [left_node, right_node] = ops.parents;
        let ([of_left, of_right], [left, right]) = ops.state;
        let gradient = grads.consume::<B>(&ops.node);
        let left: FloatTensor<B> = checkpointer.retrieve_node_output(left);
        let right: FloatTensor<B> = checkpointer.retrieve_node_output(right);
        // Each gradient lies as its side does.
        if let Some(node) = left_node {
            let (gradient, right) = (gradient.clone(), right);
            let of_gradient = match of_left {
                AsIs => B::matmul_oriented(gradient, right, [AsIs, of_right.flipped()]),
                Transposed => B::matmul_oriented(right, gradient, [of_right, Transposed]),
            };
            grads.register::<B>(node.id, of_gradient);
        }
        if let Some(node) = right_node {
            let of_gradient = match of_right {
                AsIs => B::matmul_oriented(left, gradient, [of_left.flipped(), AsIs]),
                Transposed => B::matmul_oriented(gradient, left, [Transposed, of_left]),
            };
            grads.register::<B>(node.id, of_gradient);
        }
    }
}
