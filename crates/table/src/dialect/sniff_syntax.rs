//! Sniffing of delimiter, quote and escape by a consistency measure.
//!
//! After CleverCSV (van den Burg, Nazábal and Sutton 2019, "Wrangling messy CSV files by detecting row and type
//! patterns"): the consistency of a candidate is its pattern score, the regularity of its rows, times its type score,
//! the certainty of the types of its cells.

use pinhole_protocol::table::Dialect;

use super::cell_type::CellType;
use crate::records::{CsvSyntax, FirstRecords, RecordBatch};

/// Candidate delimiters, in order of preference when two are equally consistent.
const DELIMITERS: [u8; 10] = [b',', b';', b'\t', b'|', b' ', b':', b'^', b'~', b'\x1f', b'\x01'];

/// Candidates that often belong to the text.
const RARE_DELIMITERS: [u8; 3] = [b':', b'^', b'~'];

/// Rows that enter the type score.
const TYPED_ROWS: usize = 200;

/// Cells per row that enter the type score.
const TYPED_COLUMNS: usize = 100;

/// Factor of the consistency of a table of one column: lines without structure are one column too.
const SINGLE_COLUMN_FACTOR: f64 = 0.3;

/// The most consistent syntax of `text`, the start of a file; `is_whole`: it is the whole file.
pub(super) fn sniff_syntax(text: &str, is_whole: bool) -> CsvSyntax {
    if let Some(delimiter) = declared_delimiter(text) {
        return refine_quoting(text, is_whole, CsvSyntax::with_delimiter(delimiter));
    }
    let mut best = (0.0, CsvSyntax::with_delimiter(b','));
    // True if another delimiter than the space cuts every line, the first too, into equally many cells.
    let mut is_whole_table = false;
    let is_candidate = |delimiter: &u8| {
        text.as_bytes().contains(delimiter) && (!RARE_DELIMITERS.contains(delimiter) || !are_lines_values(text))
    };
    for delimiter in DELIMITERS.into_iter().filter(is_candidate) {
        // What also occurs within cells is a delimiter only where no usual one is.
        if RARE_DELIMITERS.contains(&delimiter) && best.0 > SINGLE_COLUMN_FACTOR {
            continue;
        }
        let syntax = refine_quoting(text, is_whole, CsvSyntax::with_delimiter(delimiter));
        let first = FirstRecords::lex(text, syntax, is_whole);
        let score = consistency(&first, delimiter);
        let is_text = match delimiter {
            b' ' => is_whole_table || !header_fits(&first.records),
            b',' => !header_fits(&first.records) && are_lines_values(text),
            _ => false,
        };
        if delimiter == b',' && is_text {
            // One column of decimal commas: a delimiter that does not occur.
            best.1 = CsvSyntax::with_delimiter(b';');
        }
        if score > best.0 + 1e-9 && !is_text {
            best = (score, syntax);
        }
        is_whole_table |= delimiter != b' ' && is_regular(&first.records);
    }
    if best.0 == 0.0 { refine_quoting(text, is_whole, best.1) } else { best.1 }
}

/// True if most lines are numbers, dates or times as a whole, such as `12:30:05`.
fn are_lines_values(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(TYPED_ROWS);
    let (values, all) = lines.fold((0, 0), |(values, all), line| {
        let is_value = matches!(CellType::of(line), CellType::Number | CellType::Date);
        (values + usize::from(is_value), all + 1)
    });
    2 * values > all
}

/// True if all records, at least three, have the same number of cells, and more than one.
fn is_regular(records: &RecordBatch) -> bool {
    let mut widths = (0..records.len()).filter(|&row| !is_empty(records, row)).map(|row| records.record(row).len());
    let Some(width) = widths.next() else { return false };
    width > 1 && records.len() >= 3 && widths.all(|other| other == width)
}

/// True if the first record has as many cells as most others, or one fewer, as R leaves the names of rows without a
/// heading; or if it is no header but a row of numbers.
fn header_fits(records: &RecordBatch) -> bool {
    let mut widths: Vec<usize> =
        (0..records.len()).filter(|&row| !is_empty(records, row)).map(|row| records.record(row).len()).collect();
    let Some(&first) = widths.first() else { return true };
    widths.sort_unstable();
    let usual = widths[widths.len() / 2];
    let is_one_word = first == 1 && usual > 1;
    !is_one_word || matches!(CellType::of(records.record(0).cell(0)), CellType::Number | CellType::Date)
}

/// Delimiter that Excel's separator line `sep=;` declares, if that is the first line and the character can be one.
fn declared_delimiter(text: &str) -> Option<u8> {
    let line = text.lines().next()?.trim_matches('"');
    let declared = line.get(..4).filter(|word| word.eq_ignore_ascii_case("sep=")).and_then(|_| line.get(4..))?;
    let dialect = Dialect { delimiter: declared.to_owned(), ..Dialect::default() };
    // The other quote and the escape are guessed later, and must be other characters.
    let is_valid = CsvSyntax::new(&dialect).is_ok() && !["'", "\\"].contains(&declared);
    is_valid.then(|| declared.as_bytes()[0])
}

