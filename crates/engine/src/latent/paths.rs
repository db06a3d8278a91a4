//! Codes along a way, and places on a grid.

/// `steps` codes from `from` to `to`, both included, one after the other; `at` gives the code at a share of the way.
pub fn between(steps: usize, at: impl Fn(f64) -> Vec<f32>) -> Vec<f32> {
    let last = steps.saturating_sub(1).max(1) as f64;
    (0..steps).flat_map(|step| at(step as f64 / last)).collect()
}

/// `side` x `side` places over a part of a map, row by row from the top.
pub fn grid(across: [f32; 2], up: [f32; 2], side: usize) -> Vec<[f32; 2]> {
    let place = |[low, high]: [f32; 2], index: usize| {
        if side < 2 { f32::midpoint(low, high) } else { low + (high - low) * index as f32 / (side - 1) as f32 }
    };
    let row = |row: usize| (0..side).map(move |column| [place(across, column), place(up, row)]);
    (0..side).rev().flat_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_begins_at_the_top_left() {
        assert_eq!(grid([0.0, 1.0], [2.0, 3.0], 2), [[0.0, 3.0], [1.0, 3.0], [0.0, 2.0], [1.0, 2.0]]);
        assert_eq!(grid([0.0, 1.0], [2.0, 3.0], 1), [[0.5, 2.5]]);
    }
}
