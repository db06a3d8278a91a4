//! Coarse maps as a matrix [channels, places], both ways, and as what a product goes to.

use std::ops::Range;

use wide::f32x8;

use super::Convolution;
use super::grid::{Grid, OUTSIDE, run};
use crate::cpu::blocks::{Operand, Pass, Target};
use crate::cpu::lanes::{interleave, load, store};
use crate::cpu::product::Finish;
use crate::cpu::tile::{TALL, WIDE};

/// Lanes are the channels, the depth goes through the places.
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
            let (sample, place) = (step / area, step % area);
            let run = (area - place).min(depth.end - step);
            let entries = rest.split_off_mut(..run).expect("an entry for each step");
            let row = |lane| &self.maps[(sample * channels + first + lane) * area + place..][..run];
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

/// Lanes are the places, the depth goes through the channels.
pub(super) struct Places<'a> {
    pub maps: &'a [f32],
    pub convolution: &'a Convolution,
}

impl Operand for Places<'_> {
    fn lanes(&self) -> usize {
        self.convolution.coarse_grid().len()
    }

    fn depth(&self) -> usize {
        self.convolution.coarse[0]
    }

    fn pack<const N: usize>(&self, first: usize, depth: Range<usize>, strip: &mut [[f32; N]]) {
        let [channels, rows, columns] = self.convolution.coarse;
        let offsets = self.convolution.coarse_grid().offsets::<N>(channels, first);
        let run = run(&offsets);
        for (entry, channel) in strip.iter_mut().zip(depth) {
            let map = &self.maps[channel * rows * columns..];
            match run {
                Some(start) => entry.copy_from_slice(&map[start..][..N]),
                None => *entry = offsets.map(|offset| map.get(offset).copied().unwrap_or(0.0)),
            }
        }
    }
}

/// Rows of the product are channels, columns are places.
pub(super) struct CoarseMaps<'a> {
    maps: &'a mut [f32],
    channels: usize,
    grid: Grid,
    finish: Finish<'a>,
    /// Of the columns at hand, in the first channel.
    offsets: [usize; WIDE],
}

impl<'a> CoarseMaps<'a> {
    pub const fn new(convolution: &Convolution, finish: Finish<'a>, maps: &'a mut [f32]) -> Self {
        let (channels, grid) = (convolution.coarse[0], convolution.coarse_grid());
        Self { maps, channels, grid, finish, offsets: [OUTSIDE; WIDE] }
    }
}

impl Target for CoarseMaps<'_> {
    fn begin(&mut self, column: usize) {
        self.offsets = self.grid.offsets(self.channels, column);
    }

    #[inline]
    fn put(&mut self, row: usize, _column: usize, sums: &[f32x8; TALL], pass: Pass) {
        let run = run(&self.offsets);
        for (channel, &sum) in (row..self.channels).zip(sums) {
            let map = &mut self.maps[channel * self.grid.rows * self.grid.columns..];
            let mut sum = sum;
            if !pass.is_first {
                sum += run.map_or_else(
                    || f32x8::from(self.offsets.map(|offset| map.get(offset).copied().unwrap_or(0.0))),
                    |start| load(&map[start..start + WIDE]),
                );
            }
            if pass.is_last {
                let bias = self.finish.bias.get(channel).copied().unwrap_or(0.0);
                sum = self.finish.activation.forward(sum + f32x8::splat(bias));
            }
            if let Some(start) = run {
                store(sum, &mut map[start..start + WIDE]);
                continue;
            }
            for (offset, lane) in self.offsets.into_iter().zip(sum.to_array()) {
                if let Some(place) = map.get_mut(offset) {
                    *place = lane;
                }
            }
        }
    }
}
