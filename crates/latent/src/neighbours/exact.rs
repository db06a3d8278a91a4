//! Exact neighbours: squared distances |q|² + |r|² - 2 q·r by blocked products choose candidates, whose distances are
//! then computed directly.

use std::rc::Rc;

use pinhole_numerics::{
    lanes::{LANES, load},
    matmul::{DepthPart, Matrix, Output, TILE_ROWS, matmul},
    moments::column_means,
};
use wide::f32x8;

use super::NeighbourGraph;
use crate::{Vectors, reals::squared_distance};

/// Queries that are compared with the references at once.
const QUERIES: usize = 256;
/// Products per call of [`ExactSearch::advance`]: some 6 ms natively.
const PRODUCTS: usize = 120_000_000;
/// References compared at once, at most: their sums with the queries are 4 MB, if they are summed in parts.
const MOST_REFERENCES: usize = 4_096;
/// Candidates beside the neighbours, as rounding may have put some of them in the wrong order.
const SPARE: usize = 8;

/// An exact search in progress.
#[derive(Debug)]
pub struct ExactSearch {
    queries: Rc<Vectors>,
    references: Rc<Vectors>,
    /// True if a query is not its own neighbour.
    is_within: bool,
    k: usize,
    /// Both about the references' mean, so that rounding is relative to their spread.
    centred_queries: Rc<Vec<f32>>,
    centred_references: Rc<Vec<f32>>,
    query_norms: Vec<f32>,
    reference_norms: Vec<f32>,
    /// First query of the current block.
    first: usize,
    /// References that the current block was compared with.
    compared: usize,
    candidates: Candidates,
    graph: NeighbourGraph,
}

impl ExactSearch {
    /// Neighbours of each vector among the others.
    pub fn within(vectors: Rc<Vectors>, k: usize) -> Self {
        Self::new(Rc::clone(&vectors), vectors, k, true)
    }

    /// Neighbours of each query among the references, `k` or as many as there are.
    pub fn between(queries: Rc<Vectors>, references: Rc<Vectors>, k: usize) -> Self {
        let k = k.min(references.len());
        Self::new(queries, references, k, false)
    }

    fn new(queries: Rc<Vectors>, references: Rc<Vectors>, k: usize, is_within: bool) -> Self {
        assert_eq!(queries.width(), references.width(), "vectors that are compared have one width");
        let mean = column_means(references.values(), references.width());
        let centred = |vectors: &Vectors| -> Rc<Vec<f32>> {
            let rows = vectors.rows();
            Rc::new(rows.flat_map(|row| row.iter().zip(&mean).map(|(value, mean)| value - *mean as f32)).collect())
        };
        let centred_references = centred(&references);
        let centred_queries = if is_within { Rc::clone(&centred_references) } else { centred(&queries) };
        let zero = vec![0.0; references.width()];
        let norms = |centred: &[f32]| -> Vec<f32> {
            centred.chunks_exact(zero.len()).map(|row| squared_distance(row, &zero)).collect()
        };
        Self {
            is_within,
            k,
            query_norms: norms(&centred_queries),
            reference_norms: norms(&centred_references),
            first: 0,
            compared: 0,
            candidates: Candidates::new(k + SPARE),
            graph: NeighbourGraph {
                k,
                indices: Vec::with_capacity(k * queries.len()),
                distances: Vec::with_capacity(k * queries.len()),
            },
            queries,
            references,
            centred_queries,
            centred_references,
        }
    }

    /// Queries whose neighbours are found, and all of them.
    pub fn progress(&self) -> (usize, usize) {
        (self.graph.indices.len() / self.k, self.queries.len())
    }

    /// Compares some queries with some references.
    pub fn advance(&mut self) {
        let (width, count) = (self.references.width(), self.references.len());
        let rows = QUERIES.min(self.queries.len() - self.first);
        if rows == 0 {
            return;
        }
        if self.compared == 0 {
            self.candidates.clear(rows);
        }
        let affordable = (PRODUCTS / (width * rows)).max(1).next_multiple_of(LANES).min(MOST_REFERENCES);
        let columns = affordable.min(count - self.compared);
        let lhs = &self.centred_queries[self.first * width..][..rows * width];
        let rhs = &self.centred_references[self.compared * width..][..columns * width];
        let mut output = Comparison {
            query_norms: &self.query_norms[self.first..self.first + rows],
            reference_norms: &self.reference_norms[self.compared..self.compared + columns],
            lanes: f32x8::ZERO,
            first_reference: self.compared,
            itself: self.is_within.then_some(self.first),
            candidates: &mut self.candidates,
        };
        matmul(&Matrix::new(lhs, [rows, width]), &Matrix::new(rhs, [columns, width]), &mut output);
        self.compared += columns;
        if self.compared == count {
            self.rank(rows);
            (self.first, self.compared) = (self.first + rows, 0);
        }
    }

