//! Kernels written in WGSL, launched through Burn's own client so that they take their turn among Burn's.

mod each;
mod kernel;
mod mask;
pub(crate) mod product;
mod sum;
mod text;
mod tile;

pub(crate) use each::{Each, WORKGROUP, WORKGROUPS, launch_each, spread};
pub(crate) use kernel::{Kernel, empty, launch, rows};
pub(crate) use mask::before;
pub(crate) use sum::{channel_sums, sum_over_first};
pub(crate) use text::{apply, bindings, derivative, reduce, typed_bindings};
pub(crate) use tile::lanes;
pub use tile::{Adapter, set_adapter};
