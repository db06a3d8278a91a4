//! Numbers between slices and lanes.

use wide::{f32x4, f32x8};

use super::tile::WIDE;

/// Side of the squares that are turned over in registers.
const SIDE: usize = 4;

/// The first `WIDE` numbers; zeros where there are fewer.
#[inline]
pub(super) fn load(values: &[f32]) -> f32x8 {
    if let Some(values) = values.first_chunk::<WIDE>() {
        return f32x8::from(*values);
    }
    let mut lanes = [0.0; WIDE];
    lanes[..values.len()].copy_from_slice(values);
    f32x8::from(lanes)
}

/// Into the first `WIDE` numbers, or as many as there are.
#[inline]
pub(super) fn store(lanes: f32x8, values: &mut [f32]) {
    // Of a length that is known, a copy is two instructions; else it is a call, as long as a tile 20 deep.
    if let Some(values) = values.first_chunk_mut::<WIDE>() {
        *values = lanes.to_array();
    } else {
        values.copy_from_slice(&lanes.as_array()[..values.len()]);
    }
}

/// Rows into a strip with one number of each an entry: `N` is a multiple of 4.
pub(super) fn interleave<const N: usize>(rows: [&[f32]; N], strip: &mut [[f32; N]]) {
    let rows = rows.map(|row| row[..strip.len()].as_chunks::<SIDE>());
    let (squares, rest) = strip.as_chunks_mut::<SIDE>();
    for (group, rows) in rows.as_chunks::<SIDE>().0.iter().enumerate() {
        for (index, square) in squares.iter_mut().enumerate() {
            let [a, b, c, d] = f32x4::transpose(rows.map(|(whole, _)| f32x4::from(whole[index])));
            // One by one: an iterator over the four goes through memory, at four times the time.
            square[0].as_chunks_mut::<SIDE>().0[group] = a.to_array();
            square[1].as_chunks_mut::<SIDE>().0[group] = b.to_array();
            square[2].as_chunks_mut::<SIDE>().0[group] = c.to_array();
            square[3].as_chunks_mut::<SIDE>().0[group] = d.to_array();
        }
    }
    for (lane, (_, row)) in rows.into_iter().enumerate() {
        for (entry, &value) in rest.iter_mut().zip(row) {
            entry[lane] = value;
        }
    }
}
