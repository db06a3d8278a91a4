//! Blocks of an encoder or decoder.

use serde::{Deserialize, Serialize};

/// Position of a block in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockPlace {
    /// Index among the encoder's blocks, from 0.
    Encoder(usize),
    /// Index among the blocks of a decoder that has its own, from 0.
    Decoder(usize),
}

/// Change of size by a convolution block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// Stride 2: halves the size (rounded up). In the decoder, a transposed convolution of stride 2 doubles it.
    #[default]
    Stride,
    /// A convolution and max-pooling over 2x2: halves the size (rounded up). In the decoder, nearest-neighbour
    /// upsampling and a convolution, which leave no checkerboard (Odena et al. 2016).
    Pool,
    /// Keeps the size.
    Keep,
}

impl Scaling {
    /// Every way, in the order of menus.
    pub const ALL: [Self; 3] = [Self::Stride, Self::Pool, Self::Keep];

    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stride => "stride 2",
            Self::Pool => "pool 2",
            Self::Keep => "same size",
        }
    }
}

/// A block of the encoder, or of a decoder that has its own blocks. A block that halves the size in the encoder doubles
/// it in the decoder.
///
/// A *picture* is [channels, height, width], a *sequence* is [steps, features], a *vector* is `[values]`. A block that
/// reads sequences reads a picture row by row (a step's features are all channels of a row) and a vector value by
/// value; any input can be flattened to a vector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockSpec {
    /// Fully connected; flattens its input to a vector.
    Dense {
        /// Number of outputs.
        width: usize,
    },
    /// A 3x3 convolution with padding 1; reads pictures.
    Conv {
        /// Output channels.
        channels: usize,
        /// Change of height and width.
        scaling: Scaling,
    },
    /// A 1-D convolution over steps, kernel size 3, padding 1; reads sequences.
    Conv1d {
        /// Output features per step.
        channels: usize,
        /// Change of the number of steps.
        scaling: Scaling,
    },
    /// Long short-term memory (Hochreiter and Schmidhuber 1997); reads sequences. A bottleneck that reads vectors reads
    /// its last hidden state (Srivastava et al. 2015).
    Lstm {
        /// Hidden size.
        units: usize,
    },
    /// Gated recurrent unit (Cho et al. 2014); reads sequences.
    Gru {
        /// Hidden size.
        units: usize,
    },
    /// A Transformer encoder layer (Vaswani et al. 2017) with sinusoidal positional encoding; reads sequences.
    Transformer {
        /// Model width (features per step), a multiple of `heads`.
        width: usize,
        /// Attention heads.
        heads: usize,
        /// Width of its feed-forward layer.
        hidden: usize,
    },
    /// Two layers whose output is added to their input (He et al. 2016): convolutions on a picture, dense layers on a
    /// vector. Keeps the shape.
    Residual,
    /// Highway layer (Srivastava et al. 2015): a dense layer whose output is blended with its input by a transform
    /// gate; reads vectors and keeps their width.
    Highway,
}

impl BlockSpec {
    /// One of each kind with usual settings, in the order of menus.
    pub const ALL: [Self; 8] = [
        Self::Dense { width: 128 },
        Self::Conv { channels: 32, scaling: Scaling::Stride },
        Self::Conv1d { channels: 32, scaling: Scaling::Stride },
        Self::Lstm { units: 64 },
        Self::Gru { units: 64 },
        Self::Transformer { width: 32, heads: 4, hidden: 64 },
        Self::Residual,
        Self::Highway,
    ];

    /// Name for display.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Dense { .. } => "Dense",
            Self::Conv { .. } => "Convolution",
            Self::Conv1d { .. } => "1-D convolution",
            Self::Lstm { .. } => "LSTM",
            Self::Gru { .. } => "GRU",
            Self::Transformer { .. } => "Transformer",
            Self::Residual => "Residual",
            Self::Highway => "Highway",
        }
    }

    /// True for a recurrent block, whose last hidden state represents the sequence.
    pub const fn is_recurrent(&self) -> bool {
        matches!(self, Self::Lstm { .. } | Self::Gru { .. })
    }

    /// True if it reads a sequence.
    pub const fn reads_sequence(&self) -> bool {
        self.is_recurrent() || matches!(self, Self::Conv1d { .. } | Self::Transformer { .. })
    }
}
