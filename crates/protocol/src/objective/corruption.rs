//! Corruption of inputs, for denoising autoencoders.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Kind of corruption. Values of pictures are in 0 to 1; `level` is [`Corruption::level`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// No corruption.
    #[default]
    None,
    /// Adds normal noise of standard deviation `level`. Pictures are clipped to 0 to 1; rows of a table are not.
    Gaussian,
    /// Adds normal noise of standard deviation `level` without clipping (Vincent et al. 2010).
    GaussianUnclipped,
    /// Sets a share `level` of the values to 0 or 1 with equal probability.
    SaltAndPepper,
    /// Masking noise: sets a share `level` of the values to 0 (Vincent et al. 2008).
    Masking,
    /// Sets a random rectangle with a share `level` of the area to 0 (inpainting, Pathak et al. 2016).
    Block,
    /// Sets a share `level` of the columns to 0: columns of pixels, or all values of a table's column.
    Columns,
    /// Sets a share `level` of the steps to 0: rows of pixels, or steps of a sequence.
    Steps,
    /// Gaussian blur of standard deviation `4 level` pixels.
    Blur,
    /// Reduces the resolution by a share `level`: averages blocks of pixels and repeats the means (super-resolution).
    DownScaling,
}

impl Noise {
    /// Every kind, in the order of menus.
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

    /// Name on the command line and in links.
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

    /// Name for display.
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

    /// True if it has a mask of corrupted values, on which the loss can be taken alone ([`crate::Scope::Hidden`]).
    pub const fn hides(self) -> bool {
        matches!(self, Self::SaltAndPepper | Self::Masking | Self::Block | Self::Columns | Self::Steps)
    }
}

/// A kind of corruption at a level. It applies to the input only; the target stays clean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Corruption {
    /// The kind.
    pub noise: Noise,
    /// Strength, 0 to 1; see the kind.
    pub level: f32,
    /// In training, draw each sample's level uniformly from 0 to `level`, so that one model serves all levels.
    pub varied: bool,
}

impl Corruption {
    /// Returns a corruption at a fixed level.
    pub const fn new(noise: Noise, level: f32) -> Self {
        Self { noise, level, varied: false }
    }

    /// True if inputs are not changed.
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

/// Error for a text that is no corruption.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no corruption: write a kind and a level, such as gaussian:0.5, salt-and-pepper:0.2, masking:0.3 or none \
     (gaussian:0-0.5 varies the level)"
)]
pub struct CorruptionParseError(pub String);

impl FromStr for Corruption {
    type Err = CorruptionParseError;

    /// Parses `none`, `kind:level` or `kind:0-level` (varied).
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
