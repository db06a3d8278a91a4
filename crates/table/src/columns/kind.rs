//! A column's kind, and why one is set aside.

use pinhole_protocol::table::{ColumnKind, ColumnSummary};

use super::tally::{MAX_DISTINCT, Tally};

/// Of the cells with a value, one in so many may be of another kind: it is then read as missing.
const STRAY_DIVISOR: u64 = 100;
/// Cells from which on a single stray is borne.
const MIN_FOR_ONE_STRAY: u64 = 20;
/// Rows from which on numbers counted 1, 2, 3, … are taken to count rows.
const MIN_COUNTED: u64 = 5;
/// Values examples shown.
const EXAMPLES: usize = 5;
/// Mean length in bytes from which on text is prose.
const PROSE_BYTES: u64 = 48;

/// What a column's cells are.
pub fn kind_of(name: &str, tally: &Tally) -> ColumnKind {
    let present = tally.present();
    let distinct = tally.distinct.len() as u64;
    if present == 0 || (distinct == 1 && tally.rows > 1 && !tally.is_full) {
        return ColumnKind::Constant;
    }
    if tally.is_boolean() {
        return ColumnKind::Boolean;
    }
    if tally.numbers + tally.out_of_range > 0 && is_bearable(tally.strays(), present) {
        return if is_row_number(name, tally) { ColumnKind::Identifier } else { ColumnKind::Numeric };
    }
    if tally.dates > 0 && is_bearable(present - tally.dates, present) {
        return ColumnKind::DateTime;
    }
    let is_prose = tally.text_bytes > PROSE_BYTES * present || tally.wordy * 2 > present;
    if tally.all_differ && present > 1 {
        return if is_prose { ColumnKind::Text } else { ColumnKind::Identifier };
    }
    let repeats = !tally.is_full && distinct * 2 <= present;
    if repeats && tally.text_bytes <= 4 * PROSE_BYTES * present || present == 1 {
        ColumnKind::Categorical
    } else {
        ColumnKind::Text
    }
}

/// Whether so few cells of another kind are slips.
pub fn is_bearable(strays: u64, present: u64) -> bool {
    strays * STRAY_DIVISOR <= present || (strays == 1 && present >= MIN_FOR_ONE_STRAY)
}

/// Whether numbers only count or name the rows: whole, all different, and counted from 0 or 1 or named as such.
fn is_row_number(name: &str, tally: &Tally) -> bool {
    let counts_rows = tally.are_consecutive
        && tally.numbers >= MIN_COUNTED
        && (tally.first_number.abs() < f64::EPSILON || (tally.first_number - 1.0).abs() < f64::EPSILON);
    tally.strays() == 0
        && tally.are_integers
        && tally.all_differ
        && (counts_rows || (is_id_name(name) && tally.numbers > 1))
}

/// Whether a name says that the column names rows.
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

/// What is said of a column.
pub fn summary_of(name: &str, tally: &Tally) -> ColumnSummary {
    let kind = kind_of(name, tally);
    let has_numbers =
        tally.numbers > 0 && matches!(kind, ColumnKind::Numeric | ColumnKind::Identifier | ColumnKind::Constant);
    let number = |value: f64| has_numbers.then_some(value);
    ColumnSummary {
        name: name.to_owned(),
        kind,
        exclusion_reason: aside_of(kind, tally),
        missing: tally.missing,
        distinct: tally.distinct.len() as u64,
        min: number(tally.least.value),
        mean: number(tally.sum / tally.numbers.max(1) as f64),
        max: number(-tally.greatest.value),
        examples: tally
            .texts
            .iter()
            .take(EXAMPLES)
            .map(|kept| if kept.is_cut { format!("{}\u{2026}", kept.text) } else { kept.text.clone() })
            .collect(),
    }
}

fn aside_of(kind: ColumnKind, tally: &Tally) -> Option<String> {
    match kind {
        ColumnKind::Constant if tally.present() == 0 => Some("It has no value in any row.".into()),
        ColumnKind::Constant => {
            let value = tally.texts.first().map_or("", |kept| kept.text.as_str());
            Some(format!("Every row has the same value, \"{value}\"."))
        }
        ColumnKind::Identifier => Some("It counts or names the rows: no value comes twice.".into()),
        ColumnKind::Text => {
            let more = if tally.is_full { "more than " } else { "" };
            let distinct = tally.distinct.len().min(MAX_DISTINCT);
            Some(format!("It is free text: {more}{distinct} different values in {} rows.", tally.present()))
        }
        _ => None,
    }
}
