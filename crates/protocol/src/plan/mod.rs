//! The layers that a [`NetworkSpec`](crate::NetworkSpec) makes: what the engine builds and the page draws.

mod form;
mod layout;
mod memory;
mod tensors;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{Activation, GridShape, Normalisation, Prior};

pub use form::Form;
pub use memory::MemoryEstimate;
pub use tensors::{Initial, TensorPlan};

/// Which part of the autoencoder a layer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Before the code.
    Encoder,
    /// Makes the code.
    Bottleneck,
    /// After the code.
    Decoder,
    /// The classifier on the code.
    Head,
    /// Tells an adversarial code from its prior.
    Discriminator,
}

impl Part {
    /// Its name in a model file.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Encoder => "encoder",
            Self::Bottleneck => "bottleneck",
            Self::Decoder => "decoder",
            Self::Head => "head",
            Self::Discriminator => "discriminator",
        }
    }

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Encoder => "Encoder",
            Self::Bottleneck => "Bottleneck",
            Self::Decoder => "Decoder",
            Self::Head => "Classifier",
            Self::Discriminator => "Discriminator",
        }
    }
}

/// What a layer does; "size" is rows and columns of a picture, or steps of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerKind {
    /// Fully connected; inputs of any shape are flattened (channel, row, column).
    Dense,
    /// One dense layer, applied to every step.
    StepDense,
    /// 3x3 convolution, padding 1.
    Conv {
        /// 1 keeps the size, 2 halves it (rounded up).
        stride: usize,
    },
    /// 3x3 transposed convolution, padding 1, stride 2; the output padding makes the exact size.
    ConvTranspose,
    /// Largest of each 2x2 (1x2 of steps), rounded up.
    MaxPool,
    /// Nearest value, brought to a larger size.
    Resize,
    /// Convolution over three steps, padding 1.
    Conv1d {
        /// 1 keeps the size, 2 halves it (rounded up).
        stride: usize,
    },
    /// Transposed convolution over three steps, padding 1, stride 2.
    Conv1dTranspose,
    /// Long short-term memory.
    Lstm,
    /// Gated recurrent unit.
    Gru,
    /// Adds sinusoidal positions.
    Positions,
    /// Transformer encoder layer.
    Transformer {
        /// Attention heads.
        heads: usize,
        /// Width of the feed-forward layer.
        hidden: usize,
    },
    /// Two layers whose result is added to what they read.
    Residual,
    /// A dense layer, mixed with what it reads as a gate says.
    Highway,
    /// The last step of a sequence, as a vector.
    LastStep,
    /// A vector as a sequence of equal steps.
    Repeat,
    /// A picture of several channels as a sequence of its rows.
    Rows,
    /// A sequence of rows as a picture of several channels.
    SequenceToPicture,
}

/// One layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerPlan {
    /// Which part it belongs to.
    pub part: Part,
    /// Index of the block that it comes from: one of the encoder's, also on the mirrored way back, or one of the decoder's
    /// own. `None` where no block asked for it, as for the layer that makes the code.
    pub block: Option<usize>,
    /// What it does.
    pub kind: LayerKind,
    /// Shape of one input; a dense layer reads it flattened.
    pub input: GridShape,
    /// Shape of one output. A vector of n is n channels of 1x1; a sequence is one channel with a row for each step.
    pub output: GridShape,
    /// What follows the weights (and the normalisation).
    pub activation: Activation,
    /// What follows the weights.
    pub normalisation: Normalisation,
    /// Share of the outputs that training drops.
    pub dropout: f32,
    /// Uses the weight of this earlier layer, transposed.
    pub tied_to: Option<usize>,
    /// Reads the output of this earlier layer too: its channels follow those of the layer before.
    pub skip_from: Option<usize>,
}

impl LayerPlan {
    /// Channels of a picture, features of a sequence's step or values of a vector: what normalisation is by.
    pub const fn channels(&self) -> usize {
        match self.kind {
            LayerKind::Conv1d { .. } | LayerKind::Conv1dTranspose | LayerKind::StepDense => self.output.width,
            _ => self.output.channels,
        }
    }

    /// Output padding (rows, columns) that makes a transposed convolution restore `output` from `input`.
    pub const fn output_padding(&self) -> [usize; 2] {
        // out = (in - 1) * stride - 2 * padding + kernel + output_padding, with stride 2, padding 1, kernel 3
        [self.output.height + 1 - 2 * self.input.height, self.output.width + 1 - 2 * self.input.width]
    }
}

/// Side of every convolution's kernel.
pub const CONV_KERNEL: usize = 3;
/// Step of every convolution that changes the size.
pub const CONV_STRIDE: usize = 2;
/// Zeroes around the picture.
pub const CONV_PADDING: usize = 1;

/// Whether the code is smaller than the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Completeness {
    /// The code is smaller: the network has to summarise.
    Undercomplete,
    /// The code is as large or larger: unless something prevents it, the network can learn to copy.
    Overcomplete,
}

/// What happens to the code between encoder and decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BottleneckPlan {
    /// Nothing.
    Plain,
    /// It is drawn from a normal distribution, whose mean it is.
    Variational,
    /// It is replaced by codebook vectors, `places` of them.
    VectorQuantised {
        /// Vectors in the codebook.
        codes: usize,
        /// Numbers in each.
        dimension: usize,
        /// Vectors in a code.
        places: usize,
    },
    /// A discriminator compares it with a prior.
    Adversarial {
        /// What it shall look like.
        prior: Prior,
    },
    /// All but its largest numbers become 0.
    TopK {
        /// How many are kept.
        active: usize,
    },
}

/// Every layer, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkPlan {
    /// Shape of an input.
    pub input: GridShape,
    /// Shape of the code.
    pub code: GridShape,
    /// What happens to the code.
    pub bottleneck: BottleneckPlan,
    /// Layers from input to reconstruction.
    pub layers: Vec<LayerPlan>,
    /// Makes the logarithm of a variational code's variances, from what its last bottleneck layer reads.
    pub log_variance: Option<LayerPlan>,
    /// The classifier on the code.
    pub head: Vec<LayerPlan>,
    /// The discriminator of an adversarial code.
    pub discriminator: Vec<LayerPlan>,
    /// Whether the variance of the reconstruction is learnt.
    pub learnt_variance: bool,
}

impl NetworkPlan {
    /// All weights and biases that are learnt.
    pub fn parameters(&self) -> u64 {
        tensors::count_trained(&self.tensors())
    }

    /// Layers of one part of the way from input to reconstruction, in order.
    pub fn part(&self, part: Part) -> impl Iterator<Item = &LayerPlan> {
        self.layers.iter().filter(move |layer| layer.part == part)
    }

    /// Most values that one sample holds in any single layer.
    pub fn widest(&self) -> usize {
        self.layers.iter().map(|layer| layer.output.len()).fold(self.input.len(), usize::max)
    }

    /// Whether the code is smaller than the input.
    pub const fn completeness(&self) -> Completeness {
        if self.code.len() < self.input.len() { Completeness::Undercomplete } else { Completeness::Overcomplete }
    }

    /// Whether the decoder reads more than the code.
    pub fn has_skips(&self) -> bool {
        self.layers.iter().any(|layer| layer.skip_from.is_some())
    }
}
