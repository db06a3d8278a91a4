//! Histogram-based outlier score (HBOS; Goldstein and Dengel 2012): a row is unusual by the sum of minus the logarithms
//! of its cells' frequencies, as if columns were independent.

use pinhole_table::preparation::{CellKind, PreparedCell};

use super::{BaselineError, NamedTensor, array};
use crate::detector::CellCoder;

/// Most and fewest bins of a number.
const MAX_BINS: usize = 60;
const MIN_BINS: usize = 5;
/// Added to a frequency relative to the most frequent bin's, so that the logarithm of an empty bin is finite.
const MIN_HEIGHT: f64 = 1e-3;
/// Heights that a cell has: bins, or classes.
const HEIGHTS: usize = 64;

/// Histograms of each cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Histograms {
    cells: Vec<PreparedCell>,
    /// Least number and width of a bin, for each cell that is a number.
    bounds: Vec<[f32; 2]>,
    /// Surprise of each bin of each cell: 0 of the most frequent.
    surprises: Vec<[f32; HEIGHTS]>,
}

impl Histograms {
    /// Counts the rows, row-major and `width` wide, whose cells `coder` reads.
    pub fn fit(rows: &[f32], width: usize, coder: &CellCoder) -> Self {
        let cells = coder.cells().to_vec();
        let mut histograms = Self { bounds: Vec::new(), surprises: Vec::new(), cells };
        for index in 0..histograms.cells.len() {
            let start = histograms.cells[index].features.start;
            let present = || rows.chunks_exact(width.max(1)).filter(move |row| !row[start].is_nan());
            let (low, high) = present().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), row| {
                (low.min(row[start]), high.max(row[start]))
            });
            let count = present().count();
            let bins = ((2.0 * (count as f64).cbrt()) as usize).clamp(MIN_BINS, MAX_BINS);
            let bin_width = ((high - low) / bins as f32).max(f32::MIN_POSITIVE);
            histograms.bounds.push(if count == 0 { [0.0, 1.0] } else { [low, bin_width] });
            histograms.surprises.push([0.0; HEIGHTS]);
            let mut heights = [0_u32; HEIGHTS];
            for row in present() {
                if let Some(bin) = histograms.bin(index, row, coder) {
                    // The greatest number belongs to the last bin.
                    heights[bin.min(if coder.classes(index).is_some() { HEIGHTS - 1 } else { bins - 1 })] += 1;
                }
            }
            let most = f64::from(heights.iter().copied().max().unwrap_or(0).max(1));
            histograms.surprises[index] = heights.map(|height| -(f64::from(height) / most + MIN_HEIGHT).ln() as f32);
        }
        histograms
    }

    /// Surprise of each cell of a row; 0 of missing ones. The row's score is their sum.
    pub fn surprises(&self, row: &[f32], coder: &CellCoder, surprises: &mut [f64]) {
        for (index, surprise) in surprises.iter_mut().enumerate() {
            let outside = -MIN_HEIGHT.ln();
            *surprise = if row[self.cells[index].features.start].is_nan() {
                0.0
            } else {
                self.bin(index, row, coder).map_or(outside, |bin| f64::from(self.surprises[index][bin]))
            };
        }
    }

    /// Score of a row.
    pub fn score(&self, row: &[f32], coder: &CellCoder) -> f64 {
        let mut surprises = vec![0.0; self.cells.len()];
        self.surprises(row, coder, &mut surprises);
        surprises.iter().sum()
    }

    /// Bin of a cell that the row has; `None` outside all bins.
    fn bin(&self, index: usize, row: &[f32], coder: &CellCoder) -> Option<usize> {
        let cell = &self.cells[index];
        let bin = match cell.kind {
            CellKind::Number | CellKind::Frequency => {
                let [low, width] = self.bounds[index];
                let place = f64::from(row[cell.features.start] - low) / f64::from(width);
                // A number on the upper bound of the last bin is still in it.
                let place = if place > 0.0 && place.fract() < 1e-4 { place - 1e-3 } else { place };
                (place >= 0.0).then_some(place as usize)?
            }
            CellKind::Boolean | CellKind::Category | CellKind::Cycle(_) => {
                usize::from(coder.code(index, row).saturating_sub(1))
            }
        };
        (bin < HEIGHTS).then_some(bin)
    }

    /// The arrays of a file.
    pub fn to_tensors(&self) -> Vec<NamedTensor> {
        vec![
            NamedTensor { name: "histograms.bounds", shape: vec![self.cells.len(), 2], values: self.bounds.concat() },
            NamedTensor {
                name: "histograms.surprises",
                shape: vec![self.cells.len(), HEIGHTS],
                values: self.surprises.concat(),
            },
        ]
    }

    /// Reads the arrays, for rows of these cells.
    ///
    /// # Errors
    /// When an array is missing or damaged.
    pub fn from_tensors(tensors: &[NamedTensor], cells: Vec<PreparedCell>) -> Result<Self, BaselineError> {
        let bounds = array(tensors, "histograms.bounds", &[cells.len(), 2])?;
        let surprises = array(tensors, "histograms.surprises", &[cells.len(), HEIGHTS])?;
        Ok(Self { bounds: bounds.as_chunks().0.to_vec(), surprises: surprises.as_chunks().0.to_vec(), cells })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::FeatureTable;

    #[test]
    fn rare_and_outlying_numbers_are_surprising() {
        let values: Vec<f32> =
            (0..1000).map(|index| (index % 10) as f32 + if index == 3 { 30.0 } else { 0.0 }).collect();
        let table = FeatureTable::plain(values, 1);
        let coder = CellCoder::fit(&table);
        let histograms = Histograms::fit(&table.values, 1, &coder);
        let score = |value: f32| histograms.score(&[value], &coder);
        assert!(score(5.0) < 0.1, "{}", score(5.0));
        assert!(score(33.0) > 3.0 && score(20.0) > 6.0 && score(1e9) > 6.0 && score(-5.0) > 6.0);
        assert!(score(f32::NAN).abs() < 1e-12);
        let read = Histograms::from_tensors(&histograms.to_tensors(), coder.cells().to_vec());
        assert_eq!(read, Ok(histograms));
    }
}