/// The syntax with single quotes if there are no double-quoted cells, or with a backslash as escape, where it has fewer
/// misquoted cells.
fn refine_quoting(text: &str, is_whole: bool, syntax: CsvSyntax) -> CsvSyntax {
    let syntax =
        if has_spaced_quotes(text, syntax.delimiter) { CsvSyntax { skips_spaces: true, ..syntax } } else { syntax };
    let double = FirstRecords::lex(text, syntax, is_whole);
    if double.quoted_cells == 0 && text.contains('\'') {
        let single_quoted = CsvSyntax { quote: Some(b'\''), ..syntax };
        let single = FirstRecords::lex(text, single_quoted, is_whole);
        if single.quoted_cells > 0 && single.misquoted_cells == 0 {
            return single_quoted;
        }
    }
    if double.misquoted_cells > 0 && text.contains("\\\"") {
        let escaped = CsvSyntax { escape: Some(b'\\'), ..syntax };
        if FirstRecords::lex(text, escaped, is_whole).misquoted_cells < double.misquoted_cells {
            return escaped;
        }
    }
    syntax
}

/// True if quotes stand after a delimiter and a space: `1, "a, b"`.
fn has_spaced_quotes(text: &str, delimiter: u8) -> bool {
    let pattern = [delimiter, b' ', b'"'];
    delimiter != b' ' && text.as_bytes().windows(pattern.len()).any(|window| window == pattern)
}

/// Consistency measure of a candidate, 0 to 1: pattern score x type score, of the best of the three most frequent
/// widths.
fn consistency(first: &FirstRecords, delimiter: u8) -> f64 {
    let records = &first.records;
    let widths: Vec<usize> =
        (0..records.len()).filter(|&row| !is_empty(records, row)).map(|row| records.record(row).len()).collect();
    let consistency_at = |width: usize| {
        let type_score = type_score(records, width, delimiter);
        let columns = if width == 1 { SINGLE_COLUMN_FACTOR } else { (width - 1) as f64 / width as f64 };
        pattern_score(&widths, width) * type_score * columns
    };
    let mut sorted = widths.clone();
    sorted.sort_unstable();
    let mut frequent: Vec<(usize, usize)> = sorted.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).collect();
    frequent.sort_unstable_by(|a, b| b.cmp(a));
    let misquoted = first.misquoted_cells as f64 / records.len().max(1) as f64;
    frequent.iter().take(3).map(|&(_, width)| consistency_at(width)).fold(0.0, f64::max) / (1.0 + misquoted)
}

fn is_empty(records: &RecordBatch, row: usize) -> bool {
    records.record(row).cells().all(str::is_empty)
}

/// Pattern score of a width: the squared share of rows with it, times the root of the share of rows that are not before
/// the first of them. Rows before that are taken for a preamble.
fn pattern_score(widths: &[usize], width: usize) -> f64 {
    let start = widths.iter().position(|&other| other == width).unwrap_or(0);
    let rows = &widths[start..];
    let same = rows.iter().filter(|&&other| other == width).count();
    let share = same as f64 / rows.len().max(1) as f64;
    share * share * (rows.len() as f64 / widths.len().max(1) as f64).sqrt()
}

/// Type score of a width: mean of [`cell_score`] over the cells of rows with it, 0 to 1.
fn type_score(records: &RecordBatch, width: usize, delimiter: u8) -> f64 {
    let (mut sum, mut cells) = (0.0, 0_u32);
    for record in records.records().filter(|record| record.len() == width).take(TYPED_ROWS) {
        for cell in record.cells().take(TYPED_COLUMNS) {
            sum += cell_score(cell, delimiter);
            cells += 1;
        }
    }
    sum / f64::from(cells.max(1))
}

/// Certainty, 0 to 1, that a cell of this type was not cut or joined by a wrong delimiter.
fn cell_score(cell: &str, delimiter: u8) -> f64 {
    let has_other_delimiter =
        |cell: &str| cell.bytes().any(|byte| matches!(byte, b';' | b'\t' | b'|' | b',') && byte != delimiter);
    match CellType::of(cell) {
        // Spaces separate numbers; between words, and between a date and a time, they belong to the text.
        CellType::Date | CellType::Word if delimiter == b' ' => 0.2,
        CellType::Number | CellType::Date => 1.0,
        CellType::Missing => 0.7,
        CellType::Word => 0.8,
        CellType::Text if has_other_delimiter(cell) => 0.2,
        CellType::Text if delimiter == b' ' => 0.2,
        CellType::Text => 0.6,
    }
}
