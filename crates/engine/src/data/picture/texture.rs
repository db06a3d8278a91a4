//! Texture of ink and ground, by which a drawing differs from a photograph.

use super::{
    filter::{maximum, mean, minimum},
    ink::Ink,
    statistics::quantile,
};
use crate::data::limits::PICTURE_SIDES;

/// Longer sides of a picture per pixel of distance from ink that counts as near: blur and shadows of strokes.
const NEAR: usize = 64;

/// Longer sides per pixel of the window in which noise is averaged, and per pixel of an edge.
const SMOOTH: usize = 128;
const EDGE: usize = 100;

/// Largest spread of noise that is allowed for, in parts of the ink's contrast; the spreads that 99.7 % of it stay within,
/// and a little more than the two that 95 % do.
const MAX_NOISE: f32 = 0.1;
const NOISE_REACH: f32 = 3.0;
const NOISE_QUANTILE: f32 = 2.3;

/// Differences far from ink, in parts of the ink's contrast, that are no ground: faint and clear ones.
const FAINT: f32 = 0.1;
const CLEAR: f32 = 0.2;

/// Largest unevenness of a drawing's ground. Scanned and photographed pages have up to 0.135, most photographs 0.17 to
/// 1.2.
const MAX_UNEVENNESS: f32 = 0.14;

/// Most faint and clear differences far from ink, in parts of the ink's area: pages with hard shadows have up to 0.7 and
/// 0.25, photographs with dark things 0.9 to 40 and 0.5 to 40.
const MAX_FAINT: f32 = 0.8;
const MAX_CLEAR: f32 = 0.3;

/// The same for bright ink: boards have up to 0.2 and 0.05, photographs with bright things 0.4 and 0.1 and more.
const STRICT_MAX_FAINT: f32 = 0.6;
const STRICT_MAX_CLEAR: f32 = 0.15;

/// The same on a ground without any noise, where pale parts belong to the drawing.
const MAX_FAINT_WHEN_CLEAN: f32 = 3.0;

/// Largest range of ink inside its areas, in parts of its contrast, if it has areas: a pen's has 0.05, things in
/// photographs 0.16 to 0.5. Broad strokes are areas too, and crossed by a shadow's edge they vary; bright things are
/// smaller.
const MAX_INK_RANGE: f32 = 0.15;
const MIN_AREA_SHARE: f32 = 0.1;
const STRICT_MIN_AREA_SHARE: f32 = 0.01;

/// Measures of texture, in parts of the ink's contrast.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texture {
    /// True if little may differ from ink and ground: around bright ink, and in small pictures, where less can be told.
    is_strict: bool,
    /// Spread of the ground's noise, as far as it was not averaged out.
    noise: f32,
    /// 95 % quantile of the ground's differences far from ink, without noise.
    unevenness: f32,
    /// Pixels far from ink that differ from the ground a little, and clearly, per pixel of ink.
    faint: f32,
    clear: f32,
    /// Share of the picture that is inside areas of ink, and the range between its quartiles.
    area_share: f32,
    ink_range: f32,
}

impl Texture {
    pub(super) fn of(ink: &Ink) -> Self {
        let (differences, size) = ink.differences();
        let longer = size.width.max(size.height);
        let mask: Vec<f32> = ink.mask().map(|is_ink| f32::from(u8::from(is_ink))).collect();
        let relative = |difference: f32| (difference - ink.ground()) / ink.contrast();
        let near = maximum(&mask, size, (longer / NEAR).max(1));
        let smooth = mean(differences, size, longer / SMOOTH);
        let far: Vec<f32> =
            smooth.iter().zip(near).filter(|(_, near)| *near == 0.0).map(|(value, _)| relative(*value).abs()).collect();
        let window = 2 * (longer / SMOOTH) + 1;
        let noise = (ink.spread() / ink.contrast() / window as f32).min(MAX_NOISE);
        let inked = mask.iter().sum::<f32>().max(1.0);
        let beyond = |least: f32| far.iter().filter(|value| **value > least).count() as f32 / inked;
        let inside = minimum(&mask, size, (longer / EDGE).max(1));
        let area: Vec<f32> = differences
            .iter()
            .zip(inside)
            .filter(|(_, inside)| *inside > 0.0)
            .map(|(value, _)| relative(*value))
            .collect();
        let quartile = |share: f32| quantile(area.iter().copied(), share);
        Self {
            is_strict: !ink.is_dark || longer <= *PICTURE_SIDES.end(),
            noise,
            unevenness: quantile(far.iter().copied(), 0.95),
            faint: beyond(FAINT.max(NOISE_REACH * noise)),
            clear: beyond(CLEAR.max(NOISE_REACH * noise)),
            area_share: area.len() as f32 / mask.len() as f32,
            ink_range: quartile(0.75) - quartile(0.25),
        }
    }

    /// True if it is a drawing's. On a clean ground, without noise, anything that stands out is drawn.
    pub(super) fn is_drawings(self, is_clean: bool) -> bool {
        if is_clean {
            return self.faint <= MAX_FAINT_WHEN_CLEAN;
        }
        let (faint, clear, area_share) = if self.is_strict {
            (STRICT_MAX_FAINT, STRICT_MAX_CLEAR, STRICT_MIN_AREA_SHARE)
        } else {
            (MAX_FAINT, MAX_CLEAR, MIN_AREA_SHARE)
        };
        self.unevenness <= MAX_UNEVENNESS.max(NOISE_QUANTILE * self.noise)
            && self.faint <= faint
            && self.clear <= clear
            && (self.area_share < area_share || self.ink_range <= MAX_INK_RANGE)
    }
}
