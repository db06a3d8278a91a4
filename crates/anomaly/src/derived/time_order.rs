//! Order of a file's times.

/// Counts of rows that are later, and earlier, than the row before.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeOrder {
    later: u64,
    earlier: u64,
}

impl TimeOrder {
    /// Counts a row after another; NaN is an unknown time.
    pub fn add(&mut self, before: f64, time: f64) {
        self.later += u64::from(time > before);
        self.earlier += u64::from(time < before);
    }

    /// Sentence about a file that is not in the order of this column; `None` if it is, first or last row first.
    pub fn warning(self, column: &str) -> Option<String> {
        let (count, direction) =
            if self.later >= self.earlier { (self.earlier, "earlier") } else { (self.later, "later") };
        let rows = if count == 1 { "1 row is".to_owned() } else { format!("{count} rows are") };
        (count > 0).then(|| {
            format!(
                "The file is not in the order of \"{column}\": {rows} {direction} than the row before. Each is compared \
                 with those before it in the file."
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_begin_with_its_last_row() {
        let order = |times: &[f64]| {
            let mut order = TimeOrder::default();
            times.windows(2).for_each(|pair| order.add(pair[0], pair[1]));
            order.warning("logged_at")
        };
        assert_eq!(order(&[1.0, 2.0, 2.0, f64::NAN, 3.0]), None);
        assert_eq!(order(&[3.0, 2.0, 1.0]), None);
        assert!(order(&[1.0, 2.0, 1.5, 3.0]).is_some_and(|text| text.contains("1 row is earlier")));
        assert!(order(&[4.0, 2.0, 3.0, 1.0]).is_some_and(|text| text.contains("1 row is later")));
    }
}
