//! Text of numbers that are in no file.

use pinhole_protocol::table::DecimalMark;

/// Two numbers, to two digits of their distance.
pub fn range([low, high]: [f64; 2], decimal: DecimalMark) -> [String; 2] {
    let decimals = (1.0 - (high - low).abs().max(1e-12).log10().floor()).clamp(0.0, 9.0) as usize;
    [low, high].map(|number| rounded(number, decimals, decimal))
}

/// A number, to three digits of its size.
pub fn number(number: f64, decimal: DecimalMark) -> String {
    let decimals = (2.0 - number.abs().max(1e-9).log10().floor()).clamp(0.0, 9.0) as usize;
    rounded(number, decimals, decimal)
}

fn rounded(number: f64, decimals: usize, decimal: DecimalMark) -> String {
    let text = format!("{number:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let text = if text == "-0" { "0" } else { text };
    if decimal == DecimalMark::Comma { text.replace('.', ",") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_follow_the_distance() {
        assert_eq!(range([30.12, 55.4], DecimalMark::Point), ["30", "55"]);
        assert_eq!(range([0.0301, 0.0457], DecimalMark::Comma), ["0,03", "0,046"]);
        assert_eq!(range([5.0, 5.0], DecimalMark::Point), ["5", "5"]);
        assert_eq!(
            [1234.5, 0.012_345, -3.0, -0.0].map(|each| number(each, DecimalMark::Comma)),
            ["1234", "0,0123", "-3", "0"]
        );
    }
}
