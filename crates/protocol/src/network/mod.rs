//! The network as a person describes it: an encoder, a bottleneck and a decoder.

mod block;
mod bottleneck;

use serde::{Deserialize, Serialize};

pub use block::{BlockPlace, BlockSpec, Scaling};
pub use bottleneck::{BottleneckSpec, Prior};

use crate::GridShape;

/// The non-linearity after a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// None: the layer's output as it is.
    Linear,
    /// `max(0, x)`.
    #[default]
    Relu,
    /// `x` above 0, `0.01 x` below.
    LeakyRelu,
    /// Gaussian error linear unit (Hendrycks and Gimpel 2016), by the error function.
    Gelu,
    /// `x sigmoid(x)`.
    Silu,
    /// `x` above 0, `e^x - 1` below (Clevert et al. 2016).
    Elu,
    /// Hyperbolic tangent, -1 to 1.
    Tanh,
    /// Logistic function, 0 to 1.
    Sigmoid,
}

impl Activation {
    /// Every activation, in the order a menu shows.
    pub const ALL: [Self; 8] =
        [Self::Linear, Self::Relu, Self::LeakyRelu, Self::Gelu, Self::Silu, Self::Elu, Self::Tanh, Self::Sigmoid];

    /// The name that people read.
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

/// What brings the values of hidden dense and convolutional layers to one scale, before their activation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Normalisation {
    /// None.
    #[default]
    None,
    /// Each channel over the batch (Ioffe and Szegedy 2015).
    Batch,
    /// All values of a sample (Ba et al. 2016).
    Layer,
    /// Groups of channels of a sample (Wu and He 2018).
    Group {
        /// How many; divides the channels.
        groups: usize,
    },
}

impl Normalisation {
    /// One of each kind with usual settings, in the order a menu shows.
    pub const ALL: [Self; 4] = [Self::None, Self::Batch, Self::Layer, Self::Group { groups: 4 }];

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Batch => "batch",
            Self::Layer => "layer",
            Self::Group { .. } => "group",
        }
    }
}

/// From the code back up to the input's shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecoderSpec {
    /// The encoder in reverse.
    #[default]
    Mirror,
    /// Hidden blocks of its own; a last layer that fits the input is added.
    Blocks(Vec<BlockSpec>),
}

/// A classifier on the code: reconstruction and labels are learnt together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadSpec {
    /// Labels that it tells apart.
    pub classes: usize,
}

/// An autoencoder for inputs of one shape. [`NetworkSpec::plan`] says what layers that makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkSpec {
    /// Shape of an input, and of its reconstruction.
    pub input: GridShape,
    /// Down to the bottleneck; no block at all leads straight to it.
    pub encoder: Vec<BlockSpec>,
    /// The code.
    pub bottleneck: BottleneckSpec,
    /// Back up.
    pub decoder: DecoderSpec,
    /// Activation of the hidden layers.
    pub activation: Activation,
    /// Activation of the reconstruction; a sigmoid keeps pixels in 0 to 1.
    pub output_activation: Activation,
    /// Normalisation of the hidden layers.
    pub normalisation: Normalisation,
    /// Share of each hidden layer's outputs, the code's included, that a training step sets to 0 (Srivastava et al.
    /// 2014); 0 is none, at most 0.9.
    pub dropout: f32,
    /// Hands the feature maps of the encoder's convolutions over to the decoder's, past the bottleneck
    /// (U-Net, Ronneberger et al. 2015).
    pub skips: bool,
    /// The decoder's dense layers use the encoder's weights, transposed; only their biases are their own.
    pub tied: bool,
    /// Learns one variance for all values of the reconstruction, for the Gaussian likelihood.
    pub learnt_variance: bool,
    /// A classifier on the code.
    pub head: Option<HeadSpec>,
}

impl Default for NetworkSpec {
    /// The article's network: 784-256-64-256-784, ReLU (on the code too), sigmoid at the end.
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
        }
    }
}

impl NetworkSpec {
    /// Dense blocks of these widths.
    pub fn dense_blocks(widths: &[usize]) -> Vec<BlockSpec> {
        widths.iter().map(|&width| BlockSpec::Dense { width }).collect()
    }

    /// Convolutions of stride 2 with these channels.
    pub fn conv_blocks(channels: &[usize]) -> Vec<BlockSpec> {
        channels.iter().map(|&channels| BlockSpec::Conv { channels, scaling: Scaling::Stride }).collect()
    }

    /// Gives the code `size` numbers. A bottleneck without a vector of its own becomes a dense one without activation,
    /// the kind that leaves no unit dead.
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
