//! A mean loss on the GPU: partial sums and their sum forward, one kernel backward.

use burn::tensor::Shape;
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{HUBER_DELTA, Loss, LossGradients, LossOps};
use crate::{
    Activation,
    gpu::{
        Elementwise, Kernel, WORKGROUP_SIZE, apply, bindings, contiguous, derivative, empty, launch,
        launch_elementwise, reduce, sum_over_first,
    },
};

/// Values per workgroup below which another one costs more to add up than it saves.
const MIN_VALUES: usize = 8 * WORKGROUP_SIZE;
/// The most workgroups, as one thread adds up their sums.
const MAX_PARTS: usize = 64;

impl LossOps for CubeBackend {
    fn mean_loss(z: CubeTensor, target: CubeTensor, activation: Activation, loss: Loss) -> CubeTensor {
        let (z, target) = (contiguous(z), contiguous(target));
        let count = z.meta.shape().num_elements();
        let groups = count.div_ceil(MIN_VALUES).clamp(1, MAX_PARTS);
        let parts = empty(&z, Shape::new([groups, 1]));
        let spec = (MeanLoss { activation, loss, count }, groups);
        let kernel = Kernel::new(spec, [WORKGROUP_SIZE as u32, 1], |(mean_loss, groups)| mean_loss.mean_wgsl(*groups));
        launch(kernel, [groups as u32, 1, 1], &[&z, &target, &parts]);
        let mean = empty(&z, Shape::new([1]));
        sum_over_first(&parts, &mean);
        mean
    }
}

impl LossGradients for CubeBackend {
    fn mean_loss_gradient(
        gradient: CubeTensor,
        z: CubeTensor,
        target: CubeTensor,
        activation: Activation,
        loss: Loss,
    ) -> CubeTensor {
        let [gradient, z, target] = [gradient, z, target].map(contiguous);
        let count = z.meta.shape().num_elements();
        let dz = empty(&z, z.meta.shape().clone());
        launch_elementwise(MeanLoss { activation, loss, count }, &[&gradient, &z, &target, &dz]);
        dz
    }
}

/// A mean loss over `count` values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct MeanLoss {
    activation: Activation,
    loss: Loss,
    count: usize,
}

impl MeanLoss {
    /// WGSL of the partial sums, one per workgroup.
    fn mean_wgsl(self, groups: usize) -> String {
        let Self { activation, loss, count } = self;
        let (bindings, reduce) = (bindings(["z", "targets", "parts"].into_iter()), reduce("sum", WORKGROUP_SIZE));
        let (prediction, value, part) = (apply(activation, "z[i]"), value(loss), count.div_ceil(groups));
        format!(
            "{bindings}
var<workgroup> partial: array<f32, {WORKGROUP_SIZE}>;
@compute @workgroup_size({WORKGROUP_SIZE})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {{
    var sum = 0.0;
    let start = group.x * {part}u;
    for (var i = start + index; i < min(start + {part}u, {count}u); i += {WORKGROUP_SIZE}u) {{
        let y = {prediction};
        let t = targets[i];
        sum += {value};
    }}
    {reduce}
    if (index == 0u) {{ parts[group.x] = partial[0] / {count}.0; }}
}}
"
        )
    }
}

/// The gradient dz, one thread per value.
impl Elementwise for MeanLoss {
    fn threads(&self) -> usize {
        self.count
    }

    fn names(&self) -> &'static [&'static str] {
        &["gradient", "z", "targets", "dz"]
    }

    fn body(&self) -> String {
        let Self { activation, loss, count } = *self;
        let (prediction, loss_gradient, derivative) =
            (apply(activation, "z[index]"), gradient(loss), derivative(activation, "y"));
        format!(
            "let y = {prediction};
let t = targets[index];
dz[index] = gradient[0] / {count}.0 * ({loss_gradient}) * ({derivative});"
        )
    }
}

/// Expression of the loss l(y, t).
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

/// Expression of its gradient dl/dy.
fn gradient(loss: Loss) -> String {
    match loss {
        Loss::Squared => "2.0 * (y - t)".into(),
        Loss::Absolute => "sign(y - t)".into(),
        Loss::Huber => format!("clamp(y - t, -{HUBER_DELTA}, {HUBER_DELTA})"),
        Loss::CrossEntropyOfLogits => "1.0 / (1.0 + exp(-y)) - t".into(),
    }
}
