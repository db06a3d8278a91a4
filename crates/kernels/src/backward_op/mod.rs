//! Backward operations in Burn's autodiff graph, one per operation: each registers the gradients of its inputs.

mod layer_operation;
mod operation;

pub(crate) use self::{
    layer_operation::{LayerOperation, forward},
    operation::{Operation, apply_operation},
};
