//! The bottleneck: the layer that makes the code, and what constrains it.

use serde::{Deserialize, Serialize};

use crate::Activation;

/// Prior distribution of an adversarial autoencoder's codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    /// Independent standard normals.
    #[default]
    Gaussian,
    /// Independent uniform distributions in -1 to 1.
    Uniform,
    /// Mixture of ten normals (standard deviation 0.1) on a circle of radius 1 in the first two dimensions; the other
    /// dimensions are normals of standard deviation 0.1.
    Ring,
}

impl Prior {
    /// Every prior, in the order of menus.
    pub const ALL: [Self; 3] = [Self::Gaussian, Self::Uniform, Self::Ring];

    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gaussian => "normal",
            Self::Uniform => "even",
            Self::Ring => "ring of ten",
        }
    }
}

/// Kind of bottleneck between encoder and decoder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BottleneckSpec {
    /// A dense layer to a code of `size` values.
    Dense {
        /// Latent size: number of values in the code.
        size: usize,
        /// Activation of the code.
        activation: Activation,
    },
    /// The encoder's output is the code, such as a convolutional encoder's last feature maps.
    Direct,
    /// Variational (Kingma and Welling 2014): mean and log variance of a normal distribution per value of the code.
    /// Training draws from it; otherwise the mean is the code.
    Variational {
        /// Latent size.
        size: usize,
    },
    /// Vector quantisation (van den Oord et al. 2017): every position of a feature map, every step of a sequence or
    /// every `dimension` values of a vector are replaced by the nearest of `codes` learnt vectors.
    VectorQuantised {
        /// Number of vectors in the codebook.
        codes: usize,
        /// Values per vector.
        dimension: usize,
    },
    /// Adversarial autoencoder (Makhzani et al. 2016): a discriminator distinguishes codes from draws from the prior,
    /// and the encoder learns to make them indistinguishable.
    Adversarial {
        /// Latent size.
        size: usize,
        /// Prior distribution of the codes.
        prior: Prior,
        /// Width of the discriminator's two hidden layers.
        hidden: usize,
    },
    /// k-sparse (Makhzani and Frey 2014): all but the `active` largest values of each code become 0.
    TopK {
        /// Latent size.
        size: usize,
        /// Number of values kept.
        active: usize,
    },
}

impl BottleneckSpec {
    /// One of each kind with usual settings, in the order of menus.
    pub const ALL: [Self; 6] = [
        Self::Dense { size: 64, activation: Activation::Linear },
        Self::Direct,
        Self::Variational { size: 20 },
        Self::VectorQuantised { codes: 64, dimension: 16 },
        Self::Adversarial { size: 2, prior: Prior::Gaussian, hidden: 128 },
        Self::TopK { size: 64, active: 10 },
    ];

    /// Name for display.
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

    /// Latent size, if the bottleneck has a dense layer that makes the code; else `None`.
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
