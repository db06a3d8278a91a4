//! Agreement of results with reference values.

use pinhole_protocol::Agreement;

/// Agreement of a case of which no tensor has been compared yet.
pub(super) fn empty(case: &str) -> Agreement {
    Agreement { case: case.into(), worst: 0.0, tensor: String::new() }
}

/// Compares a tensor. The difference is relative to the largest magnitude of `expected`, or to `min_scale` if that is
/// larger; it is infinite for NaN or different lengths.
pub(super) fn compare_tensor(agreement: &mut Agreement, tensor: &str, found: &[f32], expected: &[f32], min_scale: f32) {
    let scale = max_abs(expected).max(min_scale).max(f32::MIN_POSITIVE);
    let difference = |(found, expected): (&f32, &f32)| {
        let difference = (found - expected).abs() / scale;
        if difference.is_nan() { f32::INFINITY } else { difference }
    };
    let has_same_len = found.len() == expected.len();
    let worst =
        if has_same_len { found.iter().zip(expected).map(difference).fold(0.0, f32::max) } else { f32::INFINITY };
    if worst > agreement.worst {
        agreement.worst = worst;
        agreement.tensor = tensor.into();
    }
}

/// Largest magnitude of a number.
pub(super) fn max_abs(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |largest, value| largest.max(value.abs()))
}
