//! The blocked matrix product: `lhs rhs` with lhs [m, k] and rhs [k, n].
//!
//! A general product takes row-major matrices and returns one. Here an [`Operand`] packs its own values, so that a
//! convolution needs no column matrix, and an [`Output`] takes each tile of sums, so that bias and activation follow
//! while they are in registers.

mod matrix;
mod tile;

use std::{cell::RefCell, ops::Range};

use wide::f32x8;

pub(crate) use self::tile::tile;
pub use self::{matrix::Matrix, tile::TILE_ROWS};
use crate::lanes::LANES;

/// Steps along the inner dimension that are summed at once: a strip of columns is then 16 kB, half of a small L1.
const MAX_DEPTH: usize = 512;
/// Numbers of the left operand that are packed at once, 512 kB: half of an L2.
const PACKED_NUMBERS: usize = 1 << 17;

/// An operand of a product: lanes (the rows of lhs, the columns of rhs) along a depth, the inner dimension k.
pub trait Operand {
    /// Number of rows of lhs, or of columns of rhs.
    fn lanes(&self) -> usize;
    /// Length of the inner dimension.
    fn depth(&self) -> usize;
    /// Writes `N` lanes from `first` on, one entry of `strip` per step in `depth`. Lanes beyond the last are 0.
    fn pack<const N: usize>(&self, first: usize, depth: Range<usize>, strip: &mut [[f32; N]]);
}

/// The receiver of a product's tiles, each [`TILE_ROWS`] rows and [`LANES`] columns.
pub trait Output {
    /// Announces that the next tiles are those of the columns from `column` on.
    fn begin_columns(&mut self, column: usize);

    /// Initial sums of a tile.
    #[inline]
    fn start(&self, _row: usize, _column: usize, _part: DepthPart) -> [f32x8; TILE_ROWS] {
        [f32x8::ZERO; TILE_ROWS]
    }

    /// Takes the tile at `row` and `column`, without what lies beyond the last row or column.
    fn store(&mut self, row: usize, column: usize, sums: &[f32x8; TILE_ROWS], part: DepthPart);
}

/// Part of the inner dimension that a tile was summed over: all of it up to 512 steps.
#[derive(Clone, Copy, Debug)]
pub struct DepthPart {
    /// True if no part of this tile was stored before.
    pub is_first: bool,
    /// True if no part of this tile will be stored after.
    pub is_last: bool,
}

/// Packed operands, kept between products.
#[derive(Default)]
struct Scratch {
    lhs: Vec<[f32; TILE_ROWS]>,
    rhs: Vec<[f32; LANES]>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Sends each tile of `lhs rhs` to `output`. A block of rows is packed once for all columns, a strip of columns just
/// before all rows of the block use it.
///
/// # Panics
///
/// If the inner dimensions differ.
pub fn matmul(lhs: &impl Operand, rhs: &impl Operand, output: &mut impl Output) {
    assert_eq!(lhs.depth(), rhs.depth(), "inner dimensions of a product");
    SCRATCH.with_borrow_mut(|scratch| {
        let parts = lhs.depth().div_ceil(MAX_DEPTH).max(1);
        let start = |part: usize| (lhs.depth() as u64 * part as u64 / parts as u64) as usize;
        for part in 0..parts {
            let depth = start(part)..start(part + 1);
            let part = DepthPart { is_first: part == 0, is_last: part + 1 == parts };
            let block_rows = (PACKED_NUMBERS / depth.len().max(1)).next_multiple_of(TILE_ROWS);
            for first in (0..lhs.lanes()).step_by(block_rows) {
                let rows = first..lhs.lanes().min(first + block_rows);
                block(lhs, rhs, output, rows, depth.clone(), part, scratch);
            }
        }
    });
}

/// Multiplies one block of rows by all columns, over one part of the depth.
fn block(
    lhs: &impl Operand,
    rhs: &impl Operand,
    output: &mut impl Output,
    rows: Range<usize>,
    depth: Range<usize>,
    part: DepthPart,
    scratch: &mut Scratch,
) {
    let steps = depth.len();
    let strips = rows.len().div_ceil(TILE_ROWS);
    scratch.lhs.resize(scratch.lhs.len().max(strips * steps), [0.0; TILE_ROWS]);
    scratch.rhs.resize(MAX_DEPTH, [0.0; LANES]);
    for strip in 0..strips {
        lhs.pack(rows.start + strip * TILE_ROWS, depth.clone(), &mut scratch.lhs[strip * steps..][..steps]);
    }
    let columns = &mut scratch.rhs[..steps];
    for column in (0..rhs.lanes()).step_by(LANES) {
        rhs.pack(column, depth.clone(), columns);
        output.begin_columns(column);
        for strip in 0..strips {
            let row = rows.start + strip * TILE_ROWS;
            let sums = tile(&scratch.lhs[strip * steps..][..steps], columns, || output.start(row, column, part));
            output.store(row, column, &sums, part);
        }
    }
}
