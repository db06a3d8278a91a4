//! Coarse feature maps as a matrix [channels, positions], as its transpose, and as the output of a product.

use std::ops::Range;

use pinhole_numerics::{
    lanes::{LANES, interleave, load, store},
    matmul::{DepthPart, Operand, Output, TILE_ROWS},
};
use wide::f32x8;

use super::grid::{Grid, OUTSIDE, contiguous_start};
use crate::{conv::Convolution, cpu::BiasActivation};

/// An operand whose lanes are the channels and whose steps are the positions.
pub(super) struct Channels<'a> {
    pub maps: &'a [f32],
    pub convolution: &'a Convolution,
}

impl Operand for Channels<'_> {
    fn lanes(&self) -> usize {
        self.convolution.coarse[0]
    }

    fn depth(&self) -> usize {
        self.convolution.coarse_grid().len()
    }

    fn pack<const N: usize>(&self, first: usize, depth: Range<usize>, strip: &mut [[f32; N]]) {
        let [channels, rows, columns] = self.convolution.coarse;
        let area = rows * columns;
        let lanes = N.min(channels - first);
        if lanes < N {
            strip.fill([0.0; N]);
        }
        let mut rest = strip;
        let mut step = depth.start;
        while step < depth.end {
            let (sample, position) = (step / area, step % area);
            let run = (area - position).min(depth.end - step);
            let entries = rest.split_off_mut(..run).expect("an entry for each step");
            let row = |lane| &self.maps[(sample * channels + first + lane) * area + position..][..run];
            if lanes == N {
                interleave(std::array::from_fn(row), entries);
            } else {
                for lane in 0..lanes {
                    for (entry, &value) in entries.iter_mut().zip(row(lane)) {
                        entry[lane] = value;
                    }
                }
            }
            step += run;
        }
    }
}

/// An operand whose lanes are the positions and whose steps are the channels.
pub(super) struct Positions<'a> {
    pub maps: &'a [f32],
    pub convolution: &'a Convolution,
}

impl Operand for Positions<'_> {
    fn lanes(&self) -> usize {
        self.convolution.coarse_grid().len()
    }

    fn depth(&self) -> usize {
        self.convolution.coarse[0]
    }

    fn pack<const N: usize>(&self, first: usize, depth: Range<usize>, strip: &mut [[f32; N]]) {
        let [channels, rows, columns] = self.convolution.coarse;
        let offsets = self.convolution.coarse_grid().offsets::<N>(channels, first);
        let start = contiguous_start(&offsets);
        for (entry, channel) in strip.iter_mut().zip(depth) {
            let map = &self.maps[channel * rows * columns..];
            match start {
                Some(start) => entry.copy_from_slice(&map[start..][..N]),
                None => *entry = offsets.map(|offset| map.get(offset).copied().unwrap_or(0.0)),
            }
        }
    }
}

/// The output of a product whose rows are channels and whose columns are positions.
pub(super) struct CoarseMaps<'a> {
    maps: &'a mut [f32],
    channels: usize,
    grid: Grid,
    epilogue: BiasActivation<'a>,
    /// Offsets of the current columns in the first channel.
    offsets: [usize; LANES],
}

impl<'a> CoarseMaps<'a> {
    pub const fn new(convolution: &Convolution, epilogue: BiasActivation<'a>, maps: &'a mut [f32]) -> Self {
        let (channels, grid) = (convolution.coarse[0], convolution.coarse_grid());
        Self { maps, channels, grid, epilogue, offsets: [OUTSIDE; LANES] }
    }
}

impl Output for CoarseMaps<'_> {
    fn begin_columns(&mut self, column: usize) {
        self.offsets = self.grid.offsets(self.channels, column);
    }

    #[inline]
    fn store(&mut self, row: usize, _column: usize, sums: &[f32x8; TILE_ROWS], part: DepthPart) {
        let start = contiguous_start(&self.offsets);
        for (channel, &sum) in (row..self.channels).zip(sums) {
            let map = &mut self.maps[channel * self.grid.rows * self.grid.columns..];
            let mut sum = sum;
            if !part.is_first {
                sum += start.map_or_else(
                    || f32x8::from(self.offsets.map(|offset| map.get(offset).copied().unwrap_or(0.0))),
                    |start| load(&map[start..start + LANES]),
                );
            }
            if part.is_last {
                let bias = self.epilogue.bias.get(channel).copied().unwrap_or(0.0);
                sum = self.epilogue.activation.forward(sum + f32x8::splat(bias));
            }
            if let Some(start) = start {
                store(sum, &mut map[start..start + LANES]);
                continue;
            }
            for (offset, lane) in self.offsets.into_iter().zip(sum.to_array()) {
                if let Some(value) = map.get_mut(offset) {
                    *value = lane;
                }
            }
        }
    }
}
