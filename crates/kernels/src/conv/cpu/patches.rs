//! Fine feature maps as the matrix of patches that a convolution multiplies, [values of a patch, coarse positions]:
//! packed from where the values lie.

use std::ops::Range;

use pinhole_numerics::matmul::Operand;

use super::grid::{Line, OUTSIDE};
use crate::conv::Convolution;

/// An operand whose lanes are coarse positions and whose steps are the values of the patch of each, in the order of the
/// weights.
pub(super) struct Patches<'a> {
    /// The fine maps.
    pub maps: &'a [f32],
    pub convolution: &'a Convolution,
}

impl Operand for Patches<'_> {
    fn lanes(&self) -> usize {
        self.convolution.coarse_grid().len()
    }

    fn depth(&self) -> usize {
        self.convolution.patch_size()
    }

    fn pack<const N: usize>(&self, first: usize, depth: Range<usize>, strip: &mut [[f32; N]]) {
        let Convolution { fine: [channels, rows, columns], kernel, stride, padding, .. } = *self.convolution;
        let taps = self.convolution.taps();
        let positions = self.convolution.coarse_grid().positions::<N>(first);
        for tap in 0..taps {
            let offsets = positions.map(|position| {
                let Some([sample, row, column]) = position else { return OUTSIDE };
                let row = (row * stride[0] + tap / kernel[1]).wrapping_sub(padding[0]);
                let column = (column * stride[1] + tap % kernel[1]).wrapping_sub(padding[1]);
                let is_inside = row < rows && column < columns;
                if is_inside { (sample * channels * rows + row) * columns + column } else { OUTSIDE }
            });
            // The first channel in which this tap lies within `depth`.
            let channel = depth.start.saturating_sub(tap).div_ceil(taps);
            let entries = strip.iter_mut().skip(channel * taps + tap - depth.start).step_by(taps);
            for (entry, channel) in entries.zip(channel..) {
                let map = &self.maps[channel * rows * columns..];
                *entry = offsets.map(|offset| map.get(offset).copied().unwrap_or(0.0));
            }
        }
    }
}

/// The transpose: an operand whose lanes are the values of a patch, in the order of the weights, and whose steps are
/// coarse positions.
pub(super) struct PatchesByPosition<'a> {
    /// The fine maps.
    pub maps: &'a [f32],
    pub convolution: &'a Convolution,
}

impl Operand for PatchesByPosition<'_> {
    fn lanes(&self) -> usize {
        self.convolution.patch_size()
    }

    fn depth(&self) -> usize {
        self.convolution.coarse_grid().len()
    }

    fn pack<const N: usize>(&self, first: usize, depth: Range<usize>, mut strip: &mut [[f32; N]]) {
        let Convolution { fine: [channels, rows, columns], kernel, stride, padding, .. } = *self.convolution;
        let taps = self.convolution.taps();
        strip.fill([0.0; N]);
        for Line { sample, row, columns: positions } in self.convolution.coarse_grid().lines(depth) {
            let entries = strip.split_off_mut(..positions.len()).expect("an entry for each position");
            for (lane, number) in (first..self.lanes().min(first + N)).enumerate() {
                let (channel, tap) = (number / taps, number % taps);
                let row = (row * stride[0] + tap / kernel[1]).wrapping_sub(padding[0]);
                if row >= rows {
                    continue;
                }
                let map = &self.maps[((sample * channels + channel) * rows + row) * columns..][..columns];
                let mut column = (positions.start * stride[1] + tap % kernel[1]).wrapping_sub(padding[1]);
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
