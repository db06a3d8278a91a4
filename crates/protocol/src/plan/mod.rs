//! The plan of a network: the layers of a [`NetworkSpec`](crate::NetworkSpec), which the engine builds and the page
//! draws.

mod layout;
mod memory;
mod shape_kind;
mod tensors;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{Activation, GridShape, Normalisation, Prior};

pub use memory::MemoryEstimate;
use shape_kind::ShapeKind;
pub use tensors::{Initialiser, TensorPlan};

/// Part of the autoencoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Layers before the bottleneck.
    Encoder,
    /// Layers that make the code.
    Bottleneck,
    /// Layers after the code.
    Decoder,
    /// The classifier on the code.
    Head,
    /// The regression on the code.
    Regression,
    /// The discriminator of an adversarial code.
    Discriminator,
}

impl Part {
    /// Name in a model file.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Encoder => "encoder",
            Self::Bottleneck => "bottleneck",
            Self::Decoder => "decoder",
            Self::Head => "head",
            Self::Regression => "regression",
            Self::Discriminator => "discriminator",
        }
    }

    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Encoder => "Encoder",
            Self::Bottleneck => "Bottleneck",
            Self::Decoder => "Decoder",
            Self::Head => "Classifier",
            Self::Regression => "Regression head",
            Self::Discriminator => "Discriminator",
        }
    }
}

/// Kind of a layer. "Size" is height and width of a picture, or the number of steps of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerKind {
    /// Fully connected; inputs of any shape are flattened in the order [channel, row, column].
    Dense,
    /// A dense layer applied to every step, with shared weights.
    StepDense,
    /// 3x3 convolution, padding 1.
    Conv {
        /// 1 keeps the size, 2 halves it (rounded up).
        stride: usize,
    },
    /// 3x3 transposed convolution, padding 1, stride 2, with [`LayerPlan::output_padding`].
    ConvTranspose,
    /// Max-pooling over 2x2 (over 2 steps of a sequence); the size is rounded up.
    MaxPool,
    /// Nearest-neighbour upsampling.
    Resize,
    /// 1-D convolution over steps, kernel size 3, padding 1.
    Conv1d {
        /// 1 keeps the size, 2 halves it (rounded up).
        stride: usize,
    },
    /// 1-D transposed convolution over steps, kernel size 3, padding 1, stride 2.
    Conv1dTranspose,
    /// Long short-term memory.
    Lstm,
    /// Gated recurrent unit.
    Gru,
    /// Adds the sinusoidal positional encoding.
    Positions,
    /// Transformer encoder layer.
    Transformer {
        /// Attention heads.
        heads: usize,
        /// Width of the feed-forward layer.
        hidden: usize,
    },
    /// Two layers whose output is added to their input.
    Residual,
    /// A dense layer whose output is blended with its input by a transform gate.
    Highway,
    /// The last step of a sequence, as a vector.
    LastStep,
    /// A vector, repeated as a sequence of equal steps.
    Repeat,
    /// A picture of several channels as a sequence of its rows.
    Rows,
    /// A sequence of rows as a picture of several channels.
    SequenceToPicture,
}

/// Plan of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerPlan {
    /// The part that it belongs to.
    pub part: Part,
    /// Index of its block: of the encoder's blocks, also in a mirrored decoder, or of the decoder's own blocks. `None`
    /// for a layer without a block, such as the bottleneck's.
    pub block: Option<usize>,
    /// The kind.
    pub kind: LayerKind,
    /// Shape of a sample's input; a dense layer flattens it.
    pub input: GridShape,
    /// Shape of a sample's output. A vector of n values is n channels of 1x1; a sequence is one channel with a row per
    /// step.
    pub output: GridShape,
    /// Activation, after the normalisation.
    pub activation: Activation,
    /// Normalisation, after the weights.
    pub normalisation: Normalisation,
    /// Dropout rate of its outputs, 0 to 0.9.
    pub dropout: f32,
    /// Index of the earlier layer whose weight it uses, transposed.
    pub tied_to: Option<usize>,
    /// Index of the earlier layer whose output it reads too: the channels follow those of the previous layer's output.
    pub skip_from: Option<usize>,
}

