//! Fine feature maps as the output of a product: each sum is added to the position that its patch and tap meet
//! (col2im).

use pinhole_numerics::{
    lanes::{LANES, load, store},
    matmul::{DepthPart, Output, TILE_ROWS},
};
use wide::f32x8;

use super::grid::OUTSIDE;
use crate::{conv::Convolution, cpu::BiasActivation};

/// The output of a product whose rows are the values of a patch and whose columns are coarse positions.
///
/// The maps have the padding around them, so that no patch goes beyond and nothing is compared. Gathering instead,
/// stride by stride, what reaches each fine position packs every number nine times: in wasm that took a fifth longer
/// with 32 fine channels, and seven times as long with one.
pub(super) struct FineMaps<'a> {
    /// [samples, fine channels, padded rows, padded columns]
    padded: &'a mut [f32],
    size: [usize; 2],
    convolution: &'a Convolution,
    /// Offset from a patch's first value to each of its values.
    taps: Vec<usize>,
    /// Offsets of the first values of the patches of the current columns.
    starts: [usize; LANES],
}

impl<'a> FineMaps<'a> {
    /// Maps of zeros, in memory that is reused.
    pub fn new(convolution: &'a Convolution, memory: &'a mut Vec<f32>) -> Self {
        let size = convolution.padded_size();
        memory.clear();
        memory.resize(convolution.samples * convolution.fine[0] * size[0] * size[1], 0.0);
        let taps = (0..convolution.patch_size()).map(|number| {
            let (channel, tap) = (number / convolution.taps(), number % convolution.taps());
            let (row, column) = (tap / convolution.kernel[1], tap % convolution.kernel[1]);
            (channel * size[0] + row) * size[1] + column
        });
        Self { padded: memory, size, convolution, taps: taps.collect(), starts: [OUTSIDE; LANES] }
    }

    /// Writes the epilogue of the sums, without the padding, into `maps`.
    pub fn write_maps(&self, epilogue: BiasActivation, maps: &mut [f32]) {
        let Convolution { fine: [channels, rows, columns], padding, .. } = *self.convolution;
        for (index, line) in maps.chunks_exact_mut(columns).enumerate() {
            let (map, row) = (index / rows, index % rows);
            let bias = f32x8::splat(epilogue.bias.get(map % channels).copied().unwrap_or(0.0));
            let start = (map * self.size[0] + row + padding[0]) * self.size[1] + padding[1];
            let sums = self.padded[start..start + columns].chunks(LANES);
            for (values, sums) in line.chunks_mut(LANES).zip(sums) {
                store(epilogue.activation.forward(load(sums) + bias), values);
            }
        }
    }
}

impl Output for FineMaps<'_> {
    fn begin_columns(&mut self, column: usize) {
        let Convolution { fine: [channels, ..], stride, .. } = *self.convolution;
        self.starts = self.convolution.coarse_grid().positions(column).map(|position| {
            position.map_or(OUTSIDE, |[sample, row, column]| {
                (sample * channels * self.size[0] + row * stride[0]) * self.size[1] + column * stride[1]
            })
        });
    }

    #[inline]
    fn store(&mut self, row: usize, _column: usize, sums: &[f32x8; TILE_ROWS], _part: DepthPart) {
        for (&tap, sum) in self.taps[row..].iter().zip(sums) {
            let values = &mut self.padded[tap..];
            for (start, lane) in self.starts.into_iter().zip(sum.to_array()) {
                if let Some(value) = values.get_mut(start) {
                    *value += lane;
                }
            }
        }
    }
}
