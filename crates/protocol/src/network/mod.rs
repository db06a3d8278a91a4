//! Specification of an autoencoder: encoder, bottleneck, decoder, and options of their layers.

mod block;
mod bottleneck;

use serde::{Deserialize, Serialize};

pub use block::{BlockPlace, BlockSpec, Scaling};
pub use bottleneck::{BottleneckSpec, Prior};

use crate::GridShape;

/// Activation function of a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// Identity.
    Linear,
    /// `max(0, x)`.
    #[default]
    Relu,
    /// `x` above 0, `0.01 x` below.
    LeakyRelu,
    /// Gaussian error linear unit (Hendrycks and Gimpel 2016), exact: `x Phi(x)`, with the error function.
    Gelu,
    /// `x sigmoid(x)`, also called swish.
    Silu,
    /// `x` above 0, `e^x - 1` below (Clevert et al. 2016).
    Elu,
    /// Hyperbolic tangent, -1 to 1.
    Tanh,
    /// Logistic function, 0 to 1.
    Sigmoid,
}

impl Activation {
    /// Every activation, in the order of menus.
    pub const ALL: [Self; 8] =
        [Self::Linear, Self::Relu, Self::LeakyRelu, Self::Gelu, Self::Silu, Self::Elu, Self::Tanh, Self::Sigmoid];

    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Relu => "ReLU",
            Self::LeakyRelu => "leaky ReLU",
            Self::Gelu => "GELU",
            Self::Silu => "SiLU",
            Self::Elu => "ELU",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
        }
    }
}

/// Normalisation of hidden dense and convolutional layers, before the activation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Normalisation {
    /// None.
    #[default]
    None,
    /// Batch normalisation (Ioffe and Szegedy 2015): per channel, over the batch.
    Batch,
    /// Layer normalisation (Ba et al. 2016): over all values of a sample.
    Layer,
    /// Group normalisation (Wu and He 2018): over groups of channels of a sample.
    Group {
        /// Number of groups; a divisor of the number of channels.
        groups: usize,
    },
}

impl Normalisation {
    /// One of each kind with usual settings, in the order of menus.
    pub const ALL: [Self; 4] = [Self::None, Self::Batch, Self::Layer, Self::Group { groups: 4 }];

    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Batch => "batch",
            Self::Layer => "layer",
            Self::Group { .. } => "group",
        }
    }
}

/// Architecture of the decoder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecoderSpec {
    /// The encoder's blocks in reverse.
    #[default]
    Mirror,
    /// Blocks of its own; a last layer to the input's shape is added.
    Blocks(Vec<BlockSpec>),
}

/// A classifier on the code, trained together with the reconstruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadSpec {
    /// Number of classes, at least 2.
    pub classes: usize,
}

/// A linear regression on the code, trained together with the reconstruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegressionSpec {
    /// Name of the numeric attribute of the samples that it predicts.
    pub attribute: String,
}

/// Specification of an autoencoder. [`NetworkSpec::plan`] lays out its layers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkSpec {
    /// Shape of an input and of its reconstruction.
    pub input: GridShape,
    /// Blocks from the input to the bottleneck; may be empty.
    pub encoder: Vec<BlockSpec>,
    /// The bottleneck.
    pub bottleneck: BottleneckSpec,
    /// The decoder.
    pub decoder: DecoderSpec,
    /// Activation of the hidden layers.
    pub activation: Activation,
    /// Activation of the reconstruction; a sigmoid keeps pixels in 0 to 1.
    pub output_activation: Activation,
    /// Normalisation of the hidden layers.
    pub normalisation: Normalisation,
    /// Dropout rate of the hidden layers and of the code, 0 to 0.9 (Srivastava et al. 2014).
    pub dropout: f32,
    /// Skip connections from the encoder's convolutions to the mirrored ones of the decoder, past the bottleneck
    /// (U-Net, Ronneberger et al. 2015).
    pub skips: bool,
    /// Tied weights: the decoder's dense layers use the encoder's weights, transposed, with biases of their own.
    pub tied: bool,
    /// Learn one variance, common to all values of the reconstruction, for [`crate::ReconstructionLoss::Gaussian`].
    pub learnt_variance: bool,
    /// The classifier head, if any.
    pub head: Option<HeadSpec>,
    /// The regression head, if any.
    pub regression: Option<RegressionSpec>,
}

impl Default for NetworkSpec {
    /// The article's network: 784-256-64-256-784, ReLU (also on the code), sigmoid output.
    fn default() -> Self {
        Self {
            input: GridShape::MNIST,
            encoder: Self::dense_blocks(&[256]),
            bottleneck: BottleneckSpec::Dense { size: 64, activation: Activation::Relu },
            decoder: DecoderSpec::Mirror,
            activation: Activation::Relu,
            output_activation: Activation::Sigmoid,
            normalisation: Normalisation::None,
            dropout: 0.0,
            skips: false,
            tied: false,
            learnt_variance: false,
            head: None,
            regression: None,
        }
    }
}

impl NetworkSpec {
    /// Returns dense blocks of these widths.
    pub fn dense_blocks(widths: &[usize]) -> Vec<BlockSpec> {
        widths.iter().map(|&width| BlockSpec::Dense { width }).collect()
    }

    /// Returns convolution blocks of stride 2 with these channels.
    pub fn conv_blocks(channels: &[usize]) -> Vec<BlockSpec> {
        channels.iter().map(|&channels| BlockSpec::Conv { channels, scaling: Scaling::Stride }).collect()
    }

    /// Sets the latent size. A bottleneck without one ([`BottleneckSpec::size`]) becomes a dense one without
    /// activation, which leaves no unit dead.
    pub fn set_latent_size(&mut self, new: usize) {
        match &mut self.bottleneck {
            BottleneckSpec::Dense { size, .. }
            | BottleneckSpec::Variational { size }
            | BottleneckSpec::Adversarial { size, .. }
            | BottleneckSpec::TopK { size, .. } => *size = new,
            BottleneckSpec::Direct | BottleneckSpec::VectorQuantised { .. } => {
                self.bottleneck = BottleneckSpec::Dense { size: new, activation: Activation::Linear };
            }
        }
    }
}
