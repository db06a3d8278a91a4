//! Counts of missing and unknown values in prepared rows.

/// Counts of one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnCounts {
    /// Name of the column.
    pub name: String,
    /// Missing cells.
    pub missing: u64,
    /// Cells with a category that did not occur in training.
    pub unknown: u64,
    /// Some of the unknown categories, at most 3.
    pub examples: Vec<String>,
}

/// Counts of all columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransformCounts {
    /// Prepared rows.
    pub rows: u64,
    /// Counts of each column, in the order of the preparation.
    pub columns: Vec<ColumnCounts>,
}

impl TransformCounts {
    /// Adds the counts of further rows of the same file.
    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        if self.columns.is_empty() {
            self.columns = other.columns;
            return;
        }
        for (own, other) in self.columns.iter_mut().zip(other.columns) {
            own.missing += other.missing;
            own.unknown += other.unknown;
            for example in other.examples {
                own.add_example(&example);
            }
        }
    }

    /// One warning per column with unknown categories.
    pub fn warnings(&self) -> Vec<String> {
        let warning = |column: &ColumnCounts| {
            let rows = if column.unknown == 1 { "1 row has".into() } else { format!("{} rows have", column.unknown) };
            let examples: Vec<String> = column.examples.iter().map(|value| format!("\"{value}\"")).collect();
            format!(
                "\"{}\": {rows} a value that training never saw (such as {}), treated as \"another value\".",
                column.name,
                examples.join(", ")
            )
        };
        self.columns.iter().filter(|column| column.unknown > 0).map(warning).collect()
    }
}

impl ColumnCounts {
    /// Unknown categories that are kept as examples.
    const MAX_EXAMPLES: usize = 3;

    /// Counts a cell with an unknown category; `None`: its text was not kept.
    pub(super) fn add_unknown(&mut self, value: Option<&str>) {
        self.unknown += 1;
        if let Some(value) = value {
            self.add_example(value);
        }
    }

    fn add_example(&mut self, value: &str) {
        if self.examples.len() < Self::MAX_EXAMPLES && !self.examples.iter().any(|known| known == value) {
            self.examples.push(value.to_owned());
        }
    }
}
