//! Pieces of WGSL that kernels share.

use std::fmt::Write as _;

use crate::activation::{Activation, LEAKY_SLOPE};

/// Declarations of buffers of 32-bit numbers.
pub(crate) fn bindings<'a>(names: impl Iterator<Item = &'a str>) -> String {
    typed_bindings(names.map(|name| (name, "f32")))
}

/// Declarations of buffers, each with its name and the type of its elements.
pub(crate) fn typed_bindings<'a>(buffers: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut wgsl = String::new();
    for (binding, (name, element)) in buffers.enumerate() {
        let _ = writeln!(wgsl, "@group(0) @binding({binding}) var<storage, read_write> {name}: array<{element}>;");
    }
    wgsl
}

/// Statements that add up `number` over the `threads` of a workgroup, a power of two, into `partial[0]` of workgroup
/// memory.
pub(crate) fn reduce(number: &str, threads: usize) -> String {
    format!(
        "partial[index] = {number};
    for (var width = {}u; width > 0u; width /= 2u) {{
        workgroupBarrier();
        if (index < width) {{ partial[index] += partial[index + width]; }}
    }}
    workgroupBarrier();",
        threads / 2
    )
}

/// The statement, executed where all conditions hold.
///
/// Conditions are joined without short circuit, here and elsewhere: each `&&` is a branch, and SwiftShader did not
/// compile a kernel of 64 within two minutes, after which Chromium ended its GPU process.
pub(super) fn guarded(conditions: [Option<String>; 3], statement: &str) -> String {
    let conditions: Vec<_> = conditions.into_iter().flatten().collect();
    if conditions.is_empty() {
        format!("{statement}\n")
    } else {
        format!("if (({})) {{ {statement} }}\n", conditions.join(") & ("))
    }
}

/// Expression of the activation of `z`.
pub(crate) fn apply(activation: Activation, z: &str) -> String {
    match activation {
        Activation::Linear => z.into(),
        Activation::Relu => format!("max({z}, 0.0)"),
        Activation::LeakyRelu => format!("max({z}, {LEAKY_SLOPE} * {z})"),
        Activation::Elu => format!("select(exp(min({z}, 0.0)) - 1.0, {z}, {z} > 0.0)"),
        // Clamped, as the exponential would overflow beyond.
        Activation::Tanh => format!("tanh(clamp({z}, -15.0, 15.0))"),
        Activation::Sigmoid => format!("1.0 / (1.0 + exp(-{z}))"),
    }
}

/// Expression of the derivative where the activation has the value `y`.
pub(crate) fn derivative(activation: Activation, y: &str) -> String {
    match activation {
        Activation::Linear => "1.0".into(),
        Activation::Relu => format!("select(0.0, 1.0, {y} > 0.0)"),
        Activation::LeakyRelu => format!("select({LEAKY_SLOPE}, 1.0, {y} > 0.0)"),
        Activation::Elu => format!("select({y} + 1.0, 1.0, {y} > 0.0)"),
        Activation::Tanh => format!("1.0 - {y} * {y}"),
        Activation::Sigmoid => format!("{y} * (1.0 - {y})"),
    }
}
