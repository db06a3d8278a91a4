//! Colours of pictures and of ink.

use super::{
    ink::Ink,
    raster::{Raster, luma_of},
    statistics::quantile,
};

/// Difference of a pixel's channels, of 255, above which it has a colour; scans and JPEG leave a tint below it.
const MIN_COLOUR_DIFFERENCE: f32 = 32.0;

/// Share of coloured pixels above which a picture is in colour.
const MIN_COLOURED_SHARE: f32 = 0.25;

/// Length of the mean of the ink's directions of colour, each of length 1, above which all ink is of one hue: a pen's.
const ONE_HUE: f32 = 0.9;

/// True if a picture is in colour rather than grey with a tint.
pub(super) fn is_coloured(planes: &[Vec<f32>; 3]) -> bool {
    let [red, _, _] = planes;
    coloured(planes).count() as f32 > MIN_COLOURED_SHARE * red.len() as f32
}

/// True if ink is of several colours that cover a part of the picture; a blue or red pen's ink is grey.
pub(super) fn is_coloured_ink(planes: &[Vec<f32>; 3]) -> bool {
    if !is_coloured(planes) {
        return false;
    }
    let (mut sum, mut count) = ([0.0; 3], 0.0);
    for colour in coloured(planes) {
        let offsets = offsets_of(colour);
        let length = offsets.iter().map(|offset| offset * offset).sum::<f32>().sqrt();
        sum.iter_mut().zip(offsets).for_each(|(sum, offset)| *sum += offset / length);
        count += 1.0;
    }
    sum.iter().map(|sum| sum * sum).sum::<f32>().sqrt() < ONE_HUE * count
}

fn coloured(planes: &[Vec<f32>; 3]) -> impl Iterator<Item = [f32; 3]> {
    let [red, green, blue] = planes;
    let colours = red.iter().zip(green).zip(blue).map(|((red, green), blue)| [*red, *green, *blue]);
    colours.filter(|[red, green, blue]| red.max(*green).max(*blue) - red.min(*green).min(*blue) > MIN_COLOUR_DIFFERENCE)
}

/// Differences of the channels from the luma, which sum to a luma of 0.
fn offsets_of(colour: [f32; 3]) -> [f32; 3] {
    let luma = luma_of(colour);
    colour.map(|value| value - luma)
}

/// Ink in its own hues, bright on black: its luma is that of the grey ink, so that a picture in colour and its grey copy
/// are the same to a network that reads grey.
pub(super) fn ink_planes(raster: &Raster, luma: &[f32], ink: &Ink) -> [Vec<f32>; 3] {
    // A tint of paper is not of the ink.
    let paper: [f32; 3] = std::array::from_fn(|channel| {
        let ground = raster.planes[channel].iter().zip(ink.mask()).filter(|(_, is_ink)| !is_ink);
        quantile(ground.map(|(value, _)| *value), 0.5).max(1.0)
    });
    let white = luma_of(paper);
    let mut planes: [Vec<f32>; 3] = std::array::from_fn(|_| Vec::with_capacity(luma.len()));
    for (index, value) in ink.values().into_iter().enumerate() {
        let colour = std::array::from_fn(|channel| raster.planes[channel][index] * white / paper[channel]);
        let offsets = offsets_of(colour);
        // As much of the hue as there is room for between black and white.
        let room = offsets.iter().map(|&offset| {
            if offset > 0.0 {
                (255.0 - value) / offset
            } else if offset < 0.0 {
                value / -offset
            } else {
                1.0
            }
        });
        let share = room.fold(1.0, f32::min);
        planes.iter_mut().zip(offsets).for_each(|(plane, offset)| plane.push(value + share * offset));
    }
    planes
}
