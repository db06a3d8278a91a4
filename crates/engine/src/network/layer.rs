//! One layer: weights and what follows them.

use burn::{
    module::{Module, Param},
    nn::{
        Linear, PaddingConfig2d,
        conv::{Conv2d, ConvTranspose2d},
    },
    tensor::{Device, Distribution, Tensor, TensorData, activation},
};
use pinhole_protocol::{Activation, CONV_KERNEL, CONV_PADDING, CONV_STRIDE, LayerKind, LayerPlan};

use super::LayerWeights;

/// A layer of an autoencoder, as its plan says.
#[derive(Module, Debug)]
pub struct Layer {
    weights: Weights,
    #[module(skip)]
    plan: LayerPlan,
    /// Share of its outputs that training drops.
    #[module(skip)]
    dropout: f32,
}

#[derive(Module, Debug)]
enum Weights {
    Dense(Linear),
    Conv(Conv2d),
    ConvTranspose(ConvTranspose2d),
}

impl Layer {
    /// A layer with `weights` in PyTorch's layout, and the share of its outputs that training drops.
    pub(super) fn new(plan: LayerPlan, weights: LayerWeights, dropout: f32, device: &Device) -> Self {
        let channels = [plan.input.channels, plan.output.channels];
        let square = [CONV_KERNEL; 2];
        let stride = [CONV_STRIDE; 2];
        let bias = Some(Param::from_tensor(tensor(weights.bias, [plan.bias_len()], device)));
        let weights = match plan.kind {
            LayerKind::Dense => {
                let [inputs, outputs] = [plan.input.len(), plan.output.len()];
                // PyTorch multiplies by the transpose, Burn by the matrix as it lies.
                let transposed = transpose(&weights.weight, outputs, inputs);
                Weights::Dense(Linear {
                    weight: Param::from_tensor(tensor(transposed, [inputs, outputs], device)),
                    bias,
                })
            }
            LayerKind::Conv => Weights::Conv(Conv2d {
                weight: kernel(weights.weight, [channels[1], channels[0]], device),
                bias,
                stride,
                kernel_size: square,
                dilation: [1; 2],
                groups: 1,
                padding: PaddingConfig2d::Explicit(CONV_PADDING, CONV_PADDING, CONV_PADDING, CONV_PADDING),
            }),
            LayerKind::ConvTranspose => Weights::ConvTranspose(ConvTranspose2d {
                weight: kernel(weights.weight, channels, device),
                bias,
                stride,
                kernel_size: square,
                dilation: [1; 2],
                groups: 1,
                padding: [CONV_PADDING; 2],
                padding_out: plan.output_padding(),
                channels,
            }),
        };
        Self { weights, plan, dropout }
    }

    /// What it was built from.
    pub const fn plan(&self) -> &LayerPlan {
        &self.plan
    }

    /// Weights, bias and activation; in training, dropout.
    pub fn forward(&self, batch: Tensor<2>) -> Tensor<2> {
        drop_out(activate(self.plan.activation, self.weigh(batch)), self.dropout)
    }

    /// Weights and bias only.
    pub fn weigh(&self, batch: Tensor<2>) -> Tensor<2> {
        let [samples, _] = batch.dims();
        let maps = |batch: Tensor<2>| {
            let shape = self.plan.input;
            batch.reshape([samples, shape.channels, shape.height, shape.width])
        };
        match &self.weights {
            Weights::Dense(dense) => dense.forward(batch),
            Weights::Conv(conv) => conv.forward(maps(batch)).reshape([samples, self.plan.output.len()]),
            Weights::ConvTranspose(conv) => conv.forward(maps(batch)).reshape([samples, self.plan.output.len()]),
        }
    }

    /// Weight and bias as flat tensors in Burn's own layout, to read them from the device.
    pub(crate) fn flat_parameters(&self) -> [Tensor<1>; 2] {
        fn flat<const D: usize>(weight: &Param<Tensor<D>>, bias: Option<&Param<Tensor<1>>>) -> [Tensor<1>; 2] {
            [weight.val().inner().flatten(0, D - 1), bias.expect("every layer is built with a bias").val().inner()]
        }
        match &self.weights {
            Weights::Dense(dense) => flat(&dense.weight, dense.bias.as_ref()),
            Weights::Conv(conv) => flat(&conv.weight, conv.bias.as_ref()),
            Weights::ConvTranspose(conv) => flat(&conv.weight, conv.bias.as_ref()),
        }
    }

    /// Brings a weight that was read from the device into PyTorch's layout.
    pub(crate) fn to_pytorch_layout(&self, weight: Vec<f32>) -> Vec<f32> {
        match self.plan.kind {
            LayerKind::Dense => transpose(&weight, self.plan.input.len(), self.plan.output.len()),
            LayerKind::Conv | LayerKind::ConvTranspose => weight,
        }
    }
}

/// Inverted dropout, wherever gradients are followed: what is kept is scaled up, so that the mean stays.
fn drop_out(values: Tensor<2>, share: f32) -> Tensor<2> {
    if share == 0.0 || !values.device().is_autodiff() {
        return values;
    }
    let kept = 1.0 - f64::from(share);
    let mask = values.random_like(Distribution::Bernoulli(kept));
    (values * mask).mul_scalar(1.0 / kept)
}

fn activate(activation: Activation, values: Tensor<2>) -> Tensor<2> {
    match activation {
        Activation::Linear => values,
        Activation::Relu => activation::relu(values),
        Activation::LeakyRelu => activation::leaky_relu(values, 0.01),
        Activation::Gelu => activation::gelu(values),
        Activation::Tanh => activation::tanh(values),
        Activation::Sigmoid => activation::sigmoid(values),
    }
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn kernel(values: Vec<f32>, channels: [usize; 2], device: &Device) -> Param<Tensor<4>> {
    Param::from_tensor(tensor(values, [channels[0], channels[1], CONV_KERNEL, CONV_KERNEL], device))
}

/// The transpose of a matrix with `rows` rows.
fn transpose(matrix: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| (0..rows).map(move |row| matrix[row * columns + column])).collect()
}

#[cfg(test)]
impl Layer {
    /// The gradients of its weights, in PyTorch's layout.
    pub(super) fn gradients(&self, gradients: &burn::tensor::Gradients) -> LayerWeights {
        fn read<const D: usize>(parameter: &Param<Tensor<D>>, gradients: &burn::tensor::Gradients) -> Vec<f32> {
            let gradient = parameter.val().grad(gradients).expect("every weight has a gradient");
            gradient.into_data().try_into_vec().expect("gradients are 32-bit floats")
        }
        let (weight, bias) = match &self.weights {
            Weights::Dense(dense) => (read(&dense.weight, gradients), dense.bias.as_ref()),
            Weights::Conv(conv) => (read(&conv.weight, gradients), conv.bias.as_ref()),
            Weights::ConvTranspose(conv) => (read(&conv.weight, gradients), conv.bias.as_ref()),
        };
        let bias = bias.expect("every layer is built with a bias");
        LayerWeights { weight: self.to_pytorch_layout(weight), bias: read(bias, gradients) }
    }
}
