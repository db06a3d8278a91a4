//! Markers of missing values, such as `NA`.

use super::number_format::{NumberCell, NumberFormat};

/// Default markers, in lower case.
const WORDS: [&str; 34] = [
    "na", "n/a", "n.a.", "n.v.", "k.a.", "k. a.", "nan", "1.#qnan", "-nan", "null", "(null)", "<null>", "none", "nil",
    "\\n", "<na>", "n/d", "#missing", "nat", "<leer>",
    // Below or above what can be measured, without the limit.
    "<lod", "<loq", "<lloq", "<mdl", "<mrl", "<dl", "<rl", "<bg", "bdl", "bql", "blq", "bloq", ">uloq", ">ul",
];

/// Errors of spreadsheets that end in no mark, in lower case: of no value found, in the languages of office programs.
const ERROR_WORDS: [&str; 18] = [
    "#n/a",
    "#na",
    "#n/d",
    "#nd",
    "#nv",
    "#n/v",
    "#i/t",
    "#n/b",
    "#s/d",
    "#yok",
    "#hiányzik",
    "#saknas!",
    "#puuttuu",
    "#н/д",
    "#calc",
    "#blocked",
    "#getting_data",
    "#field",
];

/// Length in bytes of the longest error of a spreadsheet.
const MAX_ERROR_BYTES: usize = 24;

/// Markers of missing values in a file: the default ones and custom ones.
#[derive(Clone, Debug, Default)]
pub struct MissingMarkers {
    custom: Vec<String>,
    /// Custom markers that are numbers, so that `-200` also matches `-200,0`.
    custom_numbers: Vec<f64>,
}

impl MissingMarkers {
    /// The default markers and these.
    pub fn new<'a>(custom: impl IntoIterator<Item = &'a String>, number: NumberFormat) -> Self {
        let custom: Vec<String> = custom.into_iter().map(|marker| marker.trim().to_lowercase()).collect();
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
/// in any language (`#N/A`, `#NV`, `#WERT!`, `#¿NOMBRE?`, `Err:502`), or a run of one of `-`, `?`, `.` (any length) or `*` (two or more; old tables print `****` where a
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
        b'#' => is_spreadsheet_error(cell),
        _ => {
            bytes.len() <= 8
                && (WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word)) || is_libre_office_error(cell))
        }
    }
}

/// True for `#`, a word and `!` or `?`, as every language of Excel writes errors; for `#NV` and the like; and for a run
/// of `#`, which a spreadsheet prints where a number does not fit.
fn is_spreadsheet_error(cell: &str) -> bool {
    if cell.len() > MAX_ERROR_BYTES {
        return false;
    }
    if cell.bytes().all(|byte| byte == b'#') {
        return cell.len() > 1;
    }
    let lower = cell.to_lowercase();
    let word = lower.strip_prefix('#').and_then(|word| word.strip_suffix(['!', '?'])).map(str::trim_end);
    let is_word = |word: &str| {
        let letters = word.trim_start_matches(['\u{a1}', '\u{bf}']).trim_end_matches("/0");
        !letters.is_empty()
            && letters.chars().all(|c| c.is_alphabetic() || matches!(c, '/' | '_' | '.' | ' ' | '\u{b4}' | '`'))
    };
    word.is_some_and(is_word) || ERROR_WORDS.contains(&lower.as_str())
}

/// True for `Err:502` and the like.
fn is_libre_office_error(cell: &str) -> bool {
    cell.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("err:"))
        && cell.len() == 7
        && cell[4..].bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::NumberStyle;

    use super::*;

    #[test]
    fn finds_default_markers() {
        for cell in ["", " ", "NA", "n/a", "NaN", "NULL", "None", "-", "--", "?", ".", "****", "*****", " NA ", "#N/A"]
        {
            assert!(is_default_missing_marker(cell), "{cell:?}");
        }
        for cell in [
            "#NV",
            "#WERT!",
            "#DIV/0!",
            "#BEZUG!",
            "#ZAHL!",
            "#NAME?",
            "#VALEUR!",
            "#NOM ?",
            "#\u{a1}VALOR!",
            "#\u{bf}NOMBRE?",
            "#\u{a1}DIV/0!",
            "#ССЫЛКА!",
            "#\u{dc}BERLAUF!",
            "#ARG!",
            "#N/D",
            "####",
            "Err:502",
            "#SAKNAS!",
        ] {
            assert!(is_default_missing_marker(cell), "{cell:?}");
        }
        for cell in ["#1", "#ff00aa", "#pump off", "#", "#tag", "# 5 !", "err:5"] {
            assert!(!is_default_missing_marker(cell), "{cell:?}");
        }
        for cell in ["0", "-1", "nano", "*", "nothing", "a", "N", "-a", "?!", "\u{e9}"] {
            assert!(!is_default_missing_marker(cell), "{cell:?}");
        }
    }

    #[test]
    fn finds_custom_markers_as_text_and_as_number() {
        let number = NumberFormat::new(&NumberStyle::default());
        let markers = MissingMarkers::new(&["-200".into(), "Unknown".into()], number);
        assert!(markers.contains("unknown ") && markers.contains("-200"));
        assert!(markers.has_number(-200.0) && !markers.has_number(200.0));
    }
}
