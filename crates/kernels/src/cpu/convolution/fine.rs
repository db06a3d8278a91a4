//! Fine maps as what a product goes to: each of its numbers is added to the place that its window and tap meet.

use wide::f32x8;

use super::Convolution;
use super::grid::OUTSIDE;
use crate::cpu::blocks::{Pass, Target};
use crate::cpu::lanes::{load, store};
use crate::cpu::product::Finish;
use crate::cpu::tile::{TALL, WIDE};

/// Rows of the product are numbers of a window, columns are coarse places.
///
/// The maps have the padding around them, so that no window reaches beyond and nothing is compared. To gather instead,
/// stride by stride, what each fine place sees of the coarse maps packs every number nine times: in wasm that took a fifth
/// longer with 32 fine channels, and seven times as long with one.
pub(super) struct FineMaps<'a> {
    /// [samples, fine channels, padded rows, padded columns]
    padded: &'a mut [f32],
    size: [usize; 2],
    convolution: &'a Convolution,
    /// From a window's first place to each of its numbers.
    taps: Vec<usize>,
    /// Of the columns at hand: their window's first place.
    starts: [usize; WIDE],
}

impl<'a> FineMaps<'a> {
    /// All zeros, in memory that is used again.
    pub fn new(convolution: &'a Convolution, memory: &'a mut Vec<f32>) -> Self {
        let size = convolution.padded_size();
        memory.clear();
        memory.resize(convolution.samples * convolution.fine[0] * size[0] * size[1], 0.0);
        let taps = (0..convolution.window()).map(|number| {
            let (channel, tap) = (number / convolution.area(), number % convolution.area());
            let (row, column) = (tap / convolution.kernel[1], tap % convolution.kernel[1]);
            (channel * size[0] + row) * size[1] + column
        });
        Self { padded: memory, size, convolution, taps: taps.collect(), starts: [OUTSIDE; WIDE] }
    }

    /// Without the padding, into `maps`.
    pub fn finish(&self, finish: Finish, maps: &mut [f32]) {
        let Convolution { fine: [channels, rows, columns], padding, .. } = *self.convolution;
        for (index, line) in maps.chunks_exact_mut(columns).enumerate() {
            let (map, row) = (index / rows, index % rows);
            let bias = f32x8::splat(finish.bias.get(map % channels).copied().unwrap_or(0.0));
            let start = (map * self.size[0] + row + padding[0]) * self.size[1] + padding[1];
            let sums = self.padded[start..start + columns].chunks(WIDE);
            for (places, sums) in line.chunks_mut(WIDE).zip(sums) {
                store(finish.activation.forward(load(sums) + bias), places);
            }
        }
    }
}

impl Target for FineMaps<'_> {
    fn begin(&mut self, column: usize) {
        let Convolution { fine: [channels, ..], stride, .. } = *self.convolution;
        self.starts = self.convolution.coarse_grid().places(column).map(|place| {
            place.map_or(OUTSIDE, |[sample, row, column]| {
                (sample * channels * self.size[0] + row * stride[0]) * self.size[1] + column * stride[1]
            })
        });
    }

    #[inline]
    fn put(&mut self, row: usize, _column: usize, sums: &[f32x8; TALL], _pass: Pass) {
        for (&tap, sum) in self.taps[row..].iter().zip(sums) {
            let places = &mut self.padded[tap..];
            for (start, lane) in self.starts.into_iter().zip(sum.to_array()) {
                if let Some(place) = places.get_mut(start) {
                    *place += lane;
                }
            }
        }
    }
}
