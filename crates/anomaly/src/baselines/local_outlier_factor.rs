//! Local outlier factor (Breunig, Kriegel, Ng and Sander 2000): how much thinner a row's surroundings are than its
//! neighbours' own.

use crate::detector::Neighbours;

/// Neighbours of a row, as scikit-learn's default.
const NEIGHBOURS: usize = 20;
/// Added to a mean distance, as scikit-learn does: equal rows are infinitely dense.
const TINY: f64 = 1e-10;

/// Reference rows with the density around each.
#[derive(Clone, Debug)]
pub struct LocalOutlierFactor {
    neighbours: Neighbours,
    width: usize,
    rows: Vec<f32>,
    /// Distance of each reference row to its last neighbour, as far as rows were added.
    reaches: Vec<f64>,
    /// Neighbours of each reference row.
    nearest: Vec<Vec<(f32, usize)>>,
    /// Local reachability density of each reference row, once all were added.
    densities: Vec<f64>,
}

impl LocalOutlierFactor {
    /// Reference rows, row-major and `width` wide, whose surroundings are still to be [added](Self::add).
    pub fn new(rows: &[f32], width: usize) -> Self {
        Self {
            neighbours: Neighbours::new(rows, width),
            width: width.max(1),
            rows: rows.to_vec(),
            reaches: Vec::new(),
            nearest: Vec::new(),
            densities: Vec::new(),
        }
    }

    /// Finds the neighbours of the next reference row. Returns false when all have theirs.
    pub fn add(&mut self) -> bool {
        let index = self.nearest.len();
        let Some(row) = self.rows.chunks_exact(self.width).nth(index) else {
            if self.densities.is_empty() {
                self.densities = self.nearest.iter().map(|nearest| self.density(nearest)).collect();
            }
            return false;
        };
        let nearest = self.neighbours.nearest(row, NEIGHBOURS, Some(index));
        self.reaches.push(nearest.last().map_or(0.0, |last| f64::from(last.0).sqrt()));
        self.nearest.push(nearest);
        true
    }

    /// Score of a row; `reference` is its index among the reference rows, if it is one of them.
    pub fn score(&self, row: &[f32], reference: Option<usize>) -> f64 {
        let nearest = self.neighbours.nearest(row, NEIGHBOURS, reference);
        let around: f64 = nearest.iter().map(|&(_, other)| self.densities[other]).sum();
        around / nearest.len().max(1) as f64 / self.density(&nearest)
    }

    /// Inverse of the mean reachability distance to these neighbours.
    fn density(&self, nearest: &[(f32, usize)]) -> f64 {
        let reach = |&(square, other): &(f32, usize)| f64::from(square).sqrt().max(self.reaches[other]);
        let mean = nearest.iter().map(reach).sum::<f64>() / nearest.len().max(1) as f64;
        1.0 / (mean + TINY)
    }
}
