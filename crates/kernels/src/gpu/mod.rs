//! What operations share on the GPU: kernels written in WGSL for one shape, launched through Burn's own client so that they
//! take their turn among Burn's.

mod elementwise;
mod kernel;
pub(crate) mod matmul;
mod sum;
mod through_activation;
mod tile;
mod wgsl;

pub(crate) use elementwise::{Elementwise, MAX_WORKGROUPS, WORKGROUP_SIZE, launch_elementwise, workgroup_count};
pub(crate) use kernel::{Kernel, contiguous, empty, launch};
pub(crate) use sum::{channel_sums, sum_over_first};
pub(crate) use through_activation::through_activation;
pub(crate) use tile::samples_per_workgroup;
pub use tile::{Adapter, set_adapter};
pub(crate) use wgsl::{apply, bindings, derivative, reduce, typed_bindings};
