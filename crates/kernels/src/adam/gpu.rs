//! Adam on the GPU: one kernel a tensor.

use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::AdamOps;
use crate::gpu::{Kernel, WORKGROUP, WORKGROUPS, bindings, launch, rows, spread};

/// Values that a thread works on, `WORKGROUP` apart, so that neighbours read what lies together.
const VALUES: usize = 4;

impl AdamOps for CubeBackend {
    fn adam_step(
        parameter: CubeTensor,
        gradient: CubeTensor,
        first: CubeTensor,
        second: CubeTensor,
        scalars: CubeTensor,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let [parameter, first, second] = [parameter, first, second].map(own);
        let gradient = rows(gradient);
        let length = parameter.meta.shape().num_elements();
        let kernel = Kernel::new(length, [WORKGROUP as u32, 1], |&length| text(length));
        launch(kernel, spread(length.div_ceil(VALUES)), &[&parameter, &gradient, &first, &second, &scalars]);
        (parameter, first, second)
    }
}

/// The tensor to be written to: itself if nothing else holds it, else a copy.
fn own(tensor: CubeTensor) -> CubeTensor {
    let tensor = rows(tensor);
    if tensor.can_mut() { tensor } else { tensor.copy() }
}

fn text(length: usize) -> String {
    let bindings = bindings(["parameter", "gradient", "first", "second", "scalars"].into_iter());
    format!(
        "{bindings}
@compute @workgroup_size({WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {{
    let start = (group.y * {WORKGROUPS}u + group.x) * {}u + index;
    for (var i = start; i < min(start + {}u, {length}u); i += {WORKGROUP}u) {{
        let g = gradient[i] + scalars[3] * parameter[i];
        let m = scalars[4] * first[i] + (1.0 - scalars[4]) * g;
        let v = scalars[5] * second[i] + (1.0 - scalars[5]) * g * g;
        first[i] = m;
        second[i] = v;
        parameter[i] = scalars[2] * parameter[i] - scalars[0] * m / (sqrt(v) * scalars[1] + scalars[6]);
    }}
}}
",
        WORKGROUP * VALUES,
        WORKGROUP * VALUES,
    )
}
