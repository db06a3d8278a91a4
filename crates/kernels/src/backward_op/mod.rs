//! Backward operations in Burn's autodiff graph, one per operation: each registers the gradients of its inputs.

mod layer;
mod operation;

pub(crate) use self::{
    layer::{Layer, forward},
    operation::{Operation, operate},
};
