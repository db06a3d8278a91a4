//! Feature matching, or perceptual loss: not only the pixels shall agree, but also what a network that has learnt to
//! read sees in them.
//!
//! Johnson, Alahi and Fei-Fei, "Perceptual Losses for Real-Time Style Transfer and Super-Resolution", ECCV 2016. The
//! network is our own, `tests/reference/feature_network.py`: the first two convolutions of a classifier of MNIST's
//! digits, test accuracy 98.1 %, scaled so that features vary as much as pixels do.

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_kernels::{
    Activation,
    conv::{self, Direction, convolve},
};
use pinhole_protocol::GridShape;
use safetensors::SafeTensors;

use super::mse::mse;

/// 1,248 weights, as the script writes them.
const WEIGHTS: &[u8] = include_bytes!("features.safetensors");

/// Compares pictures of one shape by features and pixels.
#[derive(Clone, Debug)]
pub struct FeatureMatching {
    shape: GridShape,
    layers: [Convolution; 2],
}

impl FeatureMatching {
    /// For pictures of `shape`, of any size.
    pub fn new(shape: GridShape, device: &Device) -> Self {
        Self {
            shape,
            layers: [("first", 1), ("second", 2)].map(|(name, stride)| Convolution::read(name, stride, device)),
        }
    }

    /// The pixels' mean squared error, plus the mean over layers of the features' mean squared errors.
    pub fn of(&self, reconstruction: Tensor<2>, clean: Tensor<2>) -> Tensor<1> {
        let [first, second] = self.features(reconstruction.clone());
        let [first_wanted, second_wanted] = self.features(clean.clone());
        let features = (first - first_wanted).square().mean() + (second - second_wanted).square().mean();
        mse(reconstruction, clean, None) + features.mul_scalar(0.5)
    }

    /// The outputs of each layer. Pictures of several channels are averaged to grey first.
    fn features(&self, pictures: Tensor<2>) -> [Tensor<4>; 2] {
        let [samples, _] = pictures.dims();
        let GridShape { channels, height, width } = self.shape;
        let grey = pictures.reshape([samples, channels, height, width]).mean_dim(1);
        let [first, second] = &self.layers;
        let edges = first.forward(grey);
        [edges.clone(), second.forward(edges)]
    }
}

/// A 3x3 convolution with padding 1 and a ReLU, not to be trained.
#[derive(Clone, Debug)]
struct Convolution {
    weight: Tensor<4>,
    bias: Tensor<1>,
    stride: usize,
}

impl Convolution {
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
        let convolution = conv::Convolution {
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

    /// The picture that the script makes by the same rule.
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
    fn agrees_with_pytorch_on_any_size() {
        let cases: Vec<Case> = serde_json::from_str(CASES).expect("the script writes a list");
        for Case { channels, height, width, seed, loss } in cases {
            let shape = GridShape { channels, height, width };
            let matching = FeatureMatching::new(shape, &Device::flex());
            let found = number(matching.of(picture(shape, seed), picture(shape, seed + 1)));
            assert!((found - loss).abs() < 1e-5 * loss, "{found} where PyTorch has {loss}");
        }
    }

    #[test]
    fn each_layer_varies_as_much_as_the_pixels() {
        let pixels: Vec<f32> = strokes(1, 50).values_of(0..50);
        let pictures = Tensor::<2>::from_data(TensorData::new(pixels, [50, 784]), &Device::flex());
        let variance = |maps: Tensor<2>| number(maps.var(1).mean());
        let wanted = variance(pictures.clone().reshape([1, 50 * 784]));
        for layer in FeatureMatching::new(GridShape::MNIST, &Device::flex()).features(pictures) {
            let [samples, channels, height, width] = layer.dims();
            let found = variance(layer.swap_dims(0, 1).reshape([channels, samples * height * width]));
            assert!((0.7..1.4).contains(&(found / wanted)), "{found} where the pixels have {wanted}");
        }
    }

    #[test]
    fn the_gradient_is_the_slope() {
        let shape = GridShape { channels: 3, height: 5, width: 6 };
        let matching = FeatureMatching::new(shape, &Device::flex());
        let clean = uniform([1, shape.len()], 2);
        assert_gradient(uniform([1, shape.len()], 1), |at| matching.of(at, clean.clone()));
    }
}
