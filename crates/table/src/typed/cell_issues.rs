//! Counts of cells that do not fit the kind of their column.

use pinhole_protocol::table::ColumnKind;

/// Counts of one column.
#[derive(Clone, Debug, Default)]
pub(super) struct CellIssues {
    /// Cells with a value.
    present: u64,
    /// Cells that are not of the column's kind.
    mismatches: u64,
    /// Numbers beyond f32.
    out_of_range: u64,
    /// Row and text of the first cell that is not of the column's kind.
    first_mismatch: Option<(u64, String)>,
}

impl CellIssues {
    /// Characters of a cell that a warning quotes.
    const QUOTED_CHARS: usize = 40;

    /// True if no cell has had a value.
    pub(super) const fn is_empty(&self) -> bool {
        self.present == 0
    }

    /// Counts a cell that is of the column's kind.
    pub(super) fn add_value(&mut self) {
        self.present += 1;
    }

    /// Counts a number beyond f32.
    pub(super) fn add_out_of_range(&mut self) {
        self.present += 1;
        self.out_of_range += 1;
    }

    /// Counts a cell that is not of the column's kind.
    pub(super) fn add_mismatch(&mut self, row: u64, cell: &str) {
        self.present += 1;
        self.mismatches += 1;
        if self.first_mismatch.is_none() {
            self.first_mismatch = Some((row, cell.chars().take(Self::QUOTED_CHARS).collect()));
        }
    }

    /// Warnings about the column with this name and kind.
    pub(super) fn warnings(&self, name: &str, kind: ColumnKind) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Some((row, cell)) = &self.first_mismatch {
            let expected = if kind == ColumnKind::DateTime { "dates" } else { "numbers" };
            let percent = 100.0 * self.mismatches as f64 / self.present.max(1) as f64;
            warnings.push(format!(
                "\"{name}\" should hold {expected}, but {} of its cells ({percent:.0} %) are not (first \"{cell}\" in \
                 row {row}): read as missing.",
                self.mismatches
            ));
        }
        if self.out_of_range > 0 {
            warnings.push(format!(
                "\"{name}\" holds {} infinite or too large numbers: read as missing.",
                self.out_of_range
            ));
        }
        warnings
    }
}
