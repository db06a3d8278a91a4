//! The objective: reconstruction loss, corruption, penalties, and the weights of all terms.

mod corruption;
mod penalty;
mod term;
mod tie;

use serde::{Deserialize, Serialize};

pub use corruption::{Corruption, CorruptionParseError, Noise};
pub use penalty::{Penalty, PenaltyKind};
pub use term::Term;
pub use tie::{Tie, TieTarget};

/// Reconstruction loss between reconstruction and clean input: a mean over batch and values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconstructionLoss {
    /// Mean squared error.
    #[default]
    Mse,
    /// Mean absolute error.
    Mae,
    /// Quadratic below a difference of 0.1, linear above it (Huber 1964): robust to outliers.
    Huber,
    /// Binary cross-entropy in nats; the output activation must be a sigmoid.
    BinaryCrossEntropy,
    /// Negative log-likelihood in nats of a normal distribution with learnt variance (Rybkin et al. 2021); requires
    /// `network.learnt_variance`.
    Gaussian,
    /// `1 - SSIM` (Wang et al. 2004; Zhao et al. 2017), window 11x11; pictures only.
    Ssim,
    /// Squared difference of the features of a small classifier of digits, plus the squared error of the pixels
    /// (perceptual loss, Johnson et al. 2016); pictures only.
    FeatureMatching,
}

impl ReconstructionLoss {
    /// Every loss, in the order of menus.
    pub const ALL: [Self; 7] = [
        Self::Mse,
        Self::Mae,
        Self::Huber,
        Self::BinaryCrossEntropy,
        Self::Gaussian,
        Self::Ssim,
        Self::FeatureMatching,
    ];

    /// Name on the command line and in links.
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

    /// Name for display.
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

    /// True if it is a mean of losses per value, so that it can be taken on hidden values alone.
    pub const fn is_elementwise(self) -> bool {
        !matches!(self, Self::Ssim | Self::FeatureMatching)
    }
}

/// Values that the reconstruction loss is taken on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All values.
    #[default]
    All,
    /// Values that the corruption hid (masked autoencoder, He et al. 2022).
    Hidden,
}

/// Objective of training: the sum of all terms of the loss ([`Term`]), each times its weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Objective {
    /// Reconstruction loss.
    pub loss: ReconstructionLoss,
    /// Corruption of the input.
    pub corruption: Corruption,
    /// Values that the reconstruction loss is taken on.
    pub scope: Scope,
    /// Weight of the reconstruction loss; 0 leaves it out.
    pub reconstruction: f32,
    /// Penalties on the code.
    pub penalties: Vec<Penalty>,
    /// Weight of a variational code's KL divergence from the standard normal (beta-VAE, Higgins et al. 2017); with 1
    /// the objective is the negative evidence lower bound.
    pub beta: f32,
    /// Share of all steps, 0 to 1, over which `beta` rises linearly from 0, against posterior collapse (Bowman et al.
    /// 2016).
    pub beta_warm_up_share: f32,
    /// Weight of the commitment loss of a quantised code (van den Oord et al. 2017).
    pub commitment: f32,
    /// Weight of the encoder's adversarial loss against the discriminator.
    pub adversarial: f32,
    /// Weight of the classifier's cross-entropy.
    pub classification: f32,
    /// Weight of the regression head's squared error.
    pub regression: f32,
    /// Latent numbers that are tied to properties of the samples.
    pub ties: Vec<Tie>,
    /// Weight of the sum of all ties.
    pub tying: f32,
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
            // Beside a squared error of 0.05, a larger weight makes the adversarial loss all that is learnt.
            adversarial: 0.003,
            classification: 0.1,
            // Of digits: R² .82 and r .93 as with ten times these weights, which cost 5 and 9 % of the squared error in
            // place of 24 and 26 % (`pinhole sweep` over the presets).
            regression: 0.01,
            ties: Vec::new(),
            tying: 0.01,
        }
    }
}
