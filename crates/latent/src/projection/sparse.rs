//! Sparse symmetric matrices over a graph of neighbours.

use crate::neighbours::NeighbourGraph;

/// A symmetric matrix with few entries in each row, sorted by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SparseMatrix {
    /// First entry of each row, and the number of entries.
    starts: Vec<u32>,
    columns: Vec<u32>,
    values: Vec<f32>,
}

impl SparseMatrix {
    /// Columns and values of a row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (u32, f32)> {
        let entries = self.starts[row] as usize..self.starts[row + 1] as usize;
        self.columns[entries.clone()].iter().copied().zip(self.values[entries].iter().copied())
    }

    /// Number of rows.
    pub const fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// True if there is no row.
    pub const fn is_empty(&self) -> bool {
        self.starts.len() <= 1
    }

    /// All values.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Multiplies every value.
    pub fn scale(&mut self, factor: f32) {
        for value in &mut self.values {
            *value *= factor;
        }
    }
}

/// A symmetric matrix in progress, of the weights of a graph's entries.
#[derive(Clone, Debug)]
pub struct SymmetricSum {
    /// The weights by neighbour: those of the vectors that have each one as a neighbour.
    incoming: SparseMatrix,
    matrix: SparseMatrix,
}

impl SymmetricSum {
    /// A matrix without rows. `weights` are those of the graph's entries [vectors, k].
    pub fn new(graph: &NeighbourGraph, weights: &[f32]) -> Self {
        let count = graph.len();
        let mut starts = vec![0_u32; count + 1];
        for &index in &graph.indices {
            starts[index as usize + 1] += 1;
        }
        for row in 0..count {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let (mut columns, mut values) = (vec![0; graph.indices.len()], vec![0.0; graph.indices.len()]);
        for (entry, (&index, &weight)) in graph.indices.iter().zip(weights).enumerate() {
            let place = &mut next[index as usize];
            (columns[*place as usize], values[*place as usize]) = ((entry / graph.k) as u32, weight);
            *place += 1;
        }
        let matrix = SparseMatrix { starts: vec![0], ..SparseMatrix::default() };
        Self { incoming: SparseMatrix { starts, columns, values }, matrix }
    }

    /// Adds up to `rows` rows: `combine(a, b)` of the weights of each pair of neighbours in both directions, where a
    /// weight is 0 if one is not among the other's neighbours. Returns true after the last row.
    pub fn add_rows(
        &mut self,
        graph: &NeighbourGraph,
        weights: &[f32],
        rows: usize,
        combine: impl Fn(f32, f32) -> f32,
    ) -> bool {
        let mut outgoing: Vec<(u32, f32)> = Vec::new();
        let first = self.matrix.len();
        for row in first..graph.len().min(first + rows) {
            let entries = row * graph.k..(row + 1) * graph.k;
            outgoing.clear();
            outgoing.extend(graph.indices[entries.clone()].iter().copied().zip(weights[entries].iter().copied()));
            outgoing.sort_unstable_by_key(|&(column, _)| column);
            let (mut out, mut back) = (outgoing.iter().peekable(), self.incoming.row(row).peekable());
            loop {
                let (out_column, back_column) = (out.peek().map(|entry| entry.0), back.peek().map(|entry| entry.0));
                let Some(column) = out_column.into_iter().chain(back_column).min() else { break };
                let forth = out.next_if(|entry| entry.0 == column).map_or(0.0, |entry| entry.1);
                let value = combine(forth, back.next_if(|entry| entry.0 == column).map_or(0.0, |entry| entry.1));
                if value > 0.0 {
                    self.matrix.columns.push(column);
                    self.matrix.values.push(value);
                }
            }
            self.matrix.starts.push(self.matrix.columns.len() as u32);
        }
        self.matrix.len() == graph.len()
    }

    /// The matrix.
    pub fn finish(self) -> SparseMatrix {
        self.matrix
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_both_directions_are_combined() {
        let graph = NeighbourGraph { k: 1, indices: vec![1, 2, 1], distances: vec![1.0; 3] };
        let weights = [0.5, 0.25, 0.125];
        let mut sum = SymmetricSum::new(&graph, &weights);
        while !sum.add_rows(&graph, &weights, 2, |a, b| a + b) {}
        let matrix = sum.finish();
        let rows: Vec<Vec<(u32, f32)>> = (0..matrix.len()).map(|row| matrix.row(row).collect()).collect();
        assert_eq!(rows, [vec![(1, 0.5)], vec![(0, 0.5), (2, 0.375)], vec![(1, 0.375)]]);
    }
}
