//! Coarse places of all samples of a batch, counted through: sample by sample, row by row.

use std::ops::Range;

/// An offset that no map has.
pub(super) const OUTSIDE: usize = usize::MAX;

/// A grid of places on each of some samples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub samples: usize,
    pub rows: usize,
    pub columns: usize,
}

/// Some places of a row.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub sample: usize,
    pub row: usize,
    pub columns: Range<usize>,
}

impl Grid {
    /// Places of all samples.
    pub const fn len(&self) -> usize {
        self.samples * self.rows * self.columns
    }

    /// The places in `range`, a row at a time.
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

    /// Sample, row and column of `N` places from the `first`th on, as far as there are any.
    pub fn places<const N: usize>(self, first: usize) -> [Option<[usize; 3]>; N] {
        let mut places = [None; N];
        let mut lanes = places.iter_mut();
        for Line { sample, row, columns } in self.lines(first..self.len().min(first + N)) {
            for (column, lane) in columns.zip(lanes.by_ref()) {
                *lane = Some([sample, row, column]);
            }
        }
        places
    }

    /// Of `N` places from the `first`th on: where each lies in the first of `channels` maps of just these places, or
    /// [`OUTSIDE`].
    pub fn offsets<const N: usize>(self, channels: usize, first: usize) -> [usize; N] {
        self.places(first).map(|place| {
            place.map_or(OUTSIDE, |[sample, row, column]| (sample * channels * self.rows + row) * self.columns + column)
        })
    }
}

/// Where the offsets begin, if they are whole and lie side by side.
pub(super) fn run<const N: usize>(offsets: &[usize; N]) -> Option<usize> {
    (offsets[N - 1] != OUTSIDE && offsets[N - 1] - offsets[0] == N - 1).then_some(offsets[0])
}
