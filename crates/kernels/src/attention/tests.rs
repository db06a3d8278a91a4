//! Attention against attention composed of Burn's own operations, on every device.

use burn::tensor::{Tensor, activation};

use super::attend;
use crate::tests::{assert_close, uniform, with_every_tile};

/// Samples, steps, heads, head size: even and ragged, one step, one of everything.
const SHAPES: [[usize; 4]; 5] = [[5, 28, 4, 8], [3, 7, 2, 5], [4, 1, 3, 4], [1, 1, 1, 1], [2, 17, 1, 20]];

/// Attention composed of Burn's operations.
fn composed(qkv: &Tensor<3>, heads: usize) -> Tensor<3> {
    let [samples, steps, width] = qkv.dims();
    let (width, head_size) = (width / 3, width / 3 / heads);
    let [queries, keys, values] = [0, 1, 2].map(|index| {
        let part = qkv.clone().narrow(2, index * width, width);
        part.reshape([samples, steps, heads, head_size]).swap_dims(1, 2)
    });
    let scores = queries.matmul(keys.transpose()).div_scalar((head_size as f64).sqrt());
    let output: Tensor<4> = activation::softmax(scores, 3).matmul(values);
    output.swap_dims(1, 2).reshape([samples, steps, width])
}

#[test]
fn value_and_gradient_agree_with_burn() {
    with_every_tile(|name, device| {
        let device = device.autodiff();
        for [samples, steps, heads, head_size] in SHAPES {
            let case = format!("{name} {samples}x{steps}, {heads} heads of {head_size}");
            let width = heads * head_size;
            let random = |shape: [usize; 3], bound: f32| uniform(shape, -bound..bound, &device);
            let qkv = random([samples, steps, 3 * width], 2.0).require_grad();
            let output_gradient = random([samples, steps, width], 1.0);

            let (ours, expected) = (attend(qkv.clone(), heads), composed(&qkv, heads));
            assert_close(&ours, &expected, &case);
            let ours = (ours * output_gradient.clone()).sum().backward();
            let expected = (expected * output_gradient).sum().backward();
            assert_close(&qkv.grad(&ours).unwrap(), &qkv.grad(&expected).unwrap(), &format!("{case}, gradient"));
        }
    });
}

/// Scores far apart, whose exponentials would overflow if the largest were not subtracted first.
#[test]
fn weights_of_scores_far_apart_are_finite() {
    with_every_tile(|name, device| {
        let qkv = uniform([2, 6, 12], -60.0..60.0, &device);
        assert_close(&attend(qkv.clone(), 2), &composed(&qkv, 2), name);
    });
}
