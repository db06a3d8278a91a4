//! Cells as the inputs of a linear prediction.

use pinhole_table::preparation::CellKind;

use super::{cell_coder::CellCoder, normal_scores::NormalScores};
use crate::detector::feature_table::FeatureTable;

/// Most inputs: a table that makes more is predicted by trees alone.
const MAX_INPUTS: usize = 200;
/// Classes of a cell that are inputs, the most frequent first.
const MAX_CLASSES: usize = 10;
/// Greatest size of an input that is a normal score: a single cell must not turn a plane.
const MAX_SCORE: f32 = 4.0;

/// Map from a row to the inputs of the linear predictions: normal scores of numbers, 0 or 1 for a class, sine and cosine
/// of a place in a cycle; 0 for what is missing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Design {
    /// Map of each cell that is a number; empty for the others.
    maps: Vec<NormalScores>,
    inputs: Vec<Input>,
}

/// An input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Input {
    cell: usize,
    column: usize,
    source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Score,
    Class(u8),
    Feature(usize),
}

impl Design {
    /// Fits the maps of numbers to the rows.
    pub fn fit(rows: &FeatureTable, coder: &CellCoder) -> Self {
        let maps = coder.cells().iter().map(|cell| {
            if !is_number(cell.kind) {
                return NormalScores::default();
            }
            let values = (0..rows.len()).map(|row| rows.row(row)[cell.features.start]);
            let mut present: Vec<f32> = values.filter(|value| !value.is_nan()).collect();
            present.sort_by(f32::total_cmp);
            NormalScores::fit(&present)
        });
        Self::from_maps(maps.collect(), coder)
    }

    /// From the maps of a file, one per cell.
    pub fn from_maps(maps: Vec<NormalScores>, coder: &CellCoder) -> Self {
        let mut inputs = Vec::new();
        for (index, cell) in coder.cells().iter().enumerate() {
            let mut push = |source| inputs.push(Input { cell: index, column: cell.column, source });
            match cell.kind {
                CellKind::Number | CellKind::Frequency => push(Source::Score),
                CellKind::Boolean => push(Source::Class(2)),
                CellKind::Category => {
                    let classes = (cell.features.len() - 1).min(MAX_CLASSES);
                    (1..=classes as u8).for_each(|class| push(Source::Class(class)));
                }
                CellKind::Cycle(_) => {
                    push(Source::Feature(cell.features.start));
                    push(Source::Feature(cell.features.start + 1));
                }
            }
        }
        if inputs.len() > MAX_INPUTS {
            inputs.clear();
        }
        Self { maps, inputs }
    }

    /// Map of each cell that is a number.
    pub fn maps(&self) -> &[NormalScores] {
        &self.maps
    }

    /// Number of inputs.
    pub const fn width(&self) -> usize {
        self.inputs.len()
    }

    /// True for an input that a prediction of this column may read.
    pub fn may_predict(&self, input: usize, column: usize) -> bool {
        self.inputs[input].column != column
    }

    /// Appends the inputs of a row whose cells have these codes.
    pub fn write(&self, row: &[f32], of_cells: &[u8], coder: &CellCoder, out: &mut Vec<f32>) {
        out.extend(self.inputs.iter().map(|input| {
            let value = row[coder.cells()[input.cell].features.start];
            match input.source {
                _ if value.is_nan() => 0.0,
                Source::Score => self.maps[input.cell].score(value).clamp(-MAX_SCORE, MAX_SCORE),
                Source::Class(class) => f32::from(u8::from(of_cells[input.cell] == class)),
                Source::Feature(feature) => row[feature],
            }
        }));
    }
}

const fn is_number(kind: CellKind) -> bool {
    matches!(kind, CellKind::Number | CellKind::Frequency)
}