impl LayerPlan {
    /// Number of features that normalisation works on: channels of a picture, features of a step, values of a vector.
    pub const fn channels(&self) -> usize {
        match self.kind {
            LayerKind::Conv1d { .. } | LayerKind::Conv1dTranspose | LayerKind::StepDense => self.output.width,
            _ => self.output.channels,
        }
    }

    /// Output padding [rows, columns] with which a transposed convolution makes `output` of `input`.
    pub const fn output_padding(&self) -> [usize; 2] {
        // out = (in - 1) * stride - 2 * padding + kernel + output_padding, with stride 2, padding 1, kernel 3
        [self.output.height + 1 - 2 * self.input.height, self.output.width + 1 - 2 * self.input.width]
    }
}

/// Kernel size of every convolution.
pub const CONV_KERNEL: usize = 3;
/// Stride of every convolution that changes the size.
pub const CONV_STRIDE: usize = 2;
/// Zero padding of every convolution.
pub const CONV_PADDING: usize = 1;

/// Size of the code relative to the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Completeness {
    /// The code is smaller than the input: the network has to compress.
    Undercomplete,
    /// The code is at least as large as the input: without regularisation the network can learn the identity.
    Overcomplete,
}

/// Transformation of the code between encoder and decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BottleneckPlan {
    /// None.
    Plain,
    /// Drawn from a normal distribution in training; otherwise its mean.
    Variational,
    /// Quantised to `places` codebook vectors.
    VectorQuantised {
        /// Number of vectors in the codebook.
        codes: usize,
        /// Values per vector.
        dimension: usize,
        /// Number of vectors per code (positions or steps).
        places: usize,
    },
    /// Compared with a prior by a discriminator.
    Adversarial {
        /// Prior distribution of the code.
        prior: Prior,
    },
    /// All but its largest values become 0.
    TopK {
        /// Number of values kept.
        active: usize,
    },
}

/// Plan of a network: every layer with its shapes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkPlan {
    /// Shape of an input.
    pub input: GridShape,
    /// Shape of the code.
    pub code: GridShape,
    /// Transformation of the code.
    pub bottleneck: BottleneckPlan,
    /// Layers from input to reconstruction, in order.
    pub layers: Vec<LayerPlan>,
    /// Layer that makes a variational code's log variance, beside the last bottleneck layer, which makes the mean.
    pub log_variance: Option<LayerPlan>,
    /// Layers of the classifier on the code.
    pub head: Vec<LayerPlan>,
    /// Layer of the regression on the code.
    pub regression: Option<LayerPlan>,
    /// Layers of the discriminator of an adversarial code.
    pub discriminator: Vec<LayerPlan>,
    /// True if the variance of the reconstruction is learnt.
    pub learnt_variance: bool,
}

impl NetworkPlan {
    /// Number of trained parameters.
    pub fn parameters(&self) -> u64 {
        tensors::count_trained(&self.tensors())
    }

    /// Returns the layers of `part` from input to reconstruction, in order.
    pub fn part(&self, part: Part) -> impl Iterator<Item = &LayerPlan> {
        self.layers.iter().filter(move |layer| layer.part == part)
    }

    /// Largest number of values per sample in the input or in the output of a layer.
    pub fn widest(&self) -> usize {
        self.layers.iter().map(|layer| layer.output.len()).fold(self.input.len(), usize::max)
    }

    /// Returns the size of the code relative to the input.
    pub const fn completeness(&self) -> Completeness {
        if self.code.len() < self.input.len() { Completeness::Undercomplete } else { Completeness::Overcomplete }
    }

    /// True if the decoder reads more than the code.
    pub fn has_skips(&self) -> bool {
        self.layers.iter().any(|layer| layer.skip_from.is_some())
    }
}
