//! Fine maps as the matrix that a convolution multiplies, [numbers of a window, coarse places]: packed where it is read.

use std::ops::Range;

use super::Convolution;
use super::grid::{Line, OUTSIDE};
use crate::cpu::blocks::Operand;

/// Lanes are coarse places, the depth goes through the window of each, in the order of the weights.
pub(super) struct Patches<'a> {
    /// Fine.
    pub maps: &'a [f32],
    pub convolution: &'a Convolution,
}

impl Operand for Patches<'_> {
    fn lanes(&self) -> usize {
        self.convolution.coarse_grid().len()
    }

    fn depth(&self) -> usize {
        self.convolution.window()
    }

    fn pack<const N: usize>(&self, first: usize, depth: Range<usize>, strip: &mut [[f32; N]]) {
        let Convolution { fine: [channels, rows, columns], kernel, stride, padding, .. } = *self.convolution;
        let area = self.convolution.area();
        let places = self.convolution.coarse_grid().places::<N>(first);
        for tap in 0..area {
            let offsets = places.map(|place| {
                let Some([sample, row, column]) = place else { return OUTSIDE };
                let row = (row * stride[0] + tap / kernel[1]).wrapping_sub(padding[0]);
                let column = (column * stride[1] + tap % kernel[1]).wrapping_sub(padding[1]);
                let is_inside = row < rows && column < columns;
                if is_inside { (sample * channels * rows + row) * columns + column } else { OUTSIDE }
            });
            // The first channel in which this tap lies within `depth`.
            let channel = depth.start.saturating_sub(tap).div_ceil(area);
            let entries = strip.iter_mut().skip(channel * area + tap - depth.start).step_by(area);
            for (entry, channel) in entries.zip(channel..) {
                let map = &self.maps[channel * rows * columns..];
                *entry = offsets.map(|offset| map.get(offset).copied().unwrap_or(0.0));
            }
        }
    }
}

/// Lanes are the numbers of a window in the order of the weights, the depth goes through coarse places.
pub(super) struct Windows<'a> {
    /// Fine.
    pub maps: &'a [f32],
    pub convolution: &'a Convolution,
}

impl Operand for Windows<'_> {
    fn lanes(&self) -> usize {
        self.convolution.window()
    }

    fn depth(&self) -> usize {
        self.convolution.coarse_grid().len()
    }

    fn pack<const N: usize>(&self, first: usize, depth: Range<usize>, mut strip: &mut [[f32; N]]) {
        let Convolution { fine: [channels, rows, columns], kernel, stride, padding, .. } = *self.convolution;
        let area = self.convolution.area();
        strip.fill([0.0; N]);
        for Line { sample, row, columns: places } in self.convolution.coarse_grid().lines(depth) {
            let entries = strip.split_off_mut(..places.len()).expect("an entry for each place");
            for (lane, number) in (first..self.lanes().min(first + N)).enumerate() {
                let (channel, tap) = (number / area, number % area);
                let row = (row * stride[0] + tap / kernel[1]).wrapping_sub(padding[0]);
                if row >= rows {
                    continue;
                }
                let map = &self.maps[((sample * channels + channel) * rows + row) * columns..][..columns];
                let mut column = (places.start * stride[1] + tap % kernel[1]).wrapping_sub(padding[1]);
                for entry in &mut *entries {
                    if let Some(&value) = map.get(column) {
                        entry[lane] = value;
                    }
                    column = column.wrapping_add(stride[1]);
                }
            }
        }
    }
}
