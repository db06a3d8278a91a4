//! What the network is asked to do: undo a corruption, as judged by a reconstruction error.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How a reconstruction is compared with the clean input; the mean over batch and pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconstructionLoss {
    /// Mean squared error.
    #[default]
    Mse,
    /// Binary cross-entropy in nats: pixels are read as probabilities, so the output must end in a sigmoid.
    BinaryCrossEntropy,
}

/// A kind of noise. Inputs are grey values in 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// The input as it is.
    #[default]
    None,
    /// Adds normal noise; the level is its standard deviation. The result is clipped to 0 to 1, so that it is a picture.
    Gaussian,
    /// As `Gaussian`, but not clipped: the textbook corruption of Vincent et al. 2010.
    GaussianUnclipped,
    /// A share `level` of the pixels becomes black or white with equal chance.
    SaltAndPepper,
    /// A share `level` of the pixels becomes 0 (Vincent et al. 2008).
    Masking,
}

impl Noise {
    /// Every kind, in the order a menu shows.
    pub const ALL: [Self; 5] =
        [Self::None, Self::Gaussian, Self::GaussianUnclipped, Self::SaltAndPepper, Self::Masking];

    /// The word used on the command line and in links.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gaussian => "gaussian",
            Self::GaussianUnclipped => "gaussian-unclipped",
            Self::SaltAndPepper => "salt-and-pepper",
            Self::Masking => "masking",
        }
    }

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Gaussian => "Gaussian",
            Self::GaussianUnclipped => "Gaussian, unclipped",
            Self::SaltAndPepper => "Salt and pepper",
            Self::Masking => "Masking",
        }
    }
}

/// Noise of a kind at a level, applied to the input only: the target stays clean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Corruption {
    /// Kind of noise.
    pub noise: Noise,
    /// Standard deviation (Gaussian) or share of pixels (the others), 0 to 1.
    pub level: f32,
    /// In training, draw each image's level evenly from 0 to `level`, so that one model serves every setting of a slider.
    pub varied: bool,
}

impl Corruption {
    /// A fixed level.
    pub const fn new(noise: Noise, level: f32) -> Self {
        Self { noise, level, varied: false }
    }

    /// Whether the input stays as it is.
    pub fn is_none(self) -> bool {
        self.noise == Noise::None || self.level <= 0.0
    }
}

impl fmt::Display for Corruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.noise, self.varied) {
            (Noise::None, _) => f.write_str("none"),
            (noise, false) => write!(f, "{}:{}", noise.slug(), self.level),
            (noise, true) => write!(f, "{}:0-{}", noise.slug(), self.level),
        }
    }
}

/// Why a corruption could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no corruption: write a kind and a level, such as gaussian:0.5, salt-and-pepper:0.2, masking:0.3 or none \
     (gaussian:0-0.5 varies the level)"
)]
pub struct CorruptionParseError(pub String);

impl FromStr for Corruption {
    type Err = CorruptionParseError;

    /// Reads `none`, `kind:level` or `kind:0-level`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || CorruptionParseError(text.to_owned());
        if text == "none" {
            return Ok(Self::default());
        }
        let (kind, level) = text.split_once(':').ok_or_else(refuse)?;
        let noise = Noise::ALL.into_iter().find(|noise| noise.slug() == kind).ok_or_else(refuse)?;
        let (varied, level) = level.strip_prefix("0-").map_or((false, level), |level| (true, level));
        let level: f32 = level.parse().map_err(|_| refuse())?;
        if !(0.0..=1.0).contains(&level) {
            return Err(refuse());
        }
        Ok(Self { noise, level, varied })
    }
}

/// What training minimises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Objective {
    /// How the reconstruction is compared with the clean input.
    pub loss: ReconstructionLoss,
    /// What is done to the input first.
    pub corruption: Corruption,
}
