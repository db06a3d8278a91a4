//! A part of a picture in a size to work on.

use super::{levels::Levels, samples::Samples};
use crate::data::{
    fit::LUMA,
    resample::{RowResizer, Size, resize},
};

/// A rectangle of pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) size: Size,
}

impl Region {
    /// The whole of a picture.
    pub(super) const fn whole(size: Size) -> Self {
        Self { left: 0, top: 0, size }
    }

    /// The same rectangle in another size of the picture, rounded outwards.
    pub(super) fn scaled(self, from: Size, to: Size) -> Self {
        let span = |start: usize, length: usize, from: usize, to: usize| {
            let first = start * to / from;
            (first, ((start + length) * to).div_ceil(from).min(to) - first)
        };
        let (left, width) = span(self.left, self.size.width, from.width, to.width);
        let (top, height) = span(self.top, self.size.height, from.height, to.height);
        Self { left, top, size: Size { width, height } }
    }

    /// The rectangle with `room` pixels more on each side, inside a picture of that size.
    pub(super) fn grown(self, room: usize, size: Size) -> Self {
        let (left, top) = (self.left.saturating_sub(room), self.top.saturating_sub(room));
        let right = (self.left + self.size.width + room).min(size.width);
        let bottom = (self.top + self.size.height + room).min(size.height);
        Self { left, top, size: Size { width: right - left, height: bottom - top } }
    }

    /// This rectangle of a rectangle that begins at `outer`.
    pub(super) const fn within(self, outer: Self) -> Self {
        Self { left: self.left + outer.left, top: self.top + outer.top, size: self.size }
    }

    /// This part of a plane whose rows have `width` pixels.
    pub(super) fn crop<T: Copy>(self, plane: &[T], width: usize) -> Vec<T> {
        let rows = self.top..self.top + self.size.height;
        rows.flat_map(|y| &plane[y * width + self.left..][..self.size.width]).copied().collect()
    }
}

/// Red, green and blue planes, 0 to 255.
#[derive(Clone, Debug)]
pub(super) struct Raster {
    pub(super) size: Size,
    pub(super) planes: [Vec<f32>; 3],
}

impl Raster {
    /// A part of a picture, scaled down to at most `most` pixels per side. Transparent parts show `background`, 0 to 255;
    /// without one, white under dark ink and black under bright ink. Returns the background too.
    pub(super) fn of(
        samples: &Samples<'_>,
        region: Region,
        levels: Levels,
        most: usize,
        background: Option<f32>,
    ) -> (Self, f32) {
        let size = if region.size.width.max(region.size.height) > most { region.size.fit(most) } else { region.size };
        let colours = samples.colours();
        let mut scaled: Vec<RowResizer> = (0..samples.channels).map(|_| RowResizer::new(region.size, size)).collect();
        let (mut row, mut alpha) = (Vec::new(), Vec::new());
        for y in region.top..region.top + region.size.height {
            let start = y * samples.width + region.left;
            let pixels = start..start + region.size.width;
            if samples.has_alpha() {
                samples.read(pixels.clone(), colours, &mut alpha);
                for value in &mut alpha {
                    *value /= samples.full_alpha();
                }
                scaled[colours].push_row(&alpha);
            }
            for (channel, scaled) in scaled.iter_mut().enumerate().take(colours) {
                samples.read(pixels.clone(), channel, &mut row);
                for value in &mut row {
                    *value = levels.apply(*value);
                }
                // A colour counts by its cover, so that what is transparent leaves no trace at an edge.
                row.iter_mut().zip(&alpha).for_each(|(value, alpha)| *value *= alpha);
                scaled.push_row(&row);
            }
        }
        let mut planes = scaled.into_iter().map(RowResizer::finish);
        let red = planes.next().unwrap_or_default();
        let planes_of_colour: [Vec<f32>; 3] = if colours == 3 {
            let green = planes.next().unwrap_or_default();
            [red, green, planes.next().unwrap_or_default()]
        } else {
            [red.clone(), red.clone(), red]
        };
        let mut raster = Self { size, planes: planes_of_colour };
        let Some(cover) = planes.next() else { return (raster, 0.0) };
        let background = background.unwrap_or_else(|| background_of(&raster.luma(), &cover));
        for plane in &mut raster.planes {
            plane.iter_mut().zip(&cover).for_each(|(value, cover)| *value += background * (1.0 - cover));
        }
        (raster, background)
    }

    /// Luma, 0 to 255.
    pub(super) fn luma(&self) -> Vec<f32> {
        let [red, green, blue] = &self.planes;
        let colours = red.iter().zip(green).zip(blue);
        colours.map(|((red, green), blue)| luma_of([*red, *green, *blue])).collect()
    }

    /// A part of it.
    pub(super) fn crop(&self, region: Region) -> Self {
        Self {
            size: region.size,
            planes: std::array::from_fn(|channel| region.crop(&self.planes[channel], self.size.width)),
        }
    }

    /// The same in another size.
    pub(super) fn resized(&self, size: Size) -> Self {
        Self { size, planes: std::array::from_fn(|channel| resize(&self.planes[channel], self.size, size)) }
    }

    /// The planes one after the other as bytes, scaled down to at most `most` pixels per side.
    pub(super) fn to_bytes(&self, most: usize) -> (Size, Vec<u8>) {
        let is_large = self.size.width.max(self.size.height) > most;
        let size = if is_large { self.size.fit(most) } else { self.size };
        let bytes = |plane: &Vec<f32>| resize(plane, self.size, size).into_iter().map(|value| value.round() as u8);
        (size, self.planes.iter().flat_map(bytes).collect())
    }
}

/// Luma of a colour.
pub(super) fn luma_of(colour: [f32; 3]) -> f32 {
    // In whole thousandths, so that a grey keeps its exact value.
    let sum: f32 = colour.iter().zip(LUMA).map(|(value, weight)| value * weight as f32).sum();
    sum / 1000.0
}

/// Background of transparent parts: white under dark ink, black under bright ink. `luma` is multiplied by its cover.
fn background_of(luma: &[f32], cover: &[f32]) -> f32 {
    let (ink, covered): (f32, f32) = (luma.iter().sum(), cover.iter().sum());
    if 2.0 * ink < 255.0 * covered { 255.0 } else { 0.0 }
}
