//! Which cells mean "no value".

use super::{NumberCell, NumberFormat};

/// Words for "no value" that every file may use, in lower case; the rest are what spreadsheets write for an error.
const WORDS: [&str; 16] = [
    "na", "n/a", "nan", "null", "none", "nil", "\\n", "<na>", "#n/a", "#na", "#div/0!", "#value!", "#ref!", "#num!",
    "#name?", "#null!",
];

/// What means "no value" in a file: the usual markers and the user's own.
#[derive(Clone, Debug, Default)]
pub struct MissingMarkers {
    own: Vec<String>,
    /// Own markers that are numbers, so that `-200` is also found in `-200,0`.
    own_numbers: Vec<f64>,
}

impl MissingMarkers {
    /// The usual markers and these.
    pub fn new(own: &[String], number: NumberFormat) -> Self {
        let own: Vec<String> = own.iter().map(|marker| marker.trim().to_lowercase()).collect();
        let own_numbers = own
            .iter()
            .filter_map(|marker| match number.parse(marker) {
                NumberCell::Number(value) => Some(value),
                _ => None,
            })
            .collect();
        Self { own, own_numbers }
    }

    /// Whether a cell is one of them, blanks around it and case aside.
    #[inline]
    pub fn contains(&self, cell: &str) -> bool {
        is_missing_by_custom(cell) || (!self.own.is_empty() && self.is_own(cell.trim()))
    }

    /// Whether a number is one of the user's own markers.
    #[inline]
    pub fn has_number(&self, value: f64) -> bool {
        !self.own_numbers.is_empty() && self.own_numbers.contains(&value)
    }

    /// Whether any marker is a number.
    pub fn has_numbers(&self) -> bool {
        !self.own_numbers.is_empty()
    }

    fn is_own(&self, cell: &str) -> bool {
        self.own
            .iter()
            .any(|marker| marker == cell || (marker.len() == cell.len() && marker.eq_ignore_ascii_case(cell)))
    }
}

/// Whether a cell means "no value" in any file: empty or blank, `NA`, `N/A`, `NaN`, `null`, `none`, a spreadsheet's
/// error such as `#N/A`, or a run of one of `-`, `?`, `.` (any length) or `*` (two or more; old tables print `****` where
/// a number does not fit).
#[inline]
pub fn is_missing_by_custom(cell: &str) -> bool {
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
    fn knows_the_usual_markers() {
        for cell in ["", " ", "NA", "n/a", "NaN", "NULL", "None", "-", "--", "?", ".", "****", "*****", " NA ", "#N/A"]
        {
            assert!(is_missing_by_custom(cell), "{cell:?}");
        }
        for cell in ["0", "-1", "nano", "*", "nothing", "a", "N", "-a", "?!", "\u{e9}"] {
            assert!(!is_missing_by_custom(cell), "{cell:?}");
        }
    }

    #[test]
    fn finds_own_markers_as_text_and_as_number() {
        let number = NumberFormat::new(&Dialect::default());
        let markers = MissingMarkers::new(&["-200".into(), "Unknown".into()], number);
        assert!(markers.contains("unknown ") && markers.contains("-200"));
        assert!(markers.has_number(-200.0) && !markers.has_number(200.0));
    }
}
