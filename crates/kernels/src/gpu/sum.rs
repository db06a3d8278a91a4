//! Sums over axes.

use burn_cubecl::tensor::CubeTensor;

use super::{Kernel, WORKGROUP_SIZE, bindings, derivative, launch, reduce};
use crate::Activation;

/// Writes the sum of the rows of `parts` [count, length] into `whole` `[length]`.
pub(crate) fn sum_over_first(parts: &CubeTensor, whole: &CubeTensor) {
    let [count, length] = parts.meta.shape().dims();
    let kernel = Kernel::new(("first", [count, length]), [WORKGROUP_SIZE as u32, 1], |&(_, [count, length])| {
        let bindings = bindings(["parts", "whole"].into_iter());
        format!(
            "{bindings}
@compute @workgroup_size({WORKGROUP_SIZE})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {{
    let i = id.x;
    if (i >= {length}u) {{ return; }}
    var sum = 0.0;
    for (var part = 0u; part < {count}u; part++) {{ sum += parts[part * {length}u + i]; }}
    whole[i] = sum;
}}
"
        )
    });
    launch(kernel, [length.div_ceil(WORKGROUP_SIZE) as u32, 1, 1], &[parts, whole]);
}

/// Writes the sum of each channel of `gradient` [samples, channels x positions] into `sums` `[channels]`. Where there is
/// an `output` y of `activation`, the gradient is that of y, and the sums are those of the gradient of the activation's
/// input.
pub(crate) fn channel_sums(
    gradient: &CubeTensor,
    output: Option<&CubeTensor>,
    activation: Activation,
    sums: &CubeTensor,
) {
    let [samples, numbers] = gradient.meta.shape().dims();
    let channels = sums.meta.shape().num_elements();
    let activation = output.map(|_| activation);
    let spec = ([samples, channels, numbers / channels], activation);
    let kernel =
        Kernel::new(spec, [WORKGROUP_SIZE as u32, 1], |&(sizes, activation)| channel_sums_wgsl(sizes, activation));
    let mut buffers = vec![gradient, sums];
    buffers.extend(output);
    launch(kernel, [channels as u32, 1, 1], &buffers);
}

/// One workgroup per channel.
fn channel_sums_wgsl([samples, channels, positions]: [usize; 3], activation: Option<Activation>) -> String {
    let names = ["gradient", "sums"].into_iter().chain(activation.map(|_| "y"));
    let (bindings, reduce) = (bindings(names), reduce("sum", WORKGROUP_SIZE));
    let value = match activation {
        Some(activation) => format!("let value = y[at]; sum += gradient[at] * ({});", derivative(activation, "value")),
        None => "sum += gradient[at];".into(),
    };
    format!(
        "{bindings}
var<workgroup> partial: array<f32, {WORKGROUP_SIZE}>;
@compute @workgroup_size({WORKGROUP_SIZE})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {{
    var sum = 0.0;
    for (var i = index; i < {}u; i += {WORKGROUP_SIZE}u) {{
        let at = (i / {positions}u * {channels}u + group.x) * {positions}u + i % {positions}u;
        {value}
    }}
    {reduce}
    if (index == 0u) {{ sums[group.x] = partial[0]; }}
}}
",
        samples * positions
    )
}
