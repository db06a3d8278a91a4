//! Sums of a gradient: what a bias learns from.

use wide::f32x8;

use super::lanes::{load, store};
use super::tile::WIDE;

/// The sum of each column of a row-major matrix [rows, `sums.len()`].
///
/// # Panics
///
/// If `values` does not hold whole rows.
pub fn column_sums(values: &[f32], sums: &mut [f32]) {
    sums.fill(0.0);
    if sums.is_empty() {
        return;
    }
    assert_eq!(values.len() % sums.len(), 0, "whole rows");
    for row in values.chunks_exact(sums.len()) {
        let ((sums, sums_rest), (row, row_rest)) = (sums.as_chunks_mut::<WIDE>(), row.as_chunks::<WIDE>());
        for (sum, values) in sums.iter_mut().zip(row) {
            *sum = (f32x8::from(*sum) + f32x8::from(*values)).to_array();
        }
        store(load(sums_rest) + load(row_rest), sums_rest);
    }
}

/// The sum of each channel of maps [samples, `sums.len()`, area].
///
/// # Panics
///
/// If `maps` does not hold whole samples.
pub fn channel_sums(maps: &[f32], area: usize, sums: &mut [f32]) {
    sums.fill(0.0);
    let sample = sums.len() * area;
    if sample == 0 {
        return;
    }
    assert_eq!(maps.len() % sample, 0, "whole samples");
    for maps in maps.chunks_exact(sample) {
        for (sum, map) in sums.iter_mut().zip(maps.chunks_exact(area)) {
            let (lanes, rest) = map.as_chunks::<WIDE>();
            let lanes = lanes.iter().fold(load(rest), |lanes, values| lanes + f32x8::from(*values));
            *sum += lanes.reduce_add();
        }
    }
}
