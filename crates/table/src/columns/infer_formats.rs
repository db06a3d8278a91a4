//! Inference of the formats of numbers, dates and units, from the first rows of a file.

use pinhole_protocol::table::Dialect;

use super::{clean_names, profiler::Profiler};
use crate::records::RecordBatch;

/// Rows that are examined.
const MAX_ROWS: usize = 2000;

/// Revisions of the formats, at most: one unveils what another hid.
const MAX_REVISIONS: usize = 3;

/// Sets the decimal mark, the thousands separator, the order of day and month and the columns' own formats of a dialect,
/// from the header and the first records of a file.
pub fn infer_formats(header: &[String], records: &RecordBatch, dialect: &mut Dialect) {
    let (names, _) = clean_names(header);
    for _ in 0..MAX_REVISIONS {
        let mut profiler = Profiler::new(header, &names, dialect);
        for record in records.records().take(MAX_ROWS) {
            profiler.add_record(&record);
        }
        match profiler.revised_dialect(true) {
            Some(revised) => *dialect = revised,
            None => break,
        }
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::DecimalMark;

    use super::*;

    fn guess(delimiter: &str, cells: &[&str]) -> Dialect {
        let mut batch = RecordBatch::new(1);
        for cell in cells {
            batch.push_cell(cell);
            batch.end_record(0..0);
        }
        let mut dialect = Dialect { delimiter: delimiter.into(), ..Dialect::default() };
        infer_formats(&["v".to_owned()], &batch, &mut dialect);
        dialect
    }

    fn check(delimiter: &str, cells: &[&str], decimal: DecimalMark, thousands: Option<&str>) {
        let dialect = guess(delimiter, cells);
        assert_eq!((dialect.decimal, dialect.thousands.as_deref()), (decimal, thousands), "{cells:?}");
    }

    #[test]
    fn infers_the_style_of_numbers() {
        use DecimalMark::{Comma, Point};
        check(",", &["1.5", "2"], Point, None);
        check(";", &["2,6", "0,7578", "12"], Comma, None);
        check(";", &["1.234,5", "12"], Comma, Some("."));
        check(",", &["2,666", "498", "22,927"], Point, Some(","));
        check(",", &["229,932.50", "10,105.40"], Point, Some(","));
        check(",", &["1.234", "5.678"], Point, None);
        check(";", &["1,234", "5,678"], Comma, None);
        check(";", &["1.234.567", "12"], Comma, Some("."));
        check("\t", &["1'234.5", "1'234'567", "2"], Point, Some("'"));
        check(";", &["1 234", "12 345 678"], Point, Some(" "));
        check(",", &["18.00.00", "a,b", "x"], Point, None);
    }

    #[test]
    fn infers_the_order_of_day_and_month() {
        assert!(guess(",", &["01/02/2012", "13/02/2012"]).day_first);
        assert!(!guess(",", &["01/02/2012", "02/13/2012"]).day_first);
        assert!(!guess(",", &["01/02/2012"]).day_first);
        assert!(guess(";", &["01/02/2012"]).day_first);
    }
}
