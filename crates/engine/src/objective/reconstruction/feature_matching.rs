//! Feature matching, or perceptual loss: `MSE(y, x) + mean_l MSE(φ_l(y), φ_l(x))`, φ_l the features of layer l of a
//! frozen classifier, y the reconstruction and x the target.
//!
//! Johnson, Alahi and Fei-Fei, "Perceptual Losses for Real-Time Style Transfer and Super-Resolution", ECCV 2016. The
//! classifier is our own, `tests/reference/feature_network.py`: the first two convolutions of a classifier of MNIST's
//! digits, test accuracy 98.1 %, scaled so that features vary as much as pixels do.

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_kernels::{
    Activation,
    conv::{Convolution, Direction, convolve},
};
use pinhole_protocol::GridShape;
use safetensors::SafeTensors;

use super::mse::mse;

/// 1,248 weights, as `feature_network.py` writes them.
const WEIGHTS: &[u8] = include_bytes!("features.safetensors");

/// Feature-matching loss of pictures of one shape.
#[derive(Clone, Debug)]
pub struct FeatureMatchingLoss {
    shape: GridShape,
    layers: [FrozenConv; 2],
}

impl FeatureMatchingLoss {
    /// A loss for pictures of `shape`, of any size.
    pub fn new(shape: GridShape, device: &Device) -> Self {
        Self {
            shape,
            layers: [("first", 1), ("second", 2)].map(|(name, stride)| FrozenConv::read(name, stride, device)),
        }
    }

    /// Mean squared error of the pixels, plus the mean over layers of that of the features.
    /// `reconstruction` and `target` are [samples, values].
    pub fn forward(&self, reconstruction: Tensor<2>, target: Tensor<2>) -> Tensor<1> {
        let [first, second] = self.features(reconstruction.clone());
        let [first_target, second_target] = self.features(target.clone());
        let features = (first - first_target).square().mean() + (second - second_target).square().mean();
        mse(reconstruction, target, None) + features.mul_scalar(0.5)
    }

    /// Output of each layer, [samples, features, height, width]. Several channels are averaged to grey first.
    fn features(&self, pictures: Tensor<2>) -> [Tensor<4>; 2] {
        let [samples, _] = pictures.dims();
        let GridShape { channels, height, width } = self.shape;
        let grey = pictures.reshape([samples, channels, height, width]).mean_dim(1);
        let [first, second] = &self.layers;
        let features = first.forward(grey);
        [features.clone(), second.forward(features)]
    }
}

/// A 3x3 convolution with padding 1 and a ReLU, whose weights are constants.
#[derive(Clone, Debug)]
struct FrozenConv {
    weight: Tensor<4>,
    bias: Tensor<1>,
    stride: usize,
}

impl FrozenConv {
    fn read(name: &str, stride: usize, device: &Device) -> Self {
        let file = SafeTensors::deserialize(WEIGHTS).expect("the file is part of the program");
        Self {
            weight: tensor(&file, &format!("{name}.weight"), device),
            bias: tensor(&file, &format!("{name}.bias"), device),
            stride,
        }
    }

    fn forward(&self, maps: Tensor<4>) -> Tensor<4> {
        let ([samples, channels, height, width], [features, ..]) = (maps.dims(), self.weight.dims());
        let coarse = [features, height.div_ceil(self.stride), width.div_ceil(self.stride)];
        let convolution = Convolution {
            samples,
            fine: [channels, height, width],
            coarse,
            kernel: [3; 2],
            stride: [self.stride; 2],
            padding: [1; 2],
        };
        let (weight, bias) = (self.weight.clone(), self.bias.clone());
        let rows = maps.reshape([samples, channels * height * width]);
        let features = convolve(rows, weight, bias, convolution, Direction::Down, Activation::Relu);
        features.reshape([samples, coarse[0], coarse[1], coarse[2]])
    }
}

fn tensor<const D: usize>(file: &SafeTensors<'_>, name: &str, device: &Device) -> Tensor<D> {
    let view = file.tensor(name).expect("the script writes weight and bias of both layers");
    let values: Vec<f32> = bytemuck::pod_collect_to_vec(view.data());
    Tensor::from_data(TensorData::new(values, view.shape().to_vec()), device)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::{
        data::strokes,
        objective::tests::{assert_gradient, number, uniform},
    };

    const CASES: &str = include_str!("../../../tests/reference/feature_matching.json");

    #[derive(Deserialize)]
    struct Case {
        channels: usize,
        height: usize,
        width: usize,
        seed: usize,
        loss: f64,
    }

    /// The picture of the script, made by the same rule.
    fn picture(shape: GridShape, seed: usize) -> Tensor<2> {
        let values = (0..shape.channels).flat_map(|channel| {
            (0..shape.height).flat_map(move |y| {
                (0..shape.width).map(move |x| {
                    let sum = y / 3 * 31 + x / 3 * 17 + channel * 13 + seed * 7;
                    (sum * sum % 251) as f32 / 250.0
                })
            })
        });
        Tensor::from_data(TensorData::new(values.collect::<Vec<f32>>(), [1, shape.len()]), &Device::flex())
    }

    #[test]
    fn equals_pytorch_on_any_size() {
        let cases: Vec<Case> = serde_json::from_str(CASES).expect("the script writes a list");
        for Case { channels, height, width, seed, loss } in cases {
            let shape = GridShape { channels, height, width };
            let feature_matching = FeatureMatchingLoss::new(shape, &Device::flex());
            let found = number(feature_matching.forward(picture(shape, seed), picture(shape, seed + 1)));
            assert!((found - loss).abs() < 1e-5 * loss, "{found} where PyTorch has {loss}");
        }
    }

    #[test]
    fn features_of_each_layer_vary_as_much_as_the_pixels() {
        let pixels: Vec<f32> = strokes(1, 50).values_of(0..50);
        let pictures = Tensor::<2>::from_data(TensorData::new(pixels, [50, 784]), &Device::flex());
        let variance = |maps: Tensor<2>| number(maps.var(1).mean());
        let expected = variance(pictures.clone().reshape([1, 50 * 784]));
        for layer in FeatureMatchingLoss::new(GridShape::MNIST, &Device::flex()).features(pictures) {
            let [samples, channels, height, width] = layer.dims();
            let found = variance(layer.swap_dims(0, 1).reshape([channels, samples * height * width]));
            assert!((0.7..1.4).contains(&(found / expected)), "{found} where the pixels have {expected}");
        }
    }

    #[test]
    fn gradient_equals_finite_differences() {
        let shape = GridShape { channels: 3, height: 5, width: 6 };
        let feature_matching = FeatureMatchingLoss::new(shape, &Device::flex());
        let target = uniform([1, shape.len()], 2);
        assert_gradient(uniform([1, shape.len()], 1), |at| feature_matching.forward(at, target.clone()));
    }
}
