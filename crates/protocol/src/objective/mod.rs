//! What the network is asked to do: undo a corruption, as judged by a reconstruction error and by penalties.

mod corruption;
mod penalty;
mod term;

use serde::{Deserialize, Serialize};

pub use corruption::{Corruption, CorruptionParseError, Noise};
pub use penalty::{Penalty, PenaltyKind};
pub use term::Term;

/// How a reconstruction is compared with the clean input; the mean over batch and values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconstructionLoss {
    /// Mean squared error.
    #[default]
    Mse,
    /// Mean absolute error.
    Mae,
    /// Squared below a difference of 0.1, absolute above it (Huber 1964): one wild value weighs little.
    Huber,
    /// Binary cross-entropy in nats: values are read as probabilities, so the output must end in a sigmoid.
    BinaryCrossEntropy,
    /// Negative log-likelihood of a normal distribution whose variance is learnt, in nats (Rybkin et al. 2021); needs
    /// `network.learnt_variance`.
    Gaussian,
    /// `1 - SSIM` (Wang et al. 2004; Zhao et al. 2017), window 11x11; pictures only.
    Ssim,
    /// Squared difference of the features of a small network trained to tell digits apart, plus the pixels' own squared
    /// error (Johnson et al. 2016); pictures only.
    FeatureMatching,
}

impl ReconstructionLoss {
    /// Every loss, in the order a menu shows.
    pub const ALL: [Self; 7] = [
        Self::Mse,
        Self::Mae,
        Self::Huber,
        Self::BinaryCrossEntropy,
        Self::Gaussian,
        Self::Ssim,
        Self::FeatureMatching,
    ];

    /// The word used on the command line and in links.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Mse => "mse",
            Self::Mae => "mae",
            Self::Huber => "huber",
            Self::BinaryCrossEntropy => "bce",
            Self::Gaussian => "gaussian",
            Self::Ssim => "ssim",
            Self::FeatureMatching => "features",
        }
    }

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mse => "Squared error",
            Self::Mae => "Absolute error",
            Self::Huber => "Huber",
            Self::BinaryCrossEntropy => "Binary cross-entropy",
            Self::Gaussian => "Gaussian, learnt variance",
            Self::Ssim => "1 − SSIM",
            Self::FeatureMatching => "Feature matching",
        }
    }

    /// Whether it can be taken value by value, and so on hidden values alone.
    pub const fn is_elementwise(self) -> bool {
        !matches!(self, Self::Ssim | Self::FeatureMatching)
    }
}

/// Which values the reconstruction error looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All.
    #[default]
    All,
    /// Those that the corruption hid (masked autoencoder, He et al. 2022).
    Hidden,
}

/// What training minimises: the sum of all terms, each times its weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Objective {
    /// How the reconstruction is compared with the clean input.
    pub loss: ReconstructionLoss,
    /// What is done to the input first.
    pub corruption: Corruption,
    /// Where the reconstruction is compared.
    pub scope: Scope,
    /// Weight of the reconstruction error; 0 leaves it out.
    pub reconstruction: f32,
    /// What else is minimised.
    pub penalties: Vec<Penalty>,
    /// Weight of a variational code's divergence from the standard normal (beta-VAE, Higgins et al. 2017); 1 is the
    /// evidence lower bound.
    pub beta: f32,
    /// The share of all steps over which `beta` rises evenly from 0 (Bowman et al. 2016), against posterior collapse.
    pub beta_warm_up_share: f32,
    /// Weight of a quantised code's commitment to its codebook vector (van den Oord et al. 2017).
    pub commitment: f32,
    /// Weight of fooling the discriminator of an adversarial code.
    pub adversarial: f32,
    /// Weight of the classifier's cross-entropy.
    pub classification: f32,
}

impl Default for Objective {
    fn default() -> Self {
        Self {
            loss: ReconstructionLoss::Mse,
            corruption: Corruption::default(),
            scope: Scope::All,
            reconstruction: 1.0,
            penalties: Vec::new(),
            beta: 1.0,
            beta_warm_up_share: 0.0,
            commitment: 0.25,
            // Beside a squared error of 0.05 a larger weight lets fooling the discriminator be all that is learnt.
            adversarial: 0.003,
            classification: 0.1,
        }
    }
}
