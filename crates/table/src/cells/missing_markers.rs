//! Markers of missing values, such as `NA`.

use super::number_format::{NumberCell, NumberFormat};

/// Default markers, in lower case; those with `#` are the errors of spreadsheets.
const WORDS: [&str; 16] = [
    "na", "n/a", "nan", "null", "none", "nil", "\\n", "<na>", "#n/a", "#na", "#div/0!", "#value!", "#ref!", "#num!",
    "#name?", "#null!",
];

/// Markers of missing values in a file: the default ones and custom ones.
#[derive(Clone, Debug, Default)]
pub struct MissingMarkers {
    custom: Vec<String>,
    /// Custom markers that are numbers, so that `-200` also matches `-200,0`.
    custom_numbers: Vec<f64>,
}

impl MissingMarkers {
    /// The default markers and these.
    pub fn new(custom: &[String], number: NumberFormat) -> Self {
        let custom: Vec<String> = custom.iter().map(|marker| marker.trim().to_lowercase()).collect();
        let custom_numbers = custom
            .iter()
            .filter_map(|marker| match number.parse(marker) {
                NumberCell::Number(value) => Some(value),
                _ => None,
            })
            .collect();
        Self { custom, custom_numbers }
    }

    /// True if a cell is a marker, ignoring surrounding spaces and case.
    #[inline]
    pub fn contains(&self, cell: &str) -> bool {
        is_default_missing_marker(cell) || (!self.custom.is_empty() && self.is_custom(cell.trim()))
    }

    /// True if a number is a custom marker.
    #[inline]
    pub fn has_number(&self, value: f64) -> bool {
        !self.custom_numbers.is_empty() && self.custom_numbers.contains(&value)
    }

    /// True if any custom marker is a number.
    pub fn has_numbers(&self) -> bool {
        !self.custom_numbers.is_empty()
    }

    fn is_custom(&self, cell: &str) -> bool {
        self.custom
            .iter()
            .any(|marker| marker == cell || (marker.len() == cell.len() && marker.eq_ignore_ascii_case(cell)))
    }
}

/// True if a cell is a marker in every file: empty or blank, `NA`, `N/A`, `NaN`, `null`, `none`, a spreadsheet's error
/// such as `#N/A`, or a run of one of `-`, `?`, `.` (any length) or `*` (two or more; old tables print `****` where a
/// number does not fit).
#[inline]
pub fn is_default_missing_marker(cell: &str) -> bool {
    match cell.as_bytes().first() {
        None => true,
        Some(byte) if byte.is_ascii_digit() => false,
        Some(_) => is_marker(cell.trim()),
    }
}

fn is_marker(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    let Some(&first) = bytes.first() else { return true };
    let is_run = || bytes.iter().all(|&byte| byte == first);
    match first {
        b'-' | b'?' | b'.' => is_run(),
        b'*' => bytes.len() > 1 && is_run(),
        _ => bytes.len() <= 8 && WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word)),
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::Dialect;

    use super::*;

    #[test]
    fn finds_default_markers() {
        for cell in ["", " ", "NA", "n/a", "NaN", "NULL", "None", "-", "--", "?", ".", "****", "*****", " NA ", "#N/A"]
        {
            assert!(is_default_missing_marker(cell), "{cell:?}");
        }
        for cell in ["0", "-1", "nano", "*", "nothing", "a", "N", "-a", "?!", "\u{e9}"] {
            assert!(!is_default_missing_marker(cell), "{cell:?}");
        }
    }

    #[test]
    fn finds_custom_markers_as_text_and_as_number() {
        let number = NumberFormat::new(&Dialect::default());
        let markers = MissingMarkers::new(&["-200".into(), "Unknown".into()], number);
        assert!(markers.contains("unknown ") && markers.contains("-200"));
        assert!(markers.has_number(-200.0) && !markers.has_number(200.0));
    }
}
