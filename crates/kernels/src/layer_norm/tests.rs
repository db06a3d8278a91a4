//! Layer normalisation against Burn's own, on every device.

use burn::tensor::{Tensor, module};

use super::{EPSILON, add_and_normalise};
use crate::tests::{assert_close, on_every_device, uniform};

/// Rows, width: even and ragged, one row, more rows than a workgroup has threads.
const SHAPES: [[usize; 2]; 5] = [[64, 32], [7, 5], [1, 19], [3, 3], [130, 40]];

#[test]
fn value_and_gradients_agree_with_burn() {
    on_every_device(|name, device| {
        let device = device.autodiff();
        for shape in SHAPES {
            let case = format!("{name} {shape:?}");
            let random = |bound: f32| uniform(shape, -bound..bound, &device);
            let [input, residual] = [random(3.0), random(2.0)].map(Tensor::require_grad);
            let [gamma, beta] = [0.5, -1.0].map(|low| uniform([shape[1]], low..1.5, &device).require_grad());
            let output_gradient = random(1.0);

            let ours = add_and_normalise(input.clone(), residual.clone(), gamma.clone(), beta.clone());
            let sum = input.clone() + residual.clone();
            let expected = module::layer_norm(sum, gamma.clone(), Some(beta.clone()), EPSILON.into());
            assert_close(&ours, &expected, &case);
            let ours = (ours * output_gradient.clone()).sum().backward();
            let expected = (expected * output_gradient).sum().backward();
            for (part, tensor) in [("input", &input), ("residual", &residual)] {
                let (ours, expected) = (tensor.grad(&ours).unwrap(), tensor.grad(&expected).unwrap());
                assert_close(&ours, &expected, &format!("{case}, {part}"));
            }
            for (part, tensor) in [("gamma", &gamma), ("beta", &beta)] {
                let (ours, expected) = (tensor.grad(&ours).unwrap(), tensor.grad(&expected).unwrap());
                assert_close(&ours, &expected, &format!("{case}, {part}"));
            }
        }
    });
}
