//! Pieces of WGSL that kernels share.

use std::fmt::Write as _;

use crate::{Activation, cpu::LEAK};

/// Declares buffers of numbers.
pub(crate) fn bindings<'a>(names: impl Iterator<Item = &'a str>) -> String {
    typed_bindings(names.map(|name| (name, "f32")))
}

/// Declares buffers, each with the type of what it holds.
pub(crate) fn typed_bindings<'a>(buffers: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (binding, (name, of)) in buffers.enumerate() {
        let _ = writeln!(text, "@group(0) @binding({binding}) var<storage, read_write> {name}: array<{of}>;");
    }
    text
}

/// Adds up a number of each of `threads` threads, a power of two, in workgroup memory `partial`: the sum is in its first
/// place then.
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

/// The statement, where the conditions that there are hold.
///
/// Conditions are joined without short circuit, here and elsewhere: each `&&` is a branch, and SwiftShader did not compile
/// a kernel of 64 within two minutes, after which Chromium ended its GPU process.
pub(super) fn guarded(conditions: [Option<String>; 3], statement: &str) -> String {
    let conditions: Vec<_> = conditions.into_iter().flatten().collect();
    if conditions.is_empty() {
        format!("{statement}\n")
    } else {
        format!("if (({})) {{ {statement} }}\n", conditions.join(") & ("))
    }
}

/// The activation of `z`.
pub(crate) fn apply(activation: Activation, z: &str) -> String {
    match activation {
        Activation::Linear => z.into(),
        Activation::Relu => format!("max({z}, 0.0)"),
        Activation::LeakyRelu => format!("max({z}, {LEAK} * {z})"),
        Activation::Elu => format!("select(exp(min({z}, 0.0)) - 1.0, {z}, {z} > 0.0)"),
        // Saturates where the exponential would overflow.
        Activation::Tanh => format!("tanh(clamp({z}, -15.0, 15.0))"),
        Activation::Sigmoid => format!("1.0 / (1.0 + exp(-{z}))"),
    }
}

/// The derivative where the activation has the value `y`.
pub(crate) fn derivative(activation: Activation) -> String {
    match activation {
        Activation::Linear => "1.0".into(),
        Activation::Relu => "select(0.0, 1.0, y > 0.0)".into(),
        Activation::LeakyRelu => format!("select({LEAK}, 1.0, y > 0.0)"),
        Activation::Elu => "select(y + 1.0, 1.0, y > 0.0)".into(),
        Activation::Tanh => "1.0 - y * y".into(),
        Activation::Sigmoid => "y * (1.0 - y)".into(),
    }
}
