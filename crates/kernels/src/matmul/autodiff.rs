//! The backward pass of products of matrices: two more of them.

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
        lhs: FloatTensor<Self>,
        rhs: FloatTensor<Self>,
        orientations: [Orientation; 2],
    ) -> FloatTensor<Self> {
        match BackwardOp.prepare::<C>([lhs.node(), rhs.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let operands = [prep.checkpoint(&lhs), prep.checkpoint(&rhs)];
                let output = B::matmul_oriented(lhs.into_primitive(), rhs.into_primitive(), orientations);
                prep.finish((orientations, operands), output)
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(B::matmul_oriented(lhs.into_primitive(), rhs.into_primitive(), orientations))
            }
        }
    }
}

#[derive(Debug)]
struct BackwardOp;

impl<B: MatmulOps> Backward<B, 2> for BackwardOp {
    /// Orientations of lhs and rhs; both, saved or computed anew.
    type State = ([Orientation; 2], [NodeId; 2]);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        use Orientation::{AsIs, Transposed};

        let [lhs_node, rhs_node] = ops.parents;
        let ([lhs_orientation, rhs_orientation], [lhs, rhs]) = ops.state;
        let gradient = grads.consume::<B>(&ops.node);
        let lhs: FloatTensor<B> = checkpointer.retrieve_node_output(lhs);
        let rhs: FloatTensor<B> = checkpointer.retrieve_node_output(rhs);
        // Each gradient has the orientation of its operand.
        if let Some(node) = lhs_node {
            let (gradient, rhs) = (gradient.clone(), rhs);
            let operand_gradient = match lhs_orientation {
                AsIs => B::matmul_oriented(gradient, rhs, [AsIs, rhs_orientation.flipped()]),
                Transposed => B::matmul_oriented(rhs, gradient, [rhs_orientation, Transposed]),
            };
            grads.register::<B>(node.id, operand_gradient);
        }
        if let Some(node) = rhs_node {
            let operand_gradient = match rhs_orientation {
                AsIs => B::matmul_oriented(lhs, gradient, [lhs_orientation.flipped(), AsIs]),
                Transposed => B::matmul_oriented(gradient, lhs, [Transposed, lhs_orientation]),
            };
            grads.register::<B>(node.id, operand_gradient);
        }
    }
}
