//! A dense layer against Burn's own product, sum and activation, on every device.

use burn::tensor::Tensor;

use super::{WeightLayout, linear};
use crate::{
    Activation,
    tests::{activate, assert_close, off_kinks, uniform, with_every_tile},
};

/// Rows, inputs, outputs: even and ragged, less than a tile and more than a block.
const SHAPES: [[usize; 3]; 6] = [[128, 64, 32], [1, 784, 10], [7, 5, 3], [130, 33, 65], [64, 1, 1], [3, 200, 129]];

/// A dense layer composed of Burn's operations.
pub(crate) fn composed(input: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, activation: Activation) -> Tensor<2> {
    activate(activation, input.matmul(weight) + bias.unsqueeze())
}

#[test]
fn value_and_gradients_agree_with_burn() {
    with_every_tile(|name, device| {
        let device = device.autodiff();
        for layout in [WeightLayout::InputsByOutputs, WeightLayout::OutputsByInputs] {
            for [rows, inputs, outputs] in SHAPES {
                for activation in Activation::ALL {
                    let case = format!("{name} {rows}x{inputs}x{outputs} {activation:?} {layout:?}");
                    let random = |shape: [usize; 2]| uniform(shape, -1.0..1.0, &device);
                    let input = random([rows, inputs]).require_grad();
                    let weight =
                        (random(layout.shape([inputs, outputs])) / (inputs as f32).sqrt()).detach().require_grad();
                    let bias = uniform([outputs], -0.5..0.5, &device).require_grad();
                    let by_outputs = match layout {
                        WeightLayout::InputsByOutputs => weight.clone(),
                        WeightLayout::OutputsByInputs => weight.clone().transpose(),
                    };
                    let z = composed(input.clone(), by_outputs.clone(), bias.clone(), Activation::Linear);
                    let output_gradient = off_kinks(random([rows, outputs]), z);
                    let ours = linear(input.clone(), weight.clone(), bias.clone(), layout, activation);
                    let expected = composed(input.clone(), by_outputs, bias.clone(), activation);
                    assert_close(&ours, &expected, &case);
                    let ours = (ours * output_gradient.clone()).sum().backward();
                    let expected = (expected * output_gradient).sum().backward();
                    assert_close(
                        &input.grad(&ours).unwrap(),
                        &input.grad(&expected).unwrap(),
                        &format!("{case}, input"),
                    );
                    assert_close(
                        &weight.grad(&ours).unwrap(),
                        &weight.grad(&expected).unwrap(),
                        &format!("{case}, weight"),
                    );
                    assert_close(&bias.grad(&ours).unwrap(), &bias.grad(&expected).unwrap(), &format!("{case}, bias"));
                }
            }
        }
    });
}

#[test]
fn transposed_views_are_multiplied_in_their_order() {
    with_every_tile(|name, device| {
        let input = uniform([20, 9], -1.0..1.0, &device);
        let weight = uniform([6, 20], -1.0..1.0, &device);
        let bias = Tensor::<1>::zeros([6], &device);
        let ours = linear(
            input.clone().transpose(),
            weight.clone().transpose(),
            bias.clone(),
            WeightLayout::InputsByOutputs,
            Activation::Relu,
        );
        let expected = composed(input.transpose(), weight.transpose(), bias, Activation::Relu);
        assert_close(&ours, &expected, name);
    });
}
