//! Helpers of the tests of losses and penalties, and tests of whole experiments.

mod networks;
mod toy_problems;

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_numerics::random::{Stream, generator};
use rand::RngExt;
use rand_distr::StandardNormal;

/// Step of the finite differences: small enough for the curvature, large enough for 32-bit floats.
pub(crate) const DELTA: f32 = 1e-2;

/// Most values at which a gradient is checked.
const MAX_CHECKED: usize = 32;

/// Asserts that the gradient of `loss` at `at` equals central finite differences.
pub(crate) fn assert_gradient(at: Tensor<2>, loss: impl Fn(Tensor<2>) -> Tensor<1>) {
    let shape = at.dims();
    let values = floats(at);
    let upload = |values: Vec<f32>, device: &Device| Tensor::<2>::from_data(TensorData::new(values, shape), device);
    let leaf = upload(values.clone(), &Device::flex().autodiff()).require_grad();
    let gradients = loss(leaf.clone()).backward();
    let gradient = floats(leaf.grad(&gradients).expect("the loss depends on the values"));
    let largest = gradient.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    assert!(largest > 0.0, "the gradient is 0 everywhere");
    for index in (0..values.len()).step_by(values.len().div_ceil(MAX_CHECKED)) {
        let shifted = |by: f32| {
            let mut values = values.clone();
            values[index] += by;
            number(loss(upload(values, &Device::flex())))
        };
        let difference = (shifted(DELTA) - shifted(-DELTA)) / f64::from(2.0 * DELTA);
        let found = f64::from(gradient[index]);
        assert!(
            (difference - found).abs() < 0.02 * f64::from(largest),
            "value {index}: {found} by gradient, {difference} by differences"
        );
    }
}

/// Values of a tensor on the host.
pub(crate) fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("these are 32-bit floats")
}

/// Value of a loss, `[1]`.
pub(crate) fn number(loss: Tensor<1>) -> f64 {
    f64::from(loss.into_scalar::<f32>())
}

/// A tensor of these rows.
pub(crate) fn tensor<const N: usize, const K: usize>(rows: [[f32; K]; N]) -> Tensor<2> {
    Tensor::from_floats(rows, &Device::flex())
}

/// A tensor of one number.
pub(crate) fn scalar(value: f32) -> Tensor<1> {
    Tensor::from_floats([value], &Device::flex())
}

/// Uniform numbers from 0 to 1.
pub(crate) fn uniform(shape: [usize; 2], seed: u64) -> Tensor<2> {
    let mut rng = generator(seed, Stream::Sample, 0);
    let values: Vec<f32> = (0..shape[0] * shape[1]).map(|_| rng.random()).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

/// Standard normal numbers.
pub(crate) fn normal(shape: [usize; 2], seed: u64) -> Tensor<2> {
    let mut rng = generator(seed, Stream::Sample, 1);
    let values: Vec<f32> = (0..shape[0] * shape[1]).map(|_| rng.sample(StandardNormal)).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}
