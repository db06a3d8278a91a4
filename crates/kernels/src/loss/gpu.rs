//! A mean loss on the GPU: partial sums and their sum forward, one kernel back.

use burn::tensor::Shape;
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{HUBER_DELTA, Loss, LossOps};
use crate::{
    Activation,
    gpu::{
        Each, Kernel, WORKGROUP, apply, bindings, derivative, empty, launch, launch_each, reduce, rows, sum_over_first,
    },
};

/// Numbers below which another workgroup costs more to add up than it saves.
const SHARE: usize = 8 * WORKGROUP;
/// Workgroups at most, for one thread adds up what they have found.
const MOST_PARTS: usize = 64;

impl LossOps for CubeBackend {
    fn loss_mean(sums: CubeTensor, target: CubeTensor, activation: Activation, loss: Loss) -> CubeTensor {
        let (sums, target) = (rows(sums), rows(target));
        let count = sums.meta.shape().num_elements();
        let groups = count.div_ceil(SHARE).clamp(1, MOST_PARTS);
        let parts = empty(&sums, Shape::new([groups, 1]));
        let spec = (Rule { activation, loss, count }, groups);
        let kernel = Kernel::new(spec, [WORKGROUP as u32, 1], |(rule, groups)| rule.mean_text(*groups));
        launch(kernel, [groups as u32, 1, 1], &[&sums, &target, &parts]);
        let mean = empty(&sums, Shape::new([1]));
        sum_over_first(&parts, &mean);
        mean
    }

    fn loss_gradient(
        gradient: CubeTensor,
        sums: CubeTensor,
        target: CubeTensor,
        activation: Activation,
        loss: Loss,
    ) -> CubeTensor {
        let [gradient, sums, target] = [gradient, sums, target].map(rows);
        let count = sums.meta.shape().num_elements();
        let slopes = empty(&sums, sums.meta.shape().clone());
        launch_each(Rule { activation, loss, count }, &[&gradient, &sums, &target, &slopes]);
        slopes
    }
}

/// What is a mean of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Rule {
    activation: Activation,
    loss: Loss,
    count: usize,
}

impl Rule {
    /// Each of `groups` workgroups adds up its part.
    fn mean_text(self, groups: usize) -> String {
        let Self { activation, loss, count } = self;
        let (bindings, reduce) = (bindings(["sums", "known", "parts"].into_iter()), reduce("sum", WORKGROUP));
        let (prediction, value, part) = (apply(activation, "sums[i]"), value(loss), count.div_ceil(groups));
        format!(
            "{bindings}
var<workgroup> partial: array<f32, {WORKGROUP}>;
@compute @workgroup_size({WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {{
    var sum = 0.0;
    let start = group.x * {part}u;
    for (var i = start + index; i < min(start + {part}u, {count}u); i += {WORKGROUP}u) {{
        let y = {prediction};
        let t = known[i];
        sum += {value};
    }}
    {reduce}
    if (index == 0u) {{ parts[group.x] = partial[0] / {count}.0; }}
}}
"
        )
    }
}

/// The gradient before the activation, number by number.
impl Each for Rule {
    fn threads(&self) -> usize {
        self.count
    }

    fn names(&self) -> &'static [&'static str] {
        &["gradient", "sums", "known", "slopes"]
    }

    fn body(&self) -> String {
        let Self { activation, loss, count } = *self;
        let (prediction, slope, derivative) = (apply(activation, "sums[index]"), slope(loss), derivative(activation));
        format!(
            "let y = {prediction};
let t = known[index];
slopes[index] = gradient[0] / {count}.0 * ({slope}) * ({derivative});"
        )
    }
}

/// The loss of prediction `y` and target `t`.
fn value(loss: Loss) -> String {
    match loss {
        Loss::Squared => "(y - t) * (y - t)".into(),
        Loss::Absolute => "abs(y - t)".into(),
        Loss::Huber => {
            let capped = format!("min(abs(y - t), {HUBER_DELTA})");
            format!("{capped} * (abs(y - t) - 0.5 * {capped})")
        }
        Loss::CrossEntropyOfLogits => "max(y, 0.0) - y * t + log(1.0 + exp(-abs(y)))".into(),
    }
}

/// Its slope along `y`.
fn slope(loss: Loss) -> String {
    match loss {
        Loss::Squared => "2.0 * (y - t)".into(),
        Loss::Absolute => "sign(y - t)".into(),
        Loss::Huber => format!("clamp(y - t, -{HUBER_DELTA}, {HUBER_DELTA})"),
        Loss::CrossEntropyOfLogits => "1.0 / (1.0 + exp(-y)) - t".into(),
    }
}
