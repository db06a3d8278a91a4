//! t-distributed stochastic neighbour embedding, with repulsion by a quadtree (van der Maaten and Hinton 2008; van der
//! Maaten 2014). Settings that are not the caller's are those of scikit-learn 1.9.

mod affinities;
mod quadtree;

use pinhole_numerics::lanes::LANES;

use self::{affinities::conditional_probabilities, quadtree::Quadtree};
use super::{
    sparse::{SparseMatrix, SymmetricSum},
    start::among_neighbours,
};
use crate::neighbours::NeighbourGraph;

/// Factor of the attraction in the first steps, which lets clusters pass each other.
const EARLY_EXAGGERATION: f32 = 12.0;
/// Steps with that factor, unless they were more than half of all.
const EARLY_STEPS: usize = 250;
/// Least learning rate.
const LEAST_RATE: f32 = 50.0;
const EARLY_MOMENTUM: f32 = 0.5;
const MOMENTUM: f32 = 0.8;
/// Addend of a gain while a coordinate keeps its direction, factor when it does not, and least gain (Jacobs 1988).
const GAIN_RISE: f32 = 0.2;
const GAIN_FALL: f32 = 0.8;
const LEAST_GAIN: f32 = 0.01;
/// Vectors whose conditional probabilities one call of [`Tsne::advance`] computes, those whose joint ones, and points
/// whose forces.
const VECTORS: usize = 256;
const ROWS: usize = 1_024;
const POINTS: usize = 2_048;

/// Perplexity by which a new point is placed, and its neighbours: those of openTSNE.
const PLACING_PERPLEXITY: f32 = 5.0;
pub const PLACING_NEIGHBOURS: usize = 15;

/// Neighbours that a perplexity takes into account.
pub fn neighbours_of(perplexity: f32) -> usize {
    (3.0 * perplexity).ceil() as usize
}

/// Positions of new points, whose neighbours among the points of a finished map are `graph`: means of theirs, weighted
/// by affinity; a point equal to one of them gets its position.
pub fn place(graph: &NeighbourGraph, map: &[f32]) -> Vec<f32> {
    let (mut squares, mut weights) = (Vec::new(), Vec::new());
    let perplexity = f64::from(PLACING_PERPLEXITY).min(graph.k as f64);
    let mut positions = Vec::new();
    for (neighbours, distances) in graph.rows() {
        weights.clear();
        conditional_probabilities(distances, perplexity, &mut squares, &mut weights);
        positions.extend(among_neighbours(neighbours, distances, &weights, map.as_chunks().0));
    }
    positions
}

/// A layout in progress.
#[derive(Debug)]
pub struct Tsne {
    graph: NeighbourGraph,
    perplexity: f64,
    /// Conditional probabilities so far [vectors, k].
    conditional: Vec<f32>,
    /// Joint probabilities in progress, once all conditional ones are there.
    sum: Option<SymmetricSum>,
    /// Joint probabilities; without rows until they are complete.
    joint: SparseMatrix,
    iterations: usize,
    /// Steps done.
    step: usize,
    positions: Vec<f32>,
    velocity: Vec<f32>,
    gains: Vec<f32>,
    attraction: Vec<f32>,
    repulsion: Vec<f32>,
    /// Sum of q over all pairs so far in this step.
    normaliser: f64,
    tree: Quadtree,
    /// Group of the tree whose forces come next.
    group: usize,
}

impl Tsne {
    /// A layout of `iterations` steps from `start` [vectors, 2], on a graph of [`neighbours_of`] the perplexity.
    pub fn new(graph: NeighbourGraph, perplexity: f32, iterations: usize, start: Vec<f32>) -> Self {
        let numbers = start.len();
        Self {
            conditional: Vec::with_capacity(graph.indices.len()),
            graph,
            perplexity: f64::from(perplexity),
            sum: None,
            joint: SparseMatrix::default(),
            iterations,
            step: 0,
            positions: start,
            velocity: vec![0.0; numbers],
            gains: vec![1.0; numbers],
            attraction: vec![0.0; numbers],
            repulsion: vec![0.0; numbers],
            normaliser: 0.0,
            tree: Quadtree::default(),
            group: 0,
        }
    }

