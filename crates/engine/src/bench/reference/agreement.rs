//! How near two results are.

use pinhole_protocol::Agreement;

/// What a case has shown so far: nothing.
pub(super) fn unseen(case: &str) -> Agreement {
    Agreement { case: case.into(), worst: 0.0, tensor: String::new() }
}

/// Takes a tensor into account. Differences are measured by its largest number, or by `least` if that is larger.
pub(super) fn note(agreement: &mut Agreement, tensor: &str, found: &[f32], expected: &[f32], least: f32) {
    let scale = largest(expected).max(least).max(f32::MIN_POSITIVE);
    let difference = |(found, expected): (&f32, &f32)| {
        let difference = (found - expected).abs() / scale;
        if difference.is_nan() { f32::INFINITY } else { difference }
    };
    let is_whole = found.len() == expected.len();
    let worst = if is_whole { found.iter().zip(expected).map(difference).fold(0.0, f32::max) } else { f32::INFINITY };
    if worst > agreement.worst {
        agreement.worst = worst;
        agreement.tensor = tensor.into();
    }
}

/// The largest size of a number.
pub(super) fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |most, value| most.max(value.abs()))
}
