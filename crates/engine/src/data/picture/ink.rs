//! Ink, found by its contrast to the ground.

use super::{
    ground::{Model, brightness},
    otsu::threshold,
    statistics::{median, quantile, spread},
    texture::Texture,
};
use crate::data::resample::Size;

/// Least contrast of ink and ground, in levels of 255: a pencil on paper has 40, the coarsest JPEG's noise 10.
const MIN_CONTRAST: f32 = 16.0;

/// The same for bright ink: chalk on a board has 100.
const MIN_BRIGHT_CONTRAST: f32 = 60.0;

/// Largest luma of the ground of bright ink: boards and screens are dark.
const MAX_BOARD: f32 = 140.0;

/// Least contrast of ink in spreads of the ground; the values of a normal distribution reach 4 in a picture.
const MIN_CONTRAST_SPREADS: f32 = 7.0;

/// The same for bright ink, as lamps and highlights in photographs are bright too.
const MIN_BRIGHT_CONTRAST_SPREADS: f32 = 12.0;

/// Spreads above the ground at which a pixel is no longer its noise.
const NOISE_SPREADS: f32 = 4.0;

/// Least difference from the ground that is no noise, in levels: a JPEG's.
const MIN_NOISE: f32 = 6.0;

/// Spreads of the ground that become 0, and the most of the contrast that they may be.
const CLEARED_SPREADS: f32 = 2.0;
const MAX_CLEARED_SHARE: f32 = 0.25;

/// Largest share of a picture that is ink; in a photograph of two halves neither is a ground.
const MAX_INK_SHARE: f32 = 0.45;

/// Largest share of ink under an envelope, which explains any texture by shadows: that of a written page.
const MAX_INK_SHARE_OF_ENVELOPE: f32 = 0.25;

/// Largest share of a picture's outermost pixels that are ink: strokes may be cut by the border, a landscape or a wall's
/// joints fill it.
const MAX_BORDER_SHARE: f32 = 0.15;

/// The same on a ground without noise: digits that fill their picture.
const MAX_CLEAN_BORDER_SHARE: f32 = 0.3;

/// Least number of ink's pixels, and their least share.
const MIN_INK_PIXELS: usize = 4;
const MIN_INK_SHARE: f32 = 2e-4;

/// Contrast of ink, in levels, below which it is stretched to the whole range. Above it colours keep their brightness, and
/// room for their hue.
const FULL_CONTRAST: f32 = 190.0;

/// Quantile of the ink's values that becomes 255: strokes are fainter at their edges.
const FULL_INK: f32 = 0.75;

/// Spread of a ground, in levels, that no camera and no scanner gives: the picture was made by a program or cut out.
const CLEAN_SPREAD: f32 = 0.5;

/// Least brightness of a ground, in levels, by which light is divided out rather than subtracted.
const MIN_DIVISOR: f32 = 12.0;

/// Ink on its ground.
#[derive(Clone, Debug)]
pub(super) struct Ink {
    pub(super) is_dark: bool,
    pub(super) model: Model,
    size: Size,
    /// Difference from the ground at each pixel, positive towards ink, as under even light.
    differences: Vec<f32>,
    /// Middle and spread of the ground's differences.
    ground: f32,
    spread: f32,
    /// Difference from which a pixel is ink.
    threshold: f32,
    /// Difference of full ink.
    full: f32,
    /// Mean difference of the ground's brightness between neighbours, in levels.
    pub(super) ground_slope: f32,
}

impl Ink {
    /// The ink of that brightness on a ground of that model; `None` if the picture is no such drawing.
    pub(super) fn find(luma: &[f32], size: Size, model: Model, is_dark: bool) -> Option<Self> {
        if !is_dark && median(luma) > MAX_BOARD {
            return None;
        }
        let brightness = brightness(luma, size, model, is_dark);
        let differences = differences(luma, &brightness, model, is_dark);
        let ground = median(&differences);
        let spread = spread(&differences, ground);
        let noise = ground + (NOISE_SPREADS * spread).max(MIN_NOISE);
        let threshold = threshold(&differences, ground, noise)?.max(noise);
        let full = quantile(differences.iter().copied().filter(|value| *value > threshold), FULL_INK);
        let ground_slope = slope(&brightness, size.width);
        let ink = Self { is_dark, model, size, differences, ground, spread, threshold, full, ground_slope };
        ink.is_plausible().then_some(ink)
    }