    /// Steps done, and those in all.
    pub const fn progress(&self) -> (usize, usize) {
        (self.step, self.iterations)
    }

    /// Positions so far [vectors, 2].
    pub fn positions(&self) -> &[f32] {
        &self.positions
    }

    /// Does some milliseconds of work.
    pub fn advance(&mut self) {
        if self.joint.is_empty() {
            self.add_probabilities();
            return;
        }
        let mut points = POINTS;
        while points > 0 && self.step < self.iterations {
            points = points.saturating_sub(self.add_forces(points));
        }
    }

    /// Computes conditional probabilities of some vectors, or joint ones once those are complete.
    fn add_probabilities(&mut self) {
        let first = self.conditional.len();
        if first < self.graph.indices.len() {
            let mut squares = Vec::new();
            for distances in self.graph.distances[first..].chunks_exact(self.graph.k).take(VECTORS) {
                conditional_probabilities(distances, self.perplexity, &mut squares, &mut self.conditional);
            }
            return;
        }
        let mut sum = self.sum.take().unwrap_or_else(|| SymmetricSum::new(&self.graph, &self.conditional));
        if sum.add_rows(&self.graph, &self.conditional, ROWS, |a, b| a + b) {
            self.joint = sum.finish();
            let total: f64 = self.joint.values().iter().map(|&value| f64::from(value)).sum();
            self.joint.scale((1.0 / total) as f32);
        } else {
            self.sum = Some(sum);
        }
    }

    /// Computes the forces on up to `points` points, and takes the step when they are the last. Returns the points that
    /// the work was worth.
    fn add_forces(&mut self, points: usize) -> usize {
        if self.group == 0 {
            self.tree.build(&self.positions);
            self.normaliser = 0.0;
        }
        let groups = self.tree.groups();
        let last = groups.min(self.group + points.div_ceil(LANES));
        let rows = self.group * LANES..self.joint.len().min(last * LANES);
        for group in self.group..last {
            self.normaliser += self.tree.repel(group, &mut self.repulsion);
        }
        for row in rows.clone() {
            self.attract(row);
        }
        self.group = last;
        if last == groups {
            self.group = 0;
            self.take_step();
        }
        rows.len().max(1)
    }

    /// Writes the sum of p q (y - y') over the neighbours of a point.
    fn attract(&mut self, row: usize) {
        let points = self.positions.as_chunks::<2>().0;
        let [x, y] = points[row];
        let (mut across, mut up) = (0.0, 0.0);
        for (column, p) in self.joint.row(row) {
            let other = points[column as usize];
            let (right, above) = (x - other[0], y - other[1]);
            let weight = p / (1.0 + right * right + above * above);
            across += weight * right;
            up += weight * above;
        }
        (self.attraction[2 * row], self.attraction[2 * row + 1]) = (across, up);
    }

    /// Moves all points by gradient descent with momentum and gains.
    fn take_step(&mut self) {
        let is_early = self.step < EARLY_STEPS.min(self.iterations / 2);
        let (exaggeration, momentum) = if is_early { (EARLY_EXAGGERATION, EARLY_MOMENTUM) } else { (1.0, MOMENTUM) };
        let rate = (self.joint.len() as f32 / EARLY_EXAGGERATION / 4.0).max(LEAST_RATE);
        let scale = (1.0 / self.normaliser.max(f64::MIN_POSITIVE)) as f32;
        for index in 0..self.positions.len() {
            let gradient = 4.0 * (exaggeration * self.attraction[index] - scale * self.repulsion[index]);
            let (velocity, gain) = (&mut self.velocity[index], &mut self.gains[index]);
            *gain = if *velocity * gradient < 0.0 { *gain + GAIN_RISE } else { *gain * GAIN_FALL }.max(LEAST_GAIN);
            *velocity = momentum * *velocity - rate * *gain * gradient;
            self.positions[index] += *velocity;
        }
        self.step += 1;
    }
}
