//! Slices to and from vectors of eight lanes.

use wide::{f32x4, f32x8};

/// Numbers in a vector.
pub const LANES: usize = 8;
/// Side of the squares that are transposed in registers.
const SIDE: usize = 4;

/// The first [`LANES`] numbers; zeros where there are fewer.
#[inline]
pub fn load(values: &[f32]) -> f32x8 {
    if let Some(values) = values.first_chunk::<LANES>() {
        return f32x8::from(*values);
    }
    let mut lanes = [0.0; LANES];
    lanes[..values.len()].copy_from_slice(values);
    f32x8::from(lanes)
}

/// Writes the first [`LANES`] numbers, or as many as there are.
#[inline]
pub fn store(lanes: f32x8, values: &mut [f32]) {
    // Of a length that is known, a copy is two instructions; else it is a call, as long as a tile 20 deep.
    if let Some(values) = values.first_chunk_mut::<LANES>() {
        *values = lanes.to_array();
    } else {
        values.copy_from_slice(&lanes.as_array()[..values.len()]);
    }
}

/// Writes the transpose of `rows`: entry k of `strip` gets value k of each row. `N` is a multiple of 4.
#[inline]
pub fn interleave<const N: usize>(rows: [&[f32]; N], strip: &mut [[f32; N]]) {
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