    fn is_plausible(&self) -> bool {
        let contrast = self.contrast();
        let inked = self.mask().filter(|&is_ink| is_ink).count();
        let share = inked as f32 / self.differences.len() as f32;
        let most = if self.model == Model::Envelope { MAX_INK_SHARE_OF_ENVELOPE } else { MAX_INK_SHARE };
        let (least, least_spreads) = if self.is_dark {
            (MIN_CONTRAST, MIN_CONTRAST_SPREADS)
        } else {
            (MIN_BRIGHT_CONTRAST, MIN_BRIGHT_CONTRAST_SPREADS)
        };
        contrast >= least
            && contrast >= least_spreads * self.spread
            && inked >= MIN_INK_PIXELS
            && (MIN_INK_SHARE..=most).contains(&share)
            && self.border_share() <= if self.is_clean() { MAX_CLEAN_BORDER_SHARE } else { MAX_BORDER_SHARE }
            && Texture::of(self).is_drawings(self.is_clean())
    }

    /// True if its ground is without noise.
    pub(super) fn is_clean(&self) -> bool {
        self.model == Model::Flat && self.spread <= CLEAN_SPREAD
    }

    /// Contrast in spreads of the ground, of at least a level.
    pub(super) fn quality(&self) -> f32 {
        (self.full - self.ground) / self.spread.max(1.0)
    }

    /// Difference of full ink from the ground, in levels.
    pub(super) fn contrast(&self) -> f32 {
        self.full - self.ground
    }

    /// True for each pixel of ink.
    pub(super) fn mask(&self) -> impl Iterator<Item = bool> {
        self.differences.iter().map(|value| *value > self.threshold)
    }

    /// True if its contrast is stretched to the whole range.
    pub(super) fn is_faint(&self) -> bool {
        self.contrast() < FULL_CONTRAST
    }

    /// Ink from 0 (ground) to 255 (full ink), or to its contrast if that is large enough.
    pub(super) fn values(&self) -> Vec<f32> {
        let contrast = self.full - self.ground;
        let cleared = (CLEARED_SPREADS * self.spread).min(MAX_CLEARED_SHARE * contrast);
        let low = self.ground + cleared;
        let full = if self.is_faint() { 255.0 } else { contrast.min(255.0) };
        let scale = full / (self.full - low);
        self.differences.iter().map(|value| ((value - low) * scale).clamp(0.0, 255.0)).collect()
    }

    /// Share of the outermost pixels that are ink.
    pub(super) fn border_share(&self) -> f32 {
        let (inked, border) = self.size.border().fold((0, 0), |(inked, border), index| {
            (inked + usize::from(self.differences[index] > self.threshold), border + 1)
        });
        inked as f32 / border as f32
    }

    /// Middle of the ground's differences.
    pub(super) const fn ground(&self) -> f32 {
        self.ground
    }

    /// Spread of the ground.
    pub(super) const fn spread(&self) -> f32 {
        self.spread
    }

    /// Differences from the ground, and the picture's size.
    pub(super) fn differences(&self) -> (&[f32], Size) {
        (&self.differences, self.size)
    }
}

/// Difference of each pixel from its ground, positive towards ink, in levels of a ground that is lit evenly.
fn differences(luma: &[f32], ground: &[f32], model: Model, is_dark: bool) -> Vec<f32> {
    let least = ground.iter().copied().fold(f32::MAX, f32::min);
    let even = median(ground);
    let sign = if is_dark { -1.0 } else { 1.0 };
    let pairs = luma.iter().zip(ground);
    if model == Model::Flat || least < MIN_DIVISOR {
        pairs.map(|(value, ground)| sign * (value - ground)).collect()
    } else {
        // Ink reflects a share of the light that its ground would reflect there.
        pairs.map(|(value, ground)| sign * (value / ground - 1.0) * even).collect()
    }
}

fn slope(plane: &[f32], width: usize) -> f32 {
    let differences = plane.chunks_exact(width).flat_map(|row| row.windows(2)).map(|pair| (pair[1] - pair[0]).abs());
    differences.sum::<f32>() / plane.len() as f32
}
