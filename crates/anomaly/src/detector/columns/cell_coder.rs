//! Cells as small whole numbers, on which trees split.

use pinhole_table::preparation::{CellKind, PreparedCell};

use super::super::feature_table::FeatureTable;

/// Most bins of a number.
const MAX_BINS: usize = 250;
/// Code of a missing category, boolean or place in a cycle.
const MISSING: u8 = 0;

/// Map from a prepared row to a code per cell: the bin of a number, counted from 1 (of a missing one, the median's); a
/// category or part of a cycle, counted from 1; 0 for a missing category.
#[derive(Clone, Debug, PartialEq)]
pub struct CellCoder {
    cells: Vec<PreparedCell>,
    /// Upper bounds of the bins of each cell; of a boolean, the values of false and true; empty for the others.
    bounds: Vec<Vec<f32>>,
    /// Bin of the median of each cell; 0 but for numbers.
    medians: Vec<u8>,
    /// Share of the training rows in which each cell is missing.
    missing: Vec<f32>,
}

impl CellCoder {
    /// Fits bins to the rows, which have at least one value per cell or else a single bin.
    pub fn fit(rows: &FeatureTable) -> Self {
        let cells = rows.cells.clone();
        let (mut bounds, mut medians, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for cell in &cells {
            let first = |row: usize| rows.row(row)[cell.features.start];
            let gaps = (0..rows.len()).filter(|&row| first(row).is_nan()).count();
            missing.push(gaps as f32 / rows.len().max(1) as f32);
            let mut values: Vec<f32> =
                (0..rows.len()).map(first).filter(|value| !value.is_nan() && has_bounds(cell.kind)).collect();
            values.sort_by(f32::total_cmp);
            let bins = bins(&values, cell.kind);
            medians.push(values.get(values.len() / 2).map_or(MISSING, |&median| bin(&bins, median)));
            bounds.push(bins);
        }
        Self { cells, bounds, medians, missing }
    }

    /// From the parts of a file; `None` if they do not fit each other.
    pub fn from_parts(
        cells: Vec<PreparedCell>,
        bounds: Vec<Vec<f32>>,
        medians: Vec<u8>,
        missing: Vec<f32>,
    ) -> Option<Self> {
        let are_sound = bounds.iter().all(|bounds| bounds.len() <= MAX_BINS && bounds.is_sorted());
        ([bounds.len(), medians.len(), missing.len()] == [cells.len(); 3] && are_sound).then_some(Self {
            cells,
            bounds,
            medians,
            missing,
        })
    }

    /// The cells of a row.
    pub const fn cells(&self) -> &[PreparedCell] {
        self.cells.as_slice()
    }

    /// Upper bounds of the bins of each cell.
    pub(super) fn bounds(&self) -> &[Vec<f32>] {
        &self.bounds
    }

    /// Share of the training rows in which each cell is missing.
    pub(super) fn missing(&self) -> &[f32] {
        &self.missing
    }

    /// Bin of the median of each cell.
    pub(super) fn medians(&self) -> &[u8] {
        &self.medians
    }

    /// Number of categories or parts of a cell; `None` of a number.
    pub fn classes(&self, cell: usize) -> Option<usize> {
        match self.cells[cell].kind {
            CellKind::Number | CellKind::Frequency => None,
            CellKind::Boolean => Some(2),
            CellKind::Category => Some(self.cells[cell].features.len()),
            CellKind::Cycle(parts) => Some(usize::from(parts)),
        }
    }

    /// Number of categories of a cell that have a name: the last of all stands for the others. `None` of other cells.
    pub(super) fn named_classes(&self, cell: usize) -> Option<usize> {
        let own = &self.cells[cell];
        (own.kind == CellKind::Category).then(|| own.features.len().saturating_sub(1).max(1))
    }

    /// Code of each cell of a prepared row.
    pub fn codes(&self, row: &[f32]) -> Vec<u8> {
        (0..self.cells.len()).map(|cell| self.code(cell, row)).collect()
    }

    /// Codes of a row whose gaps are filled: of columns that many rows lack, a gap keeps its own code, which the trees
    /// have learnt.
    pub fn codes_of_filled(&self, row: &[f32], filled: &[f32]) -> Vec<u8> {
        let code = |cell: usize| {
            let is_own = self.missing[cell] > super::MAX_FILLED_SHARE;
            self.code(cell, if is_own { row } else { filled })
        };
        (0..self.cells.len()).map(code).collect()
    }

    /// Code of one cell of a prepared row.
    pub fn code(&self, index: usize, row: &[f32]) -> u8 {
        let cell = &self.cells[index];
        let features = &row[cell.features.clone()];
        match cell.kind {
            _ if features[0].is_nan() => self.medians[index],
            CellKind::Number | CellKind::Frequency => bin(&self.bounds[index], features[0]),
            CellKind::Boolean => {
                1 + u8::from(self.bounds[index].last() == Some(&features[0]) && self.bounds[index].len() > 1)
            }
            CellKind::Category => {
                let set = features.iter().position(|&feature| feature > 0.5);
                1 + set.unwrap_or(features.len() - 1).min(253) as u8
            }
            CellKind::Cycle(parts) => {
                let turn = f64::from(features[0]).atan2(f64::from(features[1])).rem_euclid(std::f64::consts::TAU);
                // A part begins on its own point: rounding must not move it to the part before.
                let part = turn / std::f64::consts::TAU * f64::from(parts) + 1e-4;
                1 + part as u8 % parts
            }
        }
    }

    /// Writes the features of a class.
    pub(super) fn write_class(&self, cell: usize, class: usize, features: &mut [f32]) {
        match self.cells[cell].kind {
            CellKind::Boolean => {
                if let Some(&value) = self.bounds[cell].get(class) {
                    features[0] = value;
                }
            }
            CellKind::Category => {
                for (index, feature) in features.iter_mut().enumerate() {
                    *feature = f32::from(u8::from(index == class));
                }
            }
            CellKind::Cycle(parts) => {
                // Weekdays are points; hours and months are spans, of which the middle is shown.
                let middle = if parts == 7 { 0.0 } else { 0.5 };
                let turn = (class as f64 + middle) / f64::from(parts) * std::f64::consts::TAU;
                (features[0], features[1]) = (turn.sin() as f32, turn.cos() as f32);
            }
            CellKind::Number | CellKind::Frequency => {}
        }
    }
}

const fn has_bounds(kind: CellKind) -> bool {
    matches!(kind, CellKind::Number | CellKind::Frequency | CellKind::Boolean)
}

/// Distinct values, or quantiles of them if they are many; of a boolean, its two values.
fn bins(sorted: &[f32], kind: CellKind) -> Vec<f32> {
    let mut distinct = sorted.to_vec();
    distinct.dedup();
    if kind == CellKind::Boolean || distinct.len() <= MAX_BINS {
        return distinct;
    }
    let mut bounds: Vec<f32> = (1..MAX_BINS).map(|index| sorted[index * sorted.len() / MAX_BINS]).collect();
    bounds.dedup();
    bounds
}

fn bin(bounds: &[f32], value: f32) -> u8 {
    1 + bounds.partition_point(|&bound| bound < value) as u8
}
