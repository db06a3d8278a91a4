//! The loops around the tile: which part of the operands is packed when.

use std::cell::RefCell;
use std::ops::Range;

use wide::f32x8;

use super::tile::{TALL, WIDE, tile};

/// Steps along the inner dimension that are summed at once: a strip of columns is then 16 kB, half of a small L1.
const DEEPEST: usize = 512;
/// Numbers of the left operand that are packed at once, 512 kB: half of an L2.
const PACKED: usize = 1 << 17;

/// What a product reads: lanes (the rows of its left operand, the columns of its right one) along a depth.
pub(super) trait Operand {
    /// Rows or columns.
    fn lanes(&self) -> usize;
    /// Length of the inner dimension.
    fn depth(&self) -> usize;
    /// Writes `N` lanes from `first` on, one entry of `strip` for each step in `depth`. Lanes beyond the last are 0.
    fn pack<const N: usize>(&self, first: usize, depth: Range<usize>, strip: &mut [[f32; N]]);
}

/// Where a product goes.
pub(super) trait Target {
    /// What is put next are `WIDE` columns from `column` on.
    fn begin(&mut self, column: usize);
    /// Takes the sums of `TALL` rows from `row` on and `WIDE` columns from `column` on; leaves out what lies beyond the end.
    fn put(&mut self, row: usize, column: usize, sums: &[f32x8; TALL], pass: Pass);
}

/// Which part of the inner dimension a tile was summed over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    /// Nothing was put before.
    pub is_first: bool,
    /// Nothing will be put after.
    pub is_last: bool,
}

/// Packed operands, kept between products.
#[derive(Default)]
struct Scratch {
    rows: Vec<[f32; TALL]>,
    columns: Vec<[f32; WIDE]>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Sends each tile of `left` times `right` to `target`. The block of rows is packed once for all columns, a strip of
/// columns just before it is used by all rows of the block.
///
/// # Panics
///
/// If the inner dimensions differ.
pub(super) fn multiply(left: &impl Operand, right: &impl Operand, target: &mut impl Target) {
    assert_eq!(left.depth(), right.depth(), "inner dimensions of a product");
    SCRATCH.with_borrow_mut(|scratch| {
        let passes = left.depth().div_ceil(DEEPEST).max(1);
        let start = |pass: usize| (left.depth() as u64 * pass as u64 / passes as u64) as usize;
        for pass in 0..passes {
            let depth = start(pass)..start(pass + 1);
            let pass = Pass { is_first: pass == 0, is_last: pass + 1 == passes };
            let tall = (PACKED / depth.len().max(1)).next_multiple_of(TALL);
            for first in (0..left.lanes()).step_by(tall) {
                let rows = first..left.lanes().min(first + tall);
                block(left, right, target, rows, depth.clone(), pass, scratch);
            }
        }
    });
}

/// One block of rows, over one part of the depth, with all columns.
fn block(
    left: &impl Operand,
    right: &impl Operand,
    target: &mut impl Target,
    rows: Range<usize>,
    depth: Range<usize>,
    pass: Pass,
    scratch: &mut Scratch,
) {
    let steps = depth.len();
    let strips = rows.len().div_ceil(TALL);
    scratch.rows.resize(scratch.rows.len().max(strips * steps), [0.0; TALL]);
    scratch.columns.resize(DEEPEST, [0.0; WIDE]);
    for strip in 0..strips {
        left.pack(rows.start + strip * TALL, depth.clone(), &mut scratch.rows[strip * steps..][..steps]);
    }
    let columns = &mut scratch.columns[..steps];
    for column in (0..right.lanes()).step_by(WIDE) {
        right.pack(column, depth.clone(), columns);
        target.begin(column);
        for strip in 0..strips {
            let sums = tile(&scratch.rows[strip * steps..][..steps], columns);
            target.put(rows.start + strip * TALL, column, &sums, pass);
        }
    }
}
