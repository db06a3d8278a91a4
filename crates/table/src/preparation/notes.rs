//! What was met in preparing rows.

/// Counts of one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnNotes {
    /// Its name.
    pub name: String,
    /// Cells without a value.
    pub missing: u64,
    /// Cells with a category that training never saw.
    pub unknown: u64,
    /// Some of those categories.
    pub examples: Vec<String>,
}

/// Counts of all columns; those of several pieces of a file add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransformNotes {
    /// Rows prepared.
    pub rows: u64,
    /// A column each, in the preparation's order.
    pub columns: Vec<ColumnNotes>,
}

impl TransformNotes {
    /// Unknown categories named as examples.
    pub(super) const EXAMPLES: usize = 3;

    /// Adds the counts of another piece of the same file.
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

    /// A sentence for each column with unknown categories.
    pub fn sentences(&self) -> Vec<String> {
        let sentence = |column: &ColumnNotes| {
            let rows = if column.unknown == 1 { "1 row has".into() } else { format!("{} rows have", column.unknown) };
            let examples: Vec<String> = column.examples.iter().map(|value| format!("\"{value}\"")).collect();
            format!(
                "\"{}\": {rows} a value that training never saw (such as {}), treated as \"another value\".",
                column.name,
                examples.join(", ")
            )
        };
        self.columns.iter().filter(|column| column.unknown > 0).map(sentence).collect()
    }
}

impl ColumnNotes {
    pub(super) fn add_example(&mut self, value: &str) {
        if self.examples.len() < TransformNotes::EXAMPLES && !self.examples.iter().any(|known| known == value) {
            self.examples.push(value.to_owned());
        }
    }
}
