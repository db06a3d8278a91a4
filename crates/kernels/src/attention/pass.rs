//! The text of attention's kernels.

use super::Sizes;
use crate::gpu::Each;

/// One of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Pass {
    /// What every query takes of every key: a thread for each query of each head.
    Shares(Sizes),
    /// What is gathered: a thread for each number of it.
    Gather(Sizes),
    /// Gradient of the fit of query and key, from which shares come: a thread for each query of each head.
    FitGradient(Sizes),
    /// Gradient of queries, keys and values: a thread for each number of it.
    ProjectedGradient(Sizes),
}

impl Each for Pass {
    fn threads(&self) -> usize {
        match self {
            Self::Shares(sizes) | Self::FitGradient(sizes) => sizes.samples * sizes.heads * sizes.steps,
            Self::Gather(sizes) => sizes.gathered_shape().iter().product(),
            Self::ProjectedGradient(sizes) => sizes.projected_shape().iter().product(),
        }
    }

    fn names(&self) -> &'static [&'static str] {
        let all = &["projected", "shares", "gradient", "fits", "result"];
        match self {
            Self::Shares(_) => &all[..2],
            Self::Gather(_) => &["projected", "shares", "gathered"],
            Self::FitGradient(_) => &all[..4],
            Self::ProjectedGradient(_) => all,
        }
    }

    fn body(&self) -> String {
        match self {
            Self::Shares(sizes) => shares(sizes),
            Self::Gather(sizes) => gather(sizes),
            Self::FitGradient(sizes) => fit_gradient(sizes),
            Self::ProjectedGradient(sizes) => projected_gradient(sizes),
        }
    }
}

/// Which query of which head of which sample a thread has; where the head begins in the sample's first step, and where
/// the query's row of shares begins.
fn query(sizes: &Sizes) -> String {
    let Sizes { heads, steps, .. } = *sizes;
    let (per_head, sample) = (sizes.per_head(), steps * heads);
    format!(
        "let query = index % {steps}u;
let column = index / {steps}u % {heads}u * {per_head}u;
let step = index / {sample}u * {steps}u;
let row = index * {steps}u;
"
    )
}

fn shares(sizes: &Sizes) -> String {
    let Sizes { steps, width, .. } = *sizes;
    let (query, per_head, scale, stride) = (query(sizes), sizes.per_head(), sizes.scale(), 3 * width);
    format!(
        "{query}let q = (step + query) * {stride}u + column;
var largest = -3.4e38;
for (var key = 0u; key < {steps}u; key++) {{
let k = (step + key) * {stride}u + {width}u + column;
var fit = 0.0;
for (var i = 0u; i < {per_head}u; i++) {{ fit = fma(projected[q + i], projected[k + i], fit); }}
fit *= {scale:e};
shares[row + key] = fit;
largest = max(largest, fit);
}}
var sum = 0.0;
for (var key = 0u; key < {steps}u; key++) {{
let share = exp(shares[row + key] - largest);
shares[row + key] = share;
sum += share;
}}
for (var key = 0u; key < {steps}u; key++) {{ shares[row + key] /= sum; }}
"
    )
}

fn gather(sizes: &Sizes) -> String {
    let Sizes { heads, steps, width, .. } = *sizes;
    let (per_head, stride) = (sizes.per_head(), 3 * width);
    format!(
        "let column = index % {width}u;
let step = index / {width}u % {steps}u;
let sample = index / {}u;
let row = ((sample * {heads}u + column / {per_head}u) * {steps}u + step) * {steps}u;
let value = sample * {}u + {}u + column;
var sum = 0.0;
for (var key = 0u; key < {steps}u; key++) {{
sum = fma(shares[row + key], projected[value + key * {stride}u], sum);
}}
gathered[index] = sum;
",
        width * steps,
        steps * stride,
        2 * width,
    )
}

fn fit_gradient(sizes: &Sizes) -> String {
    let Sizes { steps, width, .. } = *sizes;
    let (query, per_head, scale, stride) = (query(sizes), sizes.per_head(), sizes.scale(), 3 * width);
    format!(
        "{query}let gathered = (step + query) * {width}u + column;
var taken = 0.0;
for (var key = 0u; key < {steps}u; key++) {{
let value = (step + key) * {stride}u + {}u + column;
var share = 0.0;
for (var i = 0u; i < {per_head}u; i++) {{ share = fma(gradient[gathered + i], projected[value + i], share); }}
fits[row + key] = share;
taken = fma(share, shares[row + key], taken);
}}
for (var key = 0u; key < {steps}u; key++) {{
fits[row + key] = shares[row + key] * (fits[row + key] - taken) * {scale:e};
}}
",
        2 * width,
    )
}

fn projected_gradient(sizes: &Sizes) -> String {
    let Sizes { heads, steps, width, .. } = *sizes;
    let (per_head, stride, square) = (sizes.per_head(), 3 * width, steps * steps);
    format!(
        "let part = index % {stride}u / {width}u;
let column = index % {width}u;
let step = index / {stride}u % {steps}u;
let sample = index / {}u;
let square = (sample * {heads}u + column / {per_head}u) * {square}u;
let start = sample * {}u + column;
var sum = 0.0;
for (var other = 0u; other < {steps}u; other++) {{
if (part == 0u) {{
sum = fma(fits[square + step * {steps}u + other], projected[start + other * {stride}u + {width}u], sum);
}} else if (part == 1u) {{
sum = fma(fits[square + other * {steps}u + step], projected[start + other * {stride}u], sum);
}} else {{
sum = fma(shares[square + other * {steps}u + step], gradient[(sample * {steps}u + other) * {width}u + column], sum);
}}
}}
result[index] = sum;
",
        stride * steps,
        steps * stride,
    )
}
