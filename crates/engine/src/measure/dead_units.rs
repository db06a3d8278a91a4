//! Number of dead units of a code.

/// Number of units that have the same value in every code, such as a ReLU that is 0 for every sample. `codes` are rows
/// of `width` values, one row per sample.
pub fn dead_units(codes: &[f32], width: usize) -> usize {
    let rows = codes.chunks_exact(width.max(1));
    let is_dead = |unit: &usize| rows.clone().all(|code| code[*unit] - codes[*unit] == 0.0);
    (0..width).filter(is_dead).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_one_value_are_dead() {
        assert_eq!(dead_units(&[0.0, 1.0, 2.0, 0.0, 1.0, 2.5, 0.0, 1.0, 2.0], 3), 2);
        assert_eq!(dead_units(&[0.0, 1.0, 0.5, 1.5], 2), 0);
    }
}
