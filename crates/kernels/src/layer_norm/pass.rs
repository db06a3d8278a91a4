//! The text of layer normalisation's kernels.

use super::EPSILON;
use crate::gpu::{Each, WORKGROUP, bindings, reduce};

/// A thread for each row of [rows, width].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Pass {
    Forward([usize; 2]),
    /// The gradient of what is normalised.
    Backward([usize; 2]),
}

impl Each for Pass {
    fn threads(&self) -> usize {
        let (Self::Forward([rows, _]) | Self::Backward([rows, _])) = self;
        *rows
    }

    fn names(&self) -> &'static [&'static str] {
        match self {
            Self::Forward(_) => &["input", "added", "gamma", "beta", "output", "normal", "scales"],
            Self::Backward(_) => &["gradient", "gamma", "normal", "scales", "result"],
        }
    }

    fn body(&self) -> String {
        match self {
            Self::Forward([_, width]) => format!(
                "let row = index * {width}u;
var sum = 0.0;
for (var i = 0u; i < {width}u; i++) {{
let value = input[row + i] + added[row + i];
normal[row + i] = value;
sum += value;
}}
let mean = sum / {width}.0;
var squares = 0.0;
for (var i = 0u; i < {width}u; i++) {{
let value = normal[row + i] - mean;
squares = fma(value, value, squares);
}}
let scale = 1.0 / sqrt(squares / {width}.0 + {EPSILON:e});
scales[index] = scale;
for (var i = 0u; i < {width}u; i++) {{
let value = (normal[row + i] - mean) * scale;
normal[row + i] = value;
output[row + i] = fma(value, gamma[i], beta[i]);
}}"
            ),
            Self::Backward([_, width]) => format!(
                "let row = index * {width}u;
var along_mean = 0.0;
var along_normal = 0.0;
for (var i = 0u; i < {width}u; i++) {{
let value = gradient[row + i] * gamma[i];
along_mean += value;
along_normal = fma(value, normal[row + i], along_normal);
}}
for (var i = 0u; i < {width}u; i++) {{
let moved = (along_mean + normal[row + i] * along_normal) / {width}.0;
result[row + i] = (gradient[row + i] * gamma[i] - moved) * scales[index];
}}"
            ),
        }
    }
}

/// Gradients of gamma and beta, of [rows, width]: a workgroup for each column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ColumnSums(pub [usize; 2]);

impl ColumnSums {
    pub fn text(&self) -> String {
        let Self([rows, width]) = self;
        format!(
            "{}
var<workgroup> partial: array<f32, {WORKGROUP}>;
@compute @workgroup_size({WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {{
var of_gamma = 0.0;
var of_beta = 0.0;
for (var row = index; row < {rows}u; row += {WORKGROUP}u) {{
let at = row * {width}u + group.x;
of_gamma = fma(gradient[at], normal[at], of_gamma);
of_beta += gradient[at];
}}
{}
if (index == 0u) {{ gamma[group.x] = partial[0]; }}
{}
if (index == 0u) {{ beta[group.x] = partial[0]; }}
}}
",
            bindings(["gradient", "normal", "gamma", "beta"].into_iter()),
            reduce("of_gamma", WORKGROUP),
            reduce("of_beta", WORKGROUP),
        )
    }
}