    /// Adds the nearest candidates of the current block to the graph, by their distances computed directly.
    fn rank(&mut self, rows: usize) {
        let mut ranked: Vec<(f32, u32)> = Vec::new();
        for row in 0..rows {
            let query = self.queries.row(self.first + row);
            ranked.clear();
            ranked.extend(self.candidates.nearest(row).iter().map(|&key| {
                let index = key as u32;
                (squared_distance(query, self.references.row(index as usize)), index)
            }));
            ranked.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            self.graph.indices.extend(ranked[..self.k].iter().map(|&(_, index)| index));
            self.graph.distances.extend(ranked[..self.k].iter().map(|(square, _)| square.sqrt()));
        }
    }

    /// The neighbours that were found.
    pub fn finish(self) -> NeighbourGraph {
        self.graph
    }
}

/// Candidates of each query of a block: keys of squared distance and index, which are ordered as the distances are.
#[derive(Debug)]
struct Candidates {
    /// Candidates that are kept for each query.
    kept: usize,
    keys: Vec<Vec<u64>>,
    /// Squared distance that a candidate of each query must be below.
    limits: Vec<f32>,
    /// Sums of products over a part of the width, by tile.
    sums: Vec<[f32x8; TILE_ROWS]>,
}

impl Candidates {
    const fn new(kept: usize) -> Self {
        Self { kept, keys: Vec::new(), limits: Vec::new(), sums: Vec::new() }
    }

    /// Begins a block of `rows` queries.
    fn clear(&mut self, rows: usize) {
        self.keys.resize_with(rows, Vec::new);
        self.keys.iter_mut().for_each(Vec::clear);
        self.limits.clear();
        self.limits.resize(rows, f32::INFINITY);
        // Nothing is near to the rows that a tile has beyond the last.
        self.limits.resize(rows.next_multiple_of(TILE_ROWS), f32::NEG_INFINITY);
    }

    /// Adds a candidate below the limit. Twice as many as are kept make a new limit.
    fn push(&mut self, row: usize, square: f32, index: usize) {
        let keys = &mut self.keys[row];
        keys.push(u64::from(square.max(0.0).to_bits()) << 32 | index as u64);
        if keys.len() == 2 * self.kept {
            keys.select_nth_unstable(self.kept - 1);
            keys.truncate(self.kept);
            self.limits[row] = f32::from_bits((keys[self.kept - 1] >> 32) as u32);
        }
    }

    /// The nearest candidates of a query, in any order.
    fn nearest(&mut self, row: usize) -> &[u64] {
        let keys = &mut self.keys[row];
        if keys.len() > self.kept {
            keys.select_nth_unstable(self.kept - 1);
            keys.truncate(self.kept);
        }
        keys
    }
}

/// Receiver of the products of queries with references.
struct Comparison<'a> {
    query_norms: &'a [f32],
    reference_norms: &'a [f32],
    /// Norms of the current references; infinite beyond the last.
    lanes: f32x8,
    first_reference: usize,
    /// Index of the first query among the references, if it is one of them.
    itself: Option<usize>,
    candidates: &'a mut Candidates,
}

impl Comparison<'_> {
    /// Index of a tile of sums.
    fn tile(&self, row: usize, column: usize) -> usize {
        row / TILE_ROWS * self.reference_norms.len().div_ceil(LANES) + column / LANES
    }
}

