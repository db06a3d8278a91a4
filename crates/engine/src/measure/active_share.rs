//! Share of active numbers of a code.

/// A number is active above this share of the largest magnitude of its code.
const ACTIVE_SHARE_OF_LARGEST: f32 = 0.01;

/// Mean share of active numbers: those whose magnitude is above a hundredth of the largest of their code. `codes` are
/// rows of `width` numbers; a code of zeros has no active number.
pub fn active_share(codes: &[f32], width: usize) -> f64 {
    let rows = codes.len() / width;
    let active: usize = codes
        .chunks_exact(width)
        .map(|code| {
            let largest = code.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
            code.iter().filter(|number| number.abs() > ACTIVE_SHARE_OF_LARGEST * largest).count()
        })
        .sum();
    active as f64 / (rows * width) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn active_numbers_are_counted_code_by_code() {
        let codes = [0.0, 0.0, 0.0, 0.0, 8.0, -0.5, 0.07, 0.0, 0.001, 0.0, 0.0, 0.0];
        // None of the first code, two of the second (0.07 is below a hundredth of 8), one of the third.
        assert!((active_share(&codes, 4) - 3.0 / 12.0).abs() < 1e-12);
    }
}
