//! How much of a code is lit.

/// A number of a code counts as lit above this share of the code's largest.
const LIT: f32 = 0.01;

/// Mean share of a code's numbers (rows of `width`) whose magnitude is above a hundredth of the code's largest. A code of
/// nothing but 0 has none.
pub fn active_share(codes: &[f32], width: usize) -> f64 {
    let rows = codes.len() / width;
    let lit: usize = codes
        .chunks_exact(width)
        .map(|code| {
            let largest = code.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
            code.iter().filter(|number| number.abs() > LIT * largest).count()
        })
        .sum();
    lit as f64 / (rows * width) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lit_is_counted_in_each_code() {
        let codes = [0.0, 0.0, 0.0, 0.0, 8.0, -0.5, 0.07, 0.0, 0.001, 0.0, 0.0, 0.0];
        // None of the first code, two of the second (0.07 is below a hundredth of 8), one of the third.
        assert!((active_share(&codes, 4) - 3.0 / 12.0).abs() < 1e-12);
    }
}
