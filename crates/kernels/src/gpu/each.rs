//! Kernels with a thread for each of many numbers that know nothing of each other.

use std::hash::Hash;

use burn_cubecl::tensor::CubeTensor;

use super::{Kernel, bindings, launch};

/// Threads of a workgroup.
pub(crate) const WORKGROUP: usize = 64;
/// WebGPU's bound on workgroups along one side.
pub(crate) const WORKGROUPS: usize = 65_535;

/// Workgroups for so many threads.
pub(crate) fn spread(threads: usize) -> [u32; 3] {
    let workgroups = threads.div_ceil(WORKGROUP);
    [workgroups.min(WORKGROUPS), workgroups.div_ceil(WORKGROUPS), 1].map(|count| count as u32)
}

/// What every thread of a kernel does.
pub(crate) trait Each: Copy + Hash + Send + Sync + 'static {
    fn threads(&self) -> usize;

    /// Names of the buffers.
    fn names(&self) -> &'static [&'static str];

    /// Statements; `index` is the thread's number.
    fn body(&self) -> String;
}

/// Launches a thread for each.
pub(crate) fn launch_each<E: Each>(each: E, buffers: &[&CubeTensor]) {
    let kernel = Kernel::new(each, [WORKGROUP as u32, 1], |each| {
        format!(
            "{}
@compute @workgroup_size({WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {{
let index = (group.y * {WORKGROUPS}u + group.x) * {WORKGROUP}u + thread;
if (index >= {}u) {{ return; }}
{}
}}
",
            bindings(each.names().iter().copied()),
            each.threads(),
            each.body(),
        )
    });
    launch(kernel, spread(each.threads()), buffers);
}
