//! The gradient of an activation's input from that of its output.

use burn_cubecl::tensor::CubeTensor;

use super::{
    Elementwise, contiguous, derivative, empty, launch_elementwise,
    tile::{Adapter, adapter},
};
use crate::Activation;

/// The gradient of z, `dz = dy f'(z)`, where `output` is `y = f(z)`, and [`Activation::Linear`]; or dy as it is and the
/// activation whose derivative a product has to multiply as it loads dy.
///
/// On hardware a second load beside the first should cost less than another kernel. A software adapter's products load
/// every number a dozen times, and y with it: a pass before them, with Adam by fours, took a step of
/// 784-256-64-256-784 from 82 to 76 ms on SwiftShader.
pub(crate) fn through_activation(
    gradient: CubeTensor,
    output: &CubeTensor,
    activation: Activation,
) -> (CubeTensor, Activation) {
    let gradient = contiguous(gradient);
    if activation == Activation::Linear || adapter() == Adapter::Hardware {
        return (gradient, activation);
    }
    let dz = empty(&gradient, gradient.meta.shape().clone());
    let kernel = ThroughActivation { activation, count: dz.meta.shape().num_elements() };
    launch_elementwise(kernel, &[&gradient, output, &dz]);
    (dz, Activation::Linear)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct ThroughActivation {
    activation: Activation,
    count: usize,
}

impl Elementwise for ThroughActivation {
    fn threads(&self) -> usize {
        self.count
    }

    fn names(&self) -> &'static [&'static str] {
        &["dy", "y", "dz"]
    }

    fn body(&self) -> String {
        format!("let value = y[index];\ndz[index] = dy[index] * ({});", derivative(self.activation, "value"))
    }
}
