//! What the tests of losses and penalties share, and those of whole experiments.

mod networks;
mod toys;

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_numerics::random::{Stream, generator};
use rand::RngExt;
use rand_distr::StandardNormal;

/// Small enough for the curvature, large enough for 32-bit floats.
const NUDGE: f32 = 1e-2;

/// Most values that a gradient is checked at.
const PROBES: usize = 32;

/// Asserts that the gradient of `loss` at `at` is what the loss does when a value moves a little.
pub(crate) fn assert_gradient(at: Tensor<2>, loss: impl Fn(Tensor<2>) -> Tensor<1>) {
    let shape = at.dims();
    let values = floats(at);
    let place = |values: Vec<f32>, device: &Device| Tensor::<2>::from_data(TensorData::new(values, shape), device);
    let leaf = place(values.clone(), &Device::flex().autodiff()).require_grad();
    let gradients = loss(leaf.clone()).backward();
    let gradient = floats(leaf.grad(&gradients).expect("the loss depends on the values"));
    let largest = gradient.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    assert!(largest > 0.0, "the gradient is nowhere but 0");
    for index in (0..values.len()).step_by(values.len().div_ceil(PROBES)) {
        let nudged = |by: f32| {
            let mut values = values.clone();
            values[index] += by;
            number(loss(place(values, &Device::flex())))
        };
        let slope = (nudged(NUDGE) - nudged(-NUDGE)) / f64::from(2.0 * NUDGE);
        let found = f64::from(gradient[index]);
        assert!(
            (slope - found).abs() < 0.02 * f64::from(largest),
            "value {index}: the loss rises by {slope}, the gradient says {found}"
        );
    }
}

/// The numbers of a tensor.
pub(crate) fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("these are 32-bit floats")
}

/// A loss as a number.
pub(crate) fn number(loss: Tensor<1>) -> f64 {
    f64::from(loss.into_scalar::<f32>())
}

/// Rows of numbers.
pub(crate) fn tensor<const N: usize, const K: usize>(rows: [[f32; K]; N]) -> Tensor<2> {
    Tensor::from_floats(rows, &Device::flex())
}

/// One number.
pub(crate) fn scalar(value: f32) -> Tensor<1> {
    Tensor::from_floats([value], &Device::flex())
}

/// Numbers evenly in 0 to 1.
pub(crate) fn uniform(shape: [usize; 2], seed: u64) -> Tensor<2> {
    let mut random = generator(seed, Stream::Sample, 0);
    let values: Vec<f32> = (0..shape[0] * shape[1]).map(|_| random.random()).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

/// Standard normal numbers.
pub(crate) fn normal(shape: [usize; 2], seed: u64) -> Tensor<2> {
    let mut random = generator(seed, Stream::Sample, 1);
    let values: Vec<f32> = (0..shape[0] * shape[1]).map(|_| random.sample(StandardNormal)).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}
