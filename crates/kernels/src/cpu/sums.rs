//! Sums of a gradient over samples: the gradient of a bias.

use pinhole_numerics::lanes::{LANES, load, store};
use wide::f32x8;

/// Writes the sum of each column of a row-major matrix [rows, `sums.len()`].
///
/// # Panics
///
/// If `values` does not hold whole rows.
pub(crate) fn column_sums(values: &[f32], sums: &mut [f32]) {
    sums.fill(0.0);
    if sums.is_empty() {
        return;
    }
    assert_eq!(values.len() % sums.len(), 0, "whole rows");
    for row in values.chunks_exact(sums.len()) {
        let ((sums, sums_rest), (row, row_rest)) = (sums.as_chunks_mut::<LANES>(), row.as_chunks::<LANES>());
        for (sum, values) in sums.iter_mut().zip(row) {
            *sum = (f32x8::from(*sum) + f32x8::from(*values)).to_array();
        }
        store(load(sums_rest) + load(row_rest), sums_rest);
    }
}

/// Writes the sum of each channel of feature maps [samples, `sums.len()`, area].
///
/// # Panics
///
/// If `maps` does not hold whole samples.
pub(crate) fn channel_sums(maps: &[f32], area: usize, sums: &mut [f32]) {
    sums.fill(0.0);
    let sample = sums.len() * area;
    if sample == 0 {
        return;
    }
    assert_eq!(maps.len() % sample, 0, "whole samples");
    for maps in maps.chunks_exact(sample) {
        for (sum, map) in sums.iter_mut().zip(maps.chunks_exact(area)) {
            let (lanes, rest) = map.as_chunks::<LANES>();
            let lanes = lanes.iter().fold(load(rest), |lanes, values| lanes + f32x8::from(*values));
            *sum += lanes.reduce_add();
        }
    }
}
