//! The coarse positions of all samples of a batch, numbered sample by sample and row by row.

use std::ops::Range;

/// Offset of a position outside of a feature map.
pub(super) const OUTSIDE: usize = usize::MAX;

/// A grid of positions in each of some samples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub samples: usize,
    pub rows: usize,
    pub columns: usize,
}

/// Contiguous positions of a row.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub sample: usize,
    pub row: usize,
    pub columns: Range<usize>,
}

impl Grid {
    /// Number of positions of all samples.
    pub const fn len(&self) -> usize {
        self.samples * self.rows * self.columns
    }

    /// The positions in `range`, row by row.
    pub fn lines(self, range: Range<usize>) -> impl Iterator<Item = Line> {
        let mut next = range.start;
        std::iter::from_fn(move || {
            (next < range.end).then(|| {
                let (line, column) = (next / self.columns, next % self.columns);
                let columns = column..self.columns.min(column + range.end - next);
                next += columns.len();
                Line { sample: line / self.rows, row: line % self.rows, columns }
            })
        })
    }

    /// Sample, row and column of `N` positions from number `first` on; none beyond the last.
    pub fn positions<const N: usize>(self, first: usize) -> [Option<[usize; 3]>; N] {
        let mut positions = [None; N];
        let mut lanes = positions.iter_mut();
        for Line { sample, row, columns } in self.lines(first..self.len().min(first + N)) {
            for (column, lane) in columns.zip(lanes.by_ref()) {
                *lane = Some([sample, row, column]);
            }
        }
        positions
    }

    /// Offsets of `N` positions from number `first` on in the first channel of maps [samples, channels, positions];
    /// [`OUTSIDE`] beyond the last.
    pub fn offsets<const N: usize>(self, channels: usize, first: usize) -> [usize; N] {
        self.positions(first).map(|position| {
            position
                .map_or(OUTSIDE, |[sample, row, column]| (sample * channels * self.rows + row) * self.columns + column)
        })
    }
}

/// First of the offsets, if all are inside and they are contiguous.
pub(super) fn contiguous_start<const N: usize>(offsets: &[usize; N]) -> Option<usize> {
    (offsets[N - 1] != OUTSIDE && offsets[N - 1] - offsets[0] == N - 1).then_some(offsets[0])
}
