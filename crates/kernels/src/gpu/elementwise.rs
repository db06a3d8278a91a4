//! Kernels with one independent thread per element.

use std::hash::Hash;

use burn_cubecl::tensor::CubeTensor;

use super::{Kernel, bindings, launch};

/// Threads of a workgroup.
pub(crate) const WORKGROUP_SIZE: usize = 64;
/// The most workgroups along one side of a dispatch: WebGPU's limit.
pub(crate) const MAX_WORKGROUPS: usize = 65_535;

/// Workgroups for `threads` threads, along x and y.
pub(crate) fn workgroup_count(threads: usize) -> [u32; 3] {
    let workgroups = threads.div_ceil(WORKGROUP_SIZE);
    [workgroups.min(MAX_WORKGROUPS), workgroups.div_ceil(MAX_WORKGROUPS), 1].map(|count| count as u32)
}

/// A kernel with one thread per element.
pub(crate) trait Elementwise: Copy + Hash + Send + Sync + 'static {
    /// Number of threads.
    fn threads(&self) -> usize;

    /// Names of the buffers.
    fn names(&self) -> &'static [&'static str];

    /// Statements of a thread; `index` is its number.
    fn body(&self) -> String;
}

/// Launches the kernel on `buffers`, in the order of its names.
pub(crate) fn launch_elementwise<E: Elementwise>(elementwise: E, buffers: &[&CubeTensor]) {
    let kernel = Kernel::new(elementwise, [WORKGROUP_SIZE as u32, 1], |elementwise| {
        format!(
            "{}
@compute @workgroup_size({WORKGROUP_SIZE})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {{
let index = (group.y * {MAX_WORKGROUPS}u + group.x) * {WORKGROUP_SIZE}u + thread;
if (index >= {}u) {{ return; }}
{}
}}
",
            bindings(elementwise.names().iter().copied()),
            elementwise.threads(),
            elementwise.body(),
        )
    });
    launch(kernel, workgroup_count(elementwise.threads()), buffers);
}