impl Output for Comparison<'_> {
    fn begin_columns(&mut self, column: usize) {
        let norms = &self.reference_norms[column..];
        self.lanes = if norms.len() >= LANES {
            load(norms)
        } else {
            let mut lanes = [f32::INFINITY; LANES];
            lanes[..norms.len()].copy_from_slice(norms);
            f32x8::from(lanes)
        };
    }

    #[inline]
    fn start(&self, row: usize, column: usize, part: DepthPart) -> [f32x8; TILE_ROWS] {
        if part.is_first { [f32x8::ZERO; TILE_ROWS] } else { self.candidates.sums[self.tile(row, column)] }
    }

    #[inline]
    fn store(&mut self, row: usize, column: usize, sums: &[f32x8; TILE_ROWS], part: DepthPart) {
        if !part.is_last {
            let tile = self.tile(row, column);
            if self.candidates.sums.len() <= tile {
                self.candidates.sums.resize(tile + 1, [f32x8::ZERO; TILE_ROWS]);
            }
            self.candidates.sums[tile] = *sums;
            return;
        }
        let limits: [f32; TILE_ROWS] = std::array::from_fn(|index| self.candidates.limits[row + index]);
        for (index, (sum, limit)) in sums.iter().zip(limits).enumerate() {
            let norm = self.query_norms.get(row + index).copied().unwrap_or_default();
            let squares = self.lanes + f32x8::splat(norm) - (*sum + *sum);
            let mask = squares.simd_lt(f32x8::splat(limit)).to_bitmask();
            if mask != 0 {
                self.push(row + index, column, squares.to_array(), mask);
            }
        }
    }
}

impl Comparison<'_> {
    /// Adds the candidates whose bit is set.
    #[cold]
    fn push(&mut self, row: usize, column: usize, squares: [f32; LANES], mask: u32) {
        let itself = self.itself.map(|first| first + row);
        for (lane, square) in squares.into_iter().enumerate() {
            let index = self.first_reference + column + lane;
            // The limit may have come down since the mask was made.
            if mask >> lane & 1 == 1 && square < self.candidates.limits[row] && itself != Some(index) {
                self.candidates.push(row, square, index);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;

    fn random(count: usize, width: usize, seed: u64) -> Rc<Vectors> {
        let mut rng = pinhole_numerics::random::generator(seed, pinhole_numerics::random::Stream::Measure, 0);
        let values = (0..count * width).map(|_| 100.0 + rng.random_range(-1.0..1.0_f32)).collect();
        Rc::new(Vectors::new(values, width).expect("they are whole"))
    }

    /// Neighbours by the definition.
    fn by_definition(queries: &Vectors, references: &Vectors, k: usize, is_within: bool) -> NeighbourGraph {
        let mut graph = NeighbourGraph { k, indices: Vec::new(), distances: Vec::new() };
        for (index, query) in queries.rows().enumerate() {
            let mut all: Vec<(f32, u32)> = references
                .rows()
                .enumerate()
                .filter(|&(other, _)| !(is_within && other == index))
                .map(|(other, row)| (squared_distance(query, row), other as u32))
                .collect();
            all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            graph.indices.extend(all[..k].iter().map(|&(_, index)| index));
            graph.distances.extend(all[..k].iter().map(|(square, _)| square.sqrt()));
        }
        graph
    }

    fn run(mut search: ExactSearch) -> NeighbourGraph {
        while search.progress().0 < search.progress().1 {
            search.advance();
        }
        search.finish()
    }

    #[test]
    fn neighbours_are_those_of_the_definition() {
        for (count, width, k) in [(2, 3, 1), (13, 1, 12), (700, 16, 20), (300, 600, 7)] {
            let vectors = random(count, width, 1);
            let expected = by_definition(&vectors, &vectors, k, true);
            assert_eq!(run(ExactSearch::within(vectors, k)), expected, "{count}x{width}");
        }
        let (queries, references) = (random(9, 20, 2), random(333, 20, 3));
        let expected = by_definition(&queries, &references, 5, false);
        assert_eq!(run(ExactSearch::between(queries, references, 5)), expected);
    }

    #[test]
    fn duplicates_are_neighbours_at_no_distance() {
        let vectors = Rc::new(Vectors::new([3.0_f32, 4.0].repeat(600), 2).expect("they are whole"));
        let graph = run(ExactSearch::within(vectors, 15));
        assert!(graph.distances.iter().all(|&distance| distance == 0.0));
        assert!(graph.rows().enumerate().all(|(index, (row, _))| !row.contains(&(index as u32))));
    }
}
