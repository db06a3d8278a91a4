//! Shared code of the operations on the GPU: kernels written in WGSL for one shape, launched through Burn's own client
//! so that they take their turn among Burn's.

mod elementwise;
mod kernel;
pub(crate) mod matmul;
mod sum;
mod through_activation;
mod tile;
mod wgsl;

pub(crate) use self::elementwise::{Elementwise, MAX_WORKGROUPS, WORKGROUP_SIZE, launch_elementwise, workgroup_count};
pub(crate) use self::kernel::{Kernel, contiguous, empty, launch};
pub(crate) use self::sum::{channel_sums, sum_over_first};
pub(crate) use self::through_activation::through_activation;
pub(crate) use self::tile::samples_per_workgroup;
pub use self::tile::{Adapter, set_adapter};
pub(crate) use self::wgsl::{apply, bindings, derivative, reduce, typed_bindings};
