//! The network as a person describes it: an encoder, a bottleneck and a decoder.

use serde::{Deserialize, Serialize};

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
    /// Gaussian error linear unit.
    Gelu,
    /// Hyperbolic tangent, -1 to 1.
    Tanh,
    /// Logistic function, 0 to 1.
    Sigmoid,
}

impl Activation {
    /// Every activation, in the order a menu shows.
    pub const ALL: [Self; 6] = [Self::Linear, Self::Relu, Self::LeakyRelu, Self::Gelu, Self::Tanh, Self::Sigmoid];

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Relu => "ReLU",
            Self::LeakyRelu => "leaky ReLU",
            Self::Gelu => "GELU",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
        }
    }
}

/// From the input down to the bottleneck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EncoderSpec {
    /// Fully connected hidden layers; no width at all leads straight to the bottleneck.
    Dense {
        /// Width of each hidden layer.
        widths: Vec<usize>,
    },
    /// Convolutions, 3x3, padding 1, stride 2: each halves the picture (rounded up).
    Conv {
        /// Output channels of each convolution.
        channels: Vec<usize>,
    },
}

/// The narrow place: what the encoder's output is brought to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BottleneckSpec {
    /// A fully connected layer to a code of `size` numbers.
    Dense {
        /// Latent size: numbers in the code.
        size: usize,
        /// Activation of the code.
        activation: Activation,
    },
    /// The encoder's output is the code as it is: a convolutional encoder's last feature maps.
    Direct,
}

/// From the code back up to the input's shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecoderSpec {
    /// The encoder in reverse: its widths backwards, or transposed convolutions.
    #[default]
    Mirror,
    /// Fully connected hidden layers of these widths.
    Dense {
        /// Width of each hidden layer.
        widths: Vec<usize>,
    },
}

/// An autoencoder for inputs of one shape. [`NetworkSpec::plan`] says what layers that makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkSpec {
    /// Shape of an input, and of its reconstruction.
    pub input: GridShape,
    /// Down to the bottleneck.
    pub encoder: EncoderSpec,
    /// The code.
    pub bottleneck: BottleneckSpec,
    /// Back up.
    pub decoder: DecoderSpec,
    /// Activation of the hidden layers.
    pub activation: Activation,
    /// Activation of the reconstruction; a sigmoid keeps pixels in 0 to 1.
    pub output_activation: Activation,
    /// Share of each hidden layer's outputs, the code's included, that a training step sets to 0 (Srivastava et al.
    /// 2014); 0 is none, at most 0.9.
    pub dropout: f32,
}

impl Default for NetworkSpec {
    /// The article's network: 784-256-64-256-784, ReLU (on the code too), sigmoid at the end.
    fn default() -> Self {
        Self {
            input: GridShape::MNIST,
            encoder: EncoderSpec::Dense { widths: vec![256] },
            bottleneck: BottleneckSpec::Dense { size: 64, activation: Activation::Relu },
            decoder: DecoderSpec::Mirror,
            activation: Activation::Relu,
            output_activation: Activation::Sigmoid,
            dropout: 0.0,
        }
    }
}

impl NetworkSpec {
    /// Gives the code `size` numbers. A bottleneck that was direct becomes a dense one without activation, the kind
    /// that leaves no unit dead.
    pub const fn set_latent_size(&mut self, size: usize) {
        let activation = match self.bottleneck {
            BottleneckSpec::Dense { activation, .. } => activation,
            BottleneckSpec::Direct => Activation::Linear,
        };
        self.bottleneck = BottleneckSpec::Dense { size, activation };
    }
}
