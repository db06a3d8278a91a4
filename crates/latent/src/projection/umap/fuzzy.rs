//! The fuzzy set of neighbours: a weight for each pair of them, from distances made comparable about each vector.

use crate::{
    neighbours::NeighbourGraph,
    projection::sparse::{SparseMatrix, SymmetricSum},
    reals::{exp, ln},
};

/// Steps of the bisection for one vector's scale, and accuracy of its sum.
const STEPS: usize = 64;
const TOLERANCE: f64 = 1e-5;
/// Least scale, as a share of the mean distance.
const LEAST_SCALE: f64 = 1e-3;
/// Vectors whose weights one call of [`FuzzyUnion::advance`] computes, and those whose pairs it adds.
const VECTORS: usize = 512;
const ROWS: usize = 4_096;

/// The fuzzy set in progress.
#[derive(Debug)]
pub struct FuzzyUnion {
    memberships: Memberships,
    sum: Option<SymmetricSum>,
}

impl FuzzyUnion {
    /// A set without pairs.
    pub fn new(graph: &NeighbourGraph) -> Self {
        Self { memberships: Memberships::new(graph, graph.k + 1, true), sum: None }
    }

    /// Adds some vectors. Returns the weights of the pairs of neighbours after the last, of which one may be the other's
    /// neighbour or both: the fuzzy union a + b - a b.
    pub fn advance(&mut self, graph: &NeighbourGraph) -> Option<SparseMatrix> {
        if !self.memberships.add_rows(graph, VECTORS) {
            return None;
        }
        let weights = &self.memberships.weights;
        let mut sum = self.sum.take().unwrap_or_else(|| SymmetricSum::new(graph, weights));
        if sum.add_rows(graph, weights, ROWS, |a, b| a + b - a * b) {
            return Some(sum.finish());
        }
        self.sum = Some(sum);
        None
    }
}

/// Weight of each neighbour [vectors, k]: exp(-(d - rho) / sigma), with sigma such that they sum to the binary logarithm
/// of the number of neighbours. `rho` is the distance of the nearest neighbour elsewhere if the graph is to be connected,
/// so that every vector has a neighbour of weight 1; else 0.
#[derive(Debug)]
struct Memberships {
    target: f64,
    is_connected: bool,
    mean: f64,
    weights: Vec<f32>,
}

/// All weights of [`FuzzyUnion`]'s kind of the neighbours of new points, whose graph need not be connected.
pub fn memberships(graph: &NeighbourGraph) -> Vec<f32> {
    let mut memberships = Memberships::new(graph, graph.k, false);
    memberships.add_rows(graph, graph.len());
    memberships.weights
}

impl Memberships {
    fn new(graph: &NeighbourGraph, neighbours: usize, is_connected: bool) -> Self {
        let target = ln(neighbours as f64) / std::f64::consts::LN_2;
        Self { target, is_connected, mean: mean(&graph.distances), weights: Vec::with_capacity(graph.distances.len()) }
    }

    /// Adds the weights of up to `rows` vectors. Returns true if there are no more.
    fn add_rows(&mut self, graph: &NeighbourGraph, rows: usize) -> bool {
        let first = self.weights.len();
        for distances in graph.distances[first..].chunks_exact(graph.k).take(rows) {
            let nearest = distances.iter().copied().find(|&distance| distance > 0.0).filter(|_| self.is_connected);
            let rho = nearest.map_or(0.0, f64::from);
            let beyond = |distance: f32| (f64::from(distance) - rho).max(0.0);
            let least = LEAST_SCALE * if rho > 0.0 { mean(distances) } else { self.mean };
            let sum = |sigma: f64| distances.iter().map(|&d| exp(-beyond(d) / sigma)).sum();
            let sigma = scale(sum, self.target).max(least);
            self.weights.extend(distances.iter().map(|&d| {
                let beyond = beyond(d);
                // Equal vectors alone have no scale.
                if beyond > 0.0 { exp(-beyond / sigma) as f32 } else { 1.0 }
            }));
        }
        first == graph.distances.len()
    }
}

fn mean(distances: &[f32]) -> f64 {
    distances.iter().map(|&distance| f64::from(distance)).sum::<f64>() / distances.len().max(1) as f64
}

/// The scale at which `sum`, which grows with it, is `target`, or as near to it as there is one.
fn scale(sum: impl Fn(f64) -> f64, target: f64) -> f64 {
    let (mut scale, mut lower, mut upper) = (1.0, 0.0, f64::INFINITY);
    for _ in 0..STEPS {
        let found = sum(scale);
        if (found - target).abs() < TOLERANCE {
            break;
        }
        if found > target {
            upper = scale;
        } else {
            lower = scale;
        }
        scale = if upper.is_finite() { f64::midpoint(lower, upper) } else { 2.0 * scale };
    }
    scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_the_logarithm_of_the_neighbours() {
        let distances: Vec<f32> = (0..14).map(|index| 2.0 + (index as f32).sqrt()).collect();
        let graph = NeighbourGraph { k: 14, indices: (1..15).collect(), distances };
        let mut memberships = Memberships::new(&graph, 15, true);
        memberships.add_rows(&graph, 1);
        let weights = memberships.weights;
        assert!((weights[0] - 1.0).abs() < 1e-6);
        assert!((weights.iter().sum::<f32>() - 15_f32.log2()).abs() < 1e-4);
        assert!(weights.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn equal_vectors_are_neighbours_of_weight_one() {
        let graph = NeighbourGraph { k: 2, indices: vec![1, 2, 0, 2, 0, 1], distances: vec![0.0; 6] };
        assert_eq!(memberships(&graph), [1.0; 6]);
        let mut union = FuzzyUnion::new(&graph);
        let weights = std::iter::repeat_with(|| union.advance(&graph)).find_map(|weights| weights);
        assert_eq!(weights.expect("it ends").values(), [1.0; 6]);
    }
}
