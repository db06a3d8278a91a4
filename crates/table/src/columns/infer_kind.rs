//! Type inference: the kind of a column, and the reason for excluding it.

use pinhole_protocol::table::{ColumnKind, ColumnSummary};

use super::{
    column_profiler::{ColumnProfiler, MAX_WORDS},
    time_names::words_of,
};

/// One cell in this many may be of another kind than its column; it is read as missing.
const CELLS_PER_MISMATCH: u64 = 100;

/// Cells from which on a single mismatch is tolerated.
const MIN_CELLS_FOR_ONE_MISMATCH: u64 = 20;

/// Numbers from which on a sequence 1, 2, 3, … counts rows.
const MIN_ROW_NUMBERS: u64 = 5;

/// Values in a summary's examples.
const EXAMPLES: usize = 5;

/// Mean length in bytes above which text is prose.
const PROSE_BYTES: u64 = 48;

/// Kind of a column.
pub fn infer_kind(name: &str, column: &ColumnProfiler) -> ColumnKind {
    let present = column.present();
    let distinct = column.distinct.counted() as u64;
    if present == 0 || (distinct == 1 && column.rows > 1 && !column.distinct.is_full()) {
        return ColumnKind::Constant;
    }
    if column.is_boolean() {
        return ColumnKind::Boolean;
    }
    if column.inexact_integers > 0 && column.are_integers && is_tolerable(column.non_numbers(), present) {
        return ColumnKind::Identifier;
    }
    let is_numeric = is_tolerable(column.non_numbers(), present) || has_words_for_missing(column);
    if column.numbers + column.out_of_range > 0 && is_numeric && !are_codes(name, column) {
        return if is_row_number(name, column) { ColumnKind::Identifier } else { ColumnKind::Numeric };
    }
    if column.dates > 0 && is_tolerable(present - column.dates, present) {
        return ColumnKind::DateTime;
    }
    let is_prose = column.text_bytes > PROSE_BYTES * present || column.wordy * 2 > present;
    if column.distinct.are_all(present) && present > 1 {
        return if is_prose { ColumnKind::Text } else { ColumnKind::Identifier };
    }
    let repeats = !column.distinct.is_full() && distinct * 2 <= present;
    if repeats && column.text_bytes <= 4 * PROSE_BYTES * present || present == 1 {
        ColumnKind::Categorical
    } else {
        ColumnKind::Text
    }
}

/// True if so few cells of another kind are tolerated.
fn is_tolerable(mismatches: u64, present: u64) -> bool {
    mismatches * CELLS_PER_MISMATCH <= present || (mismatches == 1 && present >= MIN_CELLS_FOR_ONE_MISMATCH)
}

/// True if few words stand among many different numbers, such as `offline` and `Bad Input`: they say that
/// there is no number.
fn has_words_for_missing(column: &ColumnProfiler) -> bool {
    const FEW_WORDS: usize = 3;
    const MIN_DISTINCT: usize = 20;
    let are_few = column.words.len() <= FEW_WORDS && column.numbers * 2 >= column.present();
    let are_rare = column.words.len() < MAX_WORDS && column.numbers * 10 >= column.present() * 8;
    (are_few || are_rare)
        && column.distinct.counted() >= MIN_DISTINCT
        && (!column.are_integers || column.distinct.counted() > 2 * MIN_DISTINCT)
}

/// True if integers are digits of a code, as postcodes with a zero in front. Two digits can be hours or months.
fn are_codes(name: &str, column: &ColumnProfiler) -> bool {
    const NUMBERS_PER_LEADING_ZERO: u64 = 200;
    const MIN_NAMED_DIGITS: usize = 4;
    let (longest, shortest) = column.integer_bytes;
    if column.are_integers && longest == shortest && longest >= MIN_NAMED_DIGITS && is_code_name(name) {
        return true;
    }
    if are_hexadecimal(column) {
        return true;
    }
    let have_zeros = column.leading_zeros * NUMBERS_PER_LEADING_ZERO >= column.numbers.max(1);
    have_zeros && column.are_integers && column.integer_bytes.0 > 2
}

/// True if some cells are hexadecimal codes, and others look like powers of ten: `7f2a`, `12e5`.
fn are_hexadecimal(column: &ColumnProfiler) -> bool {
    let is_code = |word: &String| {
        word.len() >= 2
            && word.bytes().all(|byte| byte.is_ascii_hexdigit())
            && word.bytes().any(|byte| byte.is_ascii_digit())
    };
    let is_power = |text: &str| {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        text.split_once(['e', 'E']).is_some_and(|(mantissa, exponent)| digits(mantissa) && digits(exponent))
    };
    column.are_integers
        && column.words.iter().any(is_code)
        && column.distinct.texts().iter().any(|value| is_power(&value.text))
}

