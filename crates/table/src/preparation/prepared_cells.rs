//! Cells of a prepared row: what a detector hides and predicts one by one.

use std::ops::Range;

use super::prepared_columns::{ColumnEncoder, Preparation};

/// Kind of the features of a [`PreparedCell`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// One feature: a number, or 0 and 1.
    Number,
    /// One-hot features.
    Category,
    /// One feature of two values that are words, such as yes and no.
    Boolean,
    /// Sine and cosine of a place in a cycle that falls into so many parts, such as 24 hours.
    Cycle(u8),
    /// One feature that says how frequent a category is.
    Frequency,
}

/// Features that stand for one cell of a row, or for one cycle of a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedCell {
    /// Index of its column among the prepared ones.
    pub column: usize,
    /// Its features.
    pub features: Range<usize>,
    /// Their kind.
    pub kind: CellKind,
}

impl Preparation {
    /// The cells of a row, in the order of their features, without missing indicators.
    pub fn cells(&self) -> Vec<PreparedCell> {
        let mut cells = Vec::new();
        for (column, (prepared, group)) in self.columns.iter().zip(self.groups()).enumerate() {
            let start = group.features.start;
            let end = group.features.end - usize::from(prepared.has_missing_indicator());
            let kind = match &prepared.encoder {
                ColumnEncoder::Number(_) => CellKind::Number,
                ColumnEncoder::Boolean(scaler) if scaler.true_value.parse::<f64>().is_ok() => CellKind::Number,
                ColumnEncoder::Boolean(_) => CellKind::Boolean,
                ColumnEncoder::Frequency(_) => CellKind::Frequency,
                ColumnEncoder::Category(_) => CellKind::Category,
                ColumnEncoder::Time(encoder) => {
                    let cycles = encoder.cycles().enumerate().map(|(index, parts)| PreparedCell {
                        column,
                        features: start + 2 * index..start + 2 * index + 2,
                        kind: CellKind::Cycle(parts),
                    });
                    cells.extend(cycles);
                    if encoder.has_date {
                        cells.push(PreparedCell { column, features: end - 1..end, kind: CellKind::Number });
                    }
                    continue;
                }
            };
            cells.push(PreparedCell { column, features: start..end, kind });
        }
        cells
    }
}
