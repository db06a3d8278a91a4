//! Convolutions against Burn's own, on every device.

use burn::tensor::{
    Tensor,
    module::{conv_transpose2d, conv2d},
    ops::{ConvOptions, ConvTransposeOptions},
};

use super::{Convolution, Direction, convolve};
use crate::{
    Activation,
    tests::{activate, assert_close, off_kinks, uniform, with_every_tile},
};

/// Even and odd sizes, strides of 1 and 2, a row of pictures and one of steps, less than a tile and more than a block.
fn convolutions() -> [Convolution; 6] {
    let square = |samples, fine, coarse, stride| Convolution {
        samples,
        fine,
        coarse,
        kernel: [3; 2],
        stride: [stride; 2],
        padding: [1; 2],
    };
    [
        square(3, [1, 28, 28], [32, 14, 14], 2),
        square(2, [32, 14, 14], [64, 7, 7], 2),
        square(5, [3, 7, 5], [4, 4, 3], 2),
        square(4, [8, 9, 9], [8, 9, 9], 1),
        square(1, [1, 4, 4], [1, 2, 2], 2),
        Convolution {
            samples: 6,
            fine: [5, 1, 13],
            coarse: [7, 1, 7],
            kernel: [1, 3],
            stride: [1, 2],
            padding: [0, 1],
        },
    ]
}

/// A convolution composed of Burn's operations, from and to [samples, values].
pub(crate) fn composed(
    input: Tensor<2>,
    weight: Tensor<4>,
    bias: Tensor<1>,
    convolution: &Convolution,
    direction: Direction,
    activation: Activation,
) -> Tensor<2> {
    let Convolution { samples, fine, coarse, kernel, stride, padding } = *convolution;
    let z = match direction {
        Direction::Down => {
            let [channels, rows, columns] = fine;
            let options = ConvOptions::new(stride, padding, [1; 2], 1);
            conv2d(input.reshape([samples, channels, rows, columns]), weight, Some(bias), options)
        }
        Direction::Up => {
            let [channels, rows, columns] = coarse;
            let out =
                |axis: usize| fine[axis + 1] + 2 * padding[axis] - (coarse[axis + 1] - 1) * stride[axis] - kernel[axis];
            let options = ConvTransposeOptions::new(stride, padding, [out(0), out(1)], [1; 2], 1);
            conv_transpose2d(input.reshape([samples, channels, rows, columns]), weight, Some(bias), options)
        }
    };
    activate(activation, z.flatten(1, 3))
}

#[test]
fn value_and_gradients_agree_with_burn() {
    with_every_tile(|name, device| {
        let device = device.autodiff();
        for convolution in convolutions() {
            for direction in [Direction::Down, Direction::Up] {
                for activation in [Activation::Linear, Activation::Relu, Activation::Sigmoid] {
                    let case = format!("{name} {convolution:?} {direction:?} {activation:?}");
                    let [from, to] = match direction {
                        Direction::Down => [convolution.fine, convolution.coarse],
                        Direction::Up => [convolution.coarse, convolution.fine],
                    };
                    let numbers = |maps: [usize; 3]| [convolution.samples, maps.iter().product()];
                    let input = uniform(numbers(from), -1.0..1.0, &device).require_grad();
                    let [rows, columns] = convolution.kernel;
                    let weight = [convolution.coarse[0], convolution.fine[0], rows, columns];
                    let weight = uniform(weight, -1.0..1.0, &device).mul_scalar(0.2).detach().require_grad();
                    let bias = uniform([to[0]], -1.0..1.0, &device).require_grad();
                    let inputs = || (input.clone(), weight.clone(), bias.clone());
                    let (x, w, b) = inputs();
                    let z = composed(x, w, b, &convolution, direction, Activation::Linear);
                    let output_gradient = off_kinks(uniform(numbers(to), -1.0..1.0, &device), z);
                    let (x, w, b) = inputs();
                    let ours = convolve(x, w, b, convolution, direction, activation);
                    let (x, w, b) = inputs();
                    let expected = composed(x, w, b, &convolution, direction, activation);
                    assert_close(&ours, &expected, &case);
                    let ours = (ours * output_gradient.clone()).sum().backward();
                    let expected = (expected * output_gradient).sum().backward();
                    let label = |tensor: &str| format!("{case}, {tensor}");
                    assert_close(&input.grad(&ours).unwrap(), &input.grad(&expected).unwrap(), &label("input"));
                    assert_close(&weight.grad(&ours).unwrap(), &weight.grad(&expected).unwrap(), &label("weight"));
                    assert_close(&bias.grad(&ours).unwrap(), &bias.grad(&expected).unwrap(), &label("bias"));
                }
            }
        }
    });
}
