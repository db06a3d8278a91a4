//! Sentences about a sample.

use pinhole_protocol::latent::SampleDetails;

use crate::{components::format::brief, labs::latent::state::Lab};

/// Ratio to the usual error from which an error counts as larger; its inverse as smaller.
const LARGER: f64 = 1.5;

/// Number with a true minus sign.
pub fn number(value: impl Into<f64>, digits: u32) -> String {
    crate::components::format::fixed(value, digits).replace('-', "−")
}

/// A sample by its category, such as “a 3”, or else by its number.
pub fn name(lab: &Lab, index: usize) -> String {
    match lab.category(index) {
        Some(digit) if digit.len() == 1 && digit.starts_with(|character: char| character.is_ascii_digit()) => {
            format!("{} {digit}", if digit == "8" { "an" } else { "a" })
        }
        Some(category) => format!("{}, {category}", position(lab, index)),
        None => position(lab, index),
    }
}

/// A row by its number in the file, any other sample by its number on the map, from 1.
fn position(lab: &Lab, index: usize) -> String {
    match lab.row_number(index) {
        Some(row) => format!("row {row}"),
        None => format!("sample {}", index + 1),
    }
}

/// An error beside the usual one, such as “5 times the usual”.
pub fn error_beside_usual(error: f32, usual: f32) -> String {
    let ratio = f64::from(error) / f64::from(usual);
    if !ratio.is_finite() {
        return String::new();
    }
    if ratio >= LARGER {
        return format!("{} times the usual", number(ratio, u32::from(ratio < 2.0)));
    }
    if ratio <= 1.0 / LARGER { "less than the usual".into() } else { "about the usual".into() }
}

/// Error of a sample beside the usual one; `None` without a reconstruction.
pub fn error_text(details: &SampleDetails) -> Option<String> {
    let error = details.error?;
    let comparison = details.usual_error.map(|usual| error_beside_usual(error, usual)).filter(|text| !text.is_empty());
    let error = format!("error {}", brief(error.into()));
    Some(comparison.map_or_else(|| error.clone(), |comparison| format!("{error}, {comparison}")))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use pinhole_protocol::{
        Floats,
        latent::{SampleColumn, SampleValues},
    };
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::latent::state::{Source, tests::vectors};

    #[wasm_bindgen_test(unsupported = test)]
    fn errors_are_compared_in_words() {
        let text = |error| error_beside_usual(error, 0.01);
        assert_eq!(
            [0.05, 0.016, 0.011, 0.002].map(text),
            ["5 times the usual", "1.6 times the usual", "about the usual", "less than the usual"]
        );
        assert_eq!(error_beside_usual(0.0, 0.0), "", "nothing is lost in any sample");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn samples_are_named_by_label_or_number() {
        let lab = Lab { vectors: Some(Rc::new(vectors(2))), ..Lab::default() };
        assert_eq!([0, 1, 3].map(|index| name(&lab, index)), ["a 3", "an 8", "sample 4"]);
        assert_eq!(number(-1.225, 2), "−1.23");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn rows_have_the_number_of_their_file() {
        let mut vectors = vectors(2);
        let values = SampleValues::Numbers(Floats(vec![12.0, 4.0, 7.0, 9.0]));
        vectors.columns = vec![SampleColumn { name: "Row".into(), values }];
        let lab = Lab { vectors: Some(Rc::new(vectors)), opened_source: Source::Detector, ..Lab::default() };
        assert_eq!(name(&lab, 1), "row 4");
    }
}
