//! The blocks that an encoder or a decoder is made of.

use serde::{Deserialize, Serialize};

/// Where a block stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockPlace {
    /// So many blocks after the input.
    Encoder(usize),
    /// So many blocks after the code, in a decoder of its own.
    Decoder(usize),
}

/// What a convolution does to the size of what it reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// Stride 2: halves the size (rounded up). On the way up a transposed convolution of stride 2 doubles it.
    #[default]
    Stride,
    /// A convolution and a maximum over 2x2: halves the size (rounded up). On the way up the nearest value is repeated,
    /// then convolved: no checkerboard (Odena et al. 2016).
    Pool,
    /// Keeps the size.
    Keep,
}

impl Scaling {
    /// Every way, in the order a menu shows.
    pub const ALL: [Self; 3] = [Self::Stride, Self::Pool, Self::Keep];

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stride => "stride 2",
            Self::Pool => "pool 2",
            Self::Keep => "same size",
        }
    }
}

/// One block. Encoder blocks lead from the input to the bottleneck; a decoder of its own leads back with the same kinds,
/// where what halved the size doubles it.
///
/// A *picture* has channels, rows and columns. A *sequence* has steps of features: a picture is read row by row (all
/// channels of a row are one step's features), a vector value by value. A *vector* is what everything can be flattened to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockSpec {
    /// Fully connected; reads anything as a vector.
    Dense {
        /// Outputs.
        width: usize,
    },
    /// A 3x3 convolution with padding 1; reads pictures.
    Conv {
        /// Output channels.
        channels: usize,
        /// What becomes of the size.
        scaling: Scaling,
    },
    /// A convolution over three neighbouring steps with padding 1; reads sequences.
    Conv1d {
        /// Output features of a step.
        channels: usize,
        /// What becomes of the number of steps.
        scaling: Scaling,
    },
    /// Long short-term memory (Hochreiter and Schmidhuber 1997); reads sequences. A vector code is its last state
    /// (Srivastava et al. 2015).
    Lstm {
        /// Features of its state.
        units: usize,
    },
    /// Gated recurrent unit (Cho et al. 2014); reads sequences.
    Gru {
        /// Features of its state.
        units: usize,
    },
    /// An encoder layer of a Transformer (Vaswani et al. 2017) with sinusoidal positions; reads sequences.
    Transformer {
        /// Features of a step within it, a multiple of `heads`.
        width: usize,
        /// Attention heads.
        heads: usize,
        /// Width of its feed-forward layer.
        hidden: usize,
    },
    /// Two layers whose result is added to what they read (He et al. 2016): convolutions on a picture, dense on a vector.
    /// Keeps the shape.
    Residual,
    /// A dense layer and a gate that says of each value how much of it is new (Srivastava et al. 2015); reads vectors and
    /// keeps their width.
    Highway,
}

impl BlockSpec {
    /// One of each kind with usual settings, in the order a menu shows.
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

    /// The name that people read.
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

    /// Whether it goes through a sequence step by step and its last state stands for the whole.
    pub const fn is_recurrent(&self) -> bool {
        matches!(self, Self::Lstm { .. } | Self::Gru { .. })
    }

    /// Whether it reads a sequence.
    pub const fn reads_sequence(&self) -> bool {
        self.is_recurrent() || matches!(self, Self::Conv1d { .. } | Self::Transformer { .. })
    }
}
