//! The narrow place, and what it does to the code.

use serde::{Deserialize, Serialize};

use crate::Activation;

/// The shape that an adversarial autoencoder gives its codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    /// Independent standard normals.
    #[default]
    Gaussian,
    /// Evenly in -1 to 1.
    Uniform,
    /// Ten narrow normals (deviation 0.1) on a circle of radius 1 in the first two numbers; the others are standard
    /// normals times 0.1.
    Ring,
}

impl Prior {
    /// Every prior, in the order a menu shows.
    pub const ALL: [Self; 3] = [Self::Gaussian, Self::Uniform, Self::Ring];

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gaussian => "normal",
            Self::Uniform => "even",
            Self::Ring => "ring of ten",
        }
    }
}

/// What the encoder's output is brought to.
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
    /// A normal distribution for each number of the code, drawn from in training; its mean is the code
    /// (Kingma and Welling 2014).
    Variational {
        /// Latent size.
        size: usize,
    },
    /// Every place of a feature map, every step of a sequence or every `dimension` numbers of a vector become the nearest
    /// of `codes` learnt vectors (van den Oord et al. 2017).
    VectorQuantised {
        /// Vectors in the codebook.
        codes: usize,
        /// Numbers in each.
        dimension: usize,
    },
    /// A discriminator tells codes from draws of a prior, and the encoder learns to fool it (Makhzani et al. 2016).
    Adversarial {
        /// Latent size.
        size: usize,
        /// What the codes shall look like.
        prior: Prior,
        /// Width of the discriminator's two hidden layers.
        hidden: usize,
    },
    /// Only the `active` largest numbers of each code are kept (Makhzani and Frey 2014).
    TopK {
        /// Latent size.
        size: usize,
        /// How many are kept.
        active: usize,
    },
}

impl BottleneckSpec {
    /// One of each kind with usual settings, in the order a menu shows.
    pub const ALL: [Self; 6] = [
        Self::Dense { size: 64, activation: Activation::Linear },
        Self::Direct,
        Self::Variational { size: 20 },
        Self::VectorQuantised { codes: 64, dimension: 16 },
        Self::Adversarial { size: 2, prior: Prior::Gaussian, hidden: 128 },
        Self::TopK { size: 64, active: 10 },
    ];

    /// The name that people read.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Dense { .. } => "Plain",
            Self::Direct => "Encoder's output",
            Self::Variational { .. } => "Variational",
            Self::VectorQuantised { .. } => "Vector-quantised",
            Self::Adversarial { .. } => "Adversarial",
            Self::TopK { .. } => "Sparse (top k)",
        }
    }

    /// Numbers in a code that is a vector of its own.
    pub const fn size(&self) -> Option<usize> {
        match self {
            Self::Dense { size, .. }
            | Self::Variational { size }
            | Self::Adversarial { size, .. }
            | Self::TopK { size, .. } => Some(*size),
            Self::Direct | Self::VectorQuantised { .. } => None,
        }
    }

    /// Activation of the code.
    pub const fn activation(&self) -> Activation {
        match self {
            Self::Dense { activation, .. } => *activation,
            _ => Activation::Linear,
        }
    }
}
