//! What is done to an input before the network sees it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A kind of corruption. Pictures hold values in 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// The input as it is.
    #[default]
    None,
    /// Adds normal noise; the level is its standard deviation. The result is clipped to 0 to 1, so that it is a picture
    /// (a table's row is not clipped).
    Gaussian,
    /// As `Gaussian`, but not clipped: the textbook corruption of Vincent et al. 2010.
    GaussianUnclipped,
    /// A share `level` of the values becomes 0 or 1 with equal chance.
    SaltAndPepper,
    /// A share `level` of the values is hidden: becomes 0 (Vincent et al. 2008).
    Masking,
    /// A rectangle of a share `level` of the picture is hidden, anywhere (inpainting, Pathak et al. 2016).
    Block,
    /// A share `level` of the columns is hidden: columns of pixels, or all values of a table's column.
    Columns,
    /// A share `level` of the steps is hidden: rows of pixels, or steps of a sequence.
    Steps,
    /// Blurs by a Gaussian of `4 level` pixels.
    Blur,
    /// Loses a share `level` of the resolution: averaged down and brought back by repetition (super-resolution).
    DownScaling,
}

impl Noise {
    /// Every kind, in the order a menu shows.
    pub const ALL: [Self; 10] = [
        Self::None,
        Self::Gaussian,
        Self::GaussianUnclipped,
        Self::SaltAndPepper,
        Self::Masking,
        Self::Block,
        Self::Columns,
        Self::Steps,
        Self::Blur,
        Self::DownScaling,
    ];

    /// The word used on the command line and in links.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gaussian => "gaussian",
            Self::GaussianUnclipped => "gaussian-unclipped",
            Self::SaltAndPepper => "salt-and-pepper",
            Self::Masking => "masking",
            Self::Block => "block",
            Self::Columns => "columns",
            Self::Steps => "steps",
            Self::Blur => "blur",
            Self::DownScaling => "down-scaling",
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
            Self::Block => "Hidden block",
            Self::Columns => "Hidden columns",
            Self::Steps => "Hidden steps",
            Self::Blur => "Blur",
            Self::DownScaling => "Down-scaling",
        }
    }

    /// Whether it says which values it hides, so that the loss can be taken on those alone.
    pub const fn hides(self) -> bool {
        matches!(self, Self::SaltAndPepper | Self::Masking | Self::Block | Self::Columns | Self::Steps)
    }
}

/// Noise of a kind at a level, applied to the input only: the target stays clean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Corruption {
    /// Kind of noise.
    pub noise: Noise,
    /// How strong, 0 to 1: see the kind.
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
