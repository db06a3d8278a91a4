//! Sums over some axes.

use burn_cubecl::tensor::CubeTensor;

use super::{
    Kernel, bindings, launch,
    text::{derivative, reduce},
};
use crate::Activation;

const WORKGROUP: usize = 64;

/// `whole` becomes the sum of the rows of `parts`, [count, length].
pub(crate) fn sum_over_first(parts: &CubeTensor, whole: &CubeTensor) {
    let [count, length] = parts.meta.shape().dims();
    let kernel = Kernel::new(("first", [count, length]), [WORKGROUP as u32, 1], |&(_, [count, length])| {
        let bindings = bindings(["parts", "whole"].into_iter());
        format!(
            "{bindings}
@compute @workgroup_size({WORKGROUP})
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
    launch(kernel, [length.div_ceil(WORKGROUP) as u32, 1, 1], &[parts, whole]);
}

/// `sums`, [channels], becomes the sum of each channel of `gradient`, [samples, channels x places], before the activation
/// whose result is `activated`, if it has one to go back through.
pub(crate) fn channel_sums(
    gradient: &CubeTensor,
    activated: Option<&CubeTensor>,
    activation: Activation,
    sums: &CubeTensor,
) {
    let [samples, numbers] = gradient.meta.shape().dims();
    let channels = sums.meta.shape().num_elements();
    let through = activated.map(|_| activation);
    let spec = ([samples, channels, numbers / channels], through);
    let kernel = Kernel::new(spec, [WORKGROUP as u32, 1], |&(sizes, through)| channel_text(sizes, through));
    let mut buffers = vec![gradient, sums];
    buffers.extend(activated);
    launch(kernel, [channels as u32, 1, 1], &buffers);
}

/// A workgroup for each channel.
fn channel_text([samples, channels, places]: [usize; 3], through: Option<Activation>) -> String {
    let names = ["gradient", "sums"].into_iter().chain(through.map(|_| "activated"));
    let (bindings, reduce) = (bindings(names), reduce("sum", WORKGROUP));
    let value = match through {
        Some(activation) => format!("let y = activated[at]; sum += gradient[at] * ({});", derivative(activation)),
        None => "sum += gradient[at];".into(),
    };
    format!(
        "{bindings}
var<workgroup> partial: array<f32, {WORKGROUP}>;
@compute @workgroup_size({WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {{
    var sum = 0.0;
    for (var i = index; i < {}u; i += {WORKGROUP}u) {{
        let at = (i / {places}u * {channels}u + group.x) * {places}u + i % {places}u;
        {value}
    }}
    {reduce}
    if (index == 0u) {{ sums[group.x] = partial[0]; }}
}}
",
        samples * places
    )
}