/// True if a name is that of a code of digits, such as a postcode or an article number.
fn is_code_name(name: &str) -> bool {
    const WORDS: [&str; 26] = [
        "plz",
        "zip",
        "zipcode",
        "postcode",
        "postalcode",
        "postal",
        "postleitzahl",
        "cap",
        "cep",
        "ean",
        "gtin",
        "upc",
        "isbn",
        "issn",
        "iban",
        "konto",
        "kontonummer",
        "account",
        "card",
        "phone",
        "telefon",
        "barcode",
        "sku",
        "ags",
        "gemeindeschl\u{fc}ssel",
        "matrikelnummer",
    ];
    words_of(name).iter().any(|word| WORDS.contains(&word.as_str()))
}

/// True if numbers only identify rows: integers, all distinct, and consecutive from 0 or 1 or named as an identifier.
fn is_row_number(name: &str, column: &ColumnProfiler) -> bool {
    let counts_rows = column.are_consecutive
        && column.numbers >= MIN_ROW_NUMBERS
        && (column.first_number.abs() < f64::EPSILON || (column.first_number - 1.0).abs() < f64::EPSILON);
    column.non_numbers() == 0
        && column.are_integers
        && column.distinct.all_distinct
        && (counts_rows || (is_id_name(name) && column.numbers > 1))
}

/// True if a name is one of an identifier column.
fn is_id_name(name: &str) -> bool {
    const WORDS: [&str; 14] = [
        "id",
        "uuid",
        "guid",
        "index",
        "idx",
        "row",
        "rowid",
        "rownumber",
        "rownum",
        "rowno",
        "recordid",
        "key",
        "serial",
        "unnamed0",
    ];
    let lower = name.to_lowercase();
    let plain: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    let is_suffixed = ["_id", " id", "-id", ".id"].iter().any(|suffix| lower.ends_with(suffix));
    WORDS.contains(&plain.as_str()) || is_suffixed || name.ends_with("Id") || name.ends_with("ID")
}

/// Distinct values of a column that are listed: classes are not more.
const LISTED_VALUES: usize = 50;

/// Summary of a column whose numbers have this unit, with its kind and the reason for excluding it.
pub fn summarise(name: &str, column: &ColumnProfiler, unit: Option<String>) -> ColumnSummary {
    let kind = infer_kind(name, column);
    let has_numbers = kind == ColumnKind::Numeric || column.numbers > 0 && column.numbers == column.present();
    let number = |value: f64| has_numbers.then_some(value);
    ColumnSummary {
        name: name.to_owned(),
        kind,
        exclusion_reason: exclusion_reason(kind, column),
        missing: match kind {
            // Cells that are no number, or no date, are read as missing.
            ColumnKind::Numeric => column.rows - column.numbers,
            ColumnKind::DateTime => column.rows - column.dates,
            _ => column.missing,
        },
        distinct: column.distinct.number(),
        is_distinct_estimated: column.distinct.is_full(),
        min: number(column.least.value),
        mean: number(column.sum / column.numbers.max(1) as f64),
        max: number(-column.greatest.value),
        unit,
        values: column.distinct.by_rows(LISTED_VALUES).unwrap_or_default(),
        histogram: if has_numbers { column.sample.histogram() } else { Vec::new() },
        examples: column
            .distinct
            .texts()
            .iter()
            .take(EXAMPLES)
            .map(|value| if value.is_truncated { format!("{}\u{2026}", value.text) } else { value.text.clone() })
            .collect(),
    }
}

/// The reason for excluding a column; `None`: it is used.
fn exclusion_reason(kind: ColumnKind, column: &ColumnProfiler) -> Option<String> {
    match kind {
        ColumnKind::Constant if column.present() == 0 => Some("It has no value in any row.".into()),
        ColumnKind::Constant => {
            let value = column.distinct.texts().first().map_or("", |value| value.text.as_str());
            Some(format!("Every row has the same value, \"{value}\"."))
        }
        ColumnKind::Identifier => Some("It identifies the rows: no value occurs twice.".into()),
        ColumnKind::Text => {
            let about = if column.distinct.is_full() { "about " } else { "" };
            let distinct = column.distinct.number();
            Some(format!("It is free text: {about}{distinct} different values in {} rows.", column.present()))
        }
        _ => None,
    }
}
