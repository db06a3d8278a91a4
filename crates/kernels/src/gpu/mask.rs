//! A gradient on its way back through an activation.

use burn_cubecl::tensor::CubeTensor;

use super::{
    Each, empty, launch_each, rows,
    text::derivative,
    tile::{Adapter, adapter},
};
use crate::Activation;

/// The gradient before `activation`, whose result is `output`; or the gradient as it is, and the activation that a product
/// has to go back through as it loads it.
///
/// On hardware a second load beside the first should cost less than another kernel. A software adapter's products load
/// every number a dozen times, and the mask with it: a pass before them, with Adam by fours, took a step of
/// 784-256-64-256-784 from 82 to 76 ms on SwiftShader.
pub(crate) fn before(gradient: CubeTensor, output: &CubeTensor, activation: Activation) -> (CubeTensor, Activation) {
    let gradient = rows(gradient);
    if activation == Activation::Linear || adapter() == Adapter::Hardware {
        return (gradient, activation);
    }
    let masked = empty(&gradient, gradient.meta.shape().clone());
    let mask = Mask { activation, count: masked.meta.shape().num_elements() };
    launch_each(mask, &[&gradient, output, &masked]);
    (masked, Activation::Linear)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Mask {
    activation: Activation,
    count: usize,
}

impl Each for Mask {
    fn threads(&self) -> usize {
        self.count
    }

    fn names(&self) -> &'static [&'static str] {
        &["gradient", "activated", "masked"]
    }

    fn body(&self) -> String {
        format!("let y = activated[index];\nmasked[index] = gradient[index] * ({});", derivative(self.activation))
    }
}
