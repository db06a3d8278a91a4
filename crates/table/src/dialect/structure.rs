//! Delimiter, quote and escape.
//!
//! In the manner of CleverCSV (van den Burg, Nazábal and Sutton 2019): each reading of the file is judged by how regular
//! its rows are and by how much its cells look like something.

use crate::records::{RecordBatch, Rules, Sample};

use super::read_sample;
use super::shape::{self, Shape};

/// Delimiters in the order of preference when two do equally well.
const DELIMITERS: [u8; 5] = [b',', b';', b'\t', b'|', b' '];

/// Rows whose cells are looked at.
const JUDGED_ROWS: usize = 200;

/// What a reading with one column is worth against one with several: lines without structure are a column too.
const SINGLE_COLUMN: f64 = 0.3;

/// Delimiter, quote and escape of the text.
pub(super) fn guess(text: &str, is_whole: bool) -> Rules {
    if let Some(delimiter) = declared(text) {
        return refine(text, is_whole, Rules { delimiter, quote: Some(b'"'), escape: None });
    }
    let mut best = (0.0, Rules { delimiter: b',', quote: Some(b'"'), escape: None });
    for delimiter in DELIMITERS.into_iter().filter(|&delimiter| text.as_bytes().contains(&delimiter)) {
        let rules = refine(text, is_whole, Rules { delimiter, quote: Some(b'"'), escape: None });
        let score = judge(&read_sample(text, rules, is_whole), delimiter);
        if score > best.0 + 1e-9 {
            best = (score, rules);
        }
    }
    if best.0 == 0.0 { refine(text, is_whole, best.1) } else { best.1 }
}

/// Excel's `sep=;` in the first line.
fn declared(text: &str) -> Option<u8> {
    let line = text.lines().next()?.trim_matches('"');
    let declared = line.get(..4).filter(|word| word.eq_ignore_ascii_case("sep=")).and_then(|_| line.get(4..))?;
    match declared.as_bytes() {
        &[byte] if !byte.is_ascii_alphanumeric() && byte.is_ascii() && byte != b'"' => Some(byte),
        _ => None,
    }
}

/// Tries single quotes and backslashes, which must be evident.
fn refine(text: &str, is_whole: bool, rules: Rules) -> Rules {
    let double = read_sample(text, rules, is_whole);
    if double.quoted_cells == 0 && text.contains('\'') {
        let single_quoted = Rules { quote: Some(b'\''), ..rules };
        let single = read_sample(text, single_quoted, is_whole);
        if single.quoted_cells > 0 && single.misquoted == 0 {
            return single_quoted;
        }
    }
    if double.misquoted > 0 && text.contains("\\\"") {
        let escaped = Rules { escape: Some(b'\\'), ..rules };
        if read_sample(text, escaped, is_whole).misquoted < double.misquoted {
            return escaped;
        }
    }
    rules
}

/// 0 to 1, the better the reading.
fn judge(sample: &Sample, delimiter: u8) -> f64 {
    let records = &sample.records;
    let widths: Vec<usize> =
        (0..records.len()).filter(|&row| !is_empty(records, row)).map(|row| records.record(row).len()).collect();
    let judged = |width: usize| {
        let (share, rows) = regularity(&widths, width);
        let looks = looks(records, width, delimiter);
        let columns = if width == 1 { SINGLE_COLUMN } else { (width - 1) as f64 / width as f64 };
        share * share * rows * looks * columns
    };
    let mut candidates = widths.clone();
    candidates.sort_unstable();
    let mut frequent: Vec<(usize, usize)> =
        candidates.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).collect();
    frequent.sort_unstable_by(|a, b| b.cmp(a));
    let misquoted = sample.misquoted as f64 / records.len().max(1) as f64;
    frequent.iter().take(3).map(|&(_, width)| judged(width)).fold(0.0, f64::max) / (1.0 + misquoted)
}

fn is_empty(records: &RecordBatch, row: usize) -> bool {
    records.record(row).cells().all(str::is_empty)
}

/// From the first row with this many cells on: the share of rows that have as many, and the root of the share of rows
/// that are not before it. What stands before is taken for a preamble.
fn regularity(widths: &[usize], width: usize) -> (f64, f64) {
    let start = widths.iter().position(|&other| other == width).unwrap_or(0);
    let rows = &widths[start..];
    let same = rows.iter().filter(|&&other| other == width).count();
    (same as f64 / rows.len().max(1) as f64, (rows.len() as f64 / widths.len().max(1) as f64).sqrt())
}

/// How much the cells of rows with this many cells look like something, 0 to 1.
fn looks(records: &RecordBatch, width: usize, delimiter: u8) -> f64 {
    let (mut sum, mut cells) = (0.0, 0_u32);
    for record in records.records().filter(|record| record.len() == width).take(JUDGED_ROWS) {
        for cell in record.cells().take(100) {
            sum += look(cell, delimiter);
            cells += 1;
        }
    }
    sum / f64::from(cells.max(1))
}

fn look(cell: &str, delimiter: u8) -> f64 {
    let holds_another =
        |cell: &str| cell.bytes().any(|byte| matches!(byte, b';' | b'\t' | b'|' | b',') && byte != delimiter);
    match shape::of(cell) {
        // Spaces separate numbers; between words, and between a date and its time, they are part of the text.
        Shape::Date | Shape::Word if delimiter == b' ' => 0.2,
        Shape::Number | Shape::Date => 1.0,
        Shape::Missing => 0.7,
        Shape::Word => 0.8,
        Shape::Text if holds_another(cell) => 0.2,
        Shape::Text if delimiter == b' ' => 0.2,
        Shape::Text => 0.6,
    }
}
