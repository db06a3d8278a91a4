//! Uniform manifold approximation and projection (McInnes, Healy and Melville 2018). Settings that are not the caller's
//! are those of umap-learn 0.5, but for the start, which is PCA's.

mod curve;
mod fuzzy;

use pinhole_numerics::random::{Stream, generator};
use rand::Rng;
use rand_pcg::Pcg32;

use self::{
    curve::{Curve, ForceTable},
    fuzzy::{FuzzyUnion, memberships},
};
use super::{sparse::SparseMatrix, start::among_neighbours};
use crate::neighbours::NeighbourGraph;

/// Vectors up to which a layout takes [`EPOCHS`] epochs; more vectors take [`FEWER_EPOCHS`].
const FEW_VECTORS: usize = 10_000;
const EPOCHS: usize = 500;
const FEWER_EPOCHS: usize = 200;
/// Epochs in which new points find their places.
const PLACING_EPOCHS: usize = 100;
/// Points that a point is pushed away from, each time that it is pulled.
const NEGATIVE_SAMPLES: usize = 5;
/// Greatest move of a coordinate, times the learning rate.
const MOST_MOVE: f32 = 4.0;
/// Pairs looked at per call of [`Umap::advance`], and pulls, whichever is reached first.
const PAIRS: usize = 400_000;
const PULLS: usize = 60_000;

/// A layout in progress.
#[derive(Debug)]
pub struct Umap {
    graph: NeighbourGraph,
    union: FuzzyUnion,
    forces: ForceTable,
    /// Pulls, once the weights of the pairs are there.
    schedule: Option<Schedule>,
    positions: Vec<[f32; 2]>,
    rng: Pcg32,
}

impl Umap {
    /// A layout from `start` [vectors, 2], on a graph of one neighbour less than UMAP counts, as a vector is its own
    /// first.
    pub fn new(graph: NeighbourGraph, min_dist: f32, start: &[f32], seed: u64) -> Self {
        Self {
            union: FuzzyUnion::new(&graph),
            graph,
            forces: ForceTable::new(Curve::fit(min_dist)),
            schedule: None,
            positions: start.as_chunks().0.to_vec(),
            rng: generator(seed, Stream::Projection, 1),
        }
    }

    /// Epochs done, and those in all.
    pub fn progress(&self) -> (usize, usize) {
        let epochs = if self.positions.len() <= FEW_VECTORS { EPOCHS } else { FEWER_EPOCHS };
        (self.schedule.as_ref().map_or(0, |schedule| schedule.epoch), epochs)
    }

    /// Positions so far [vectors, 2].
    pub fn positions(&self) -> &[f32] {
        self.positions.as_flattened()
    }

    /// Does some milliseconds of work.
    pub fn advance(&mut self) {
        let (_, epochs) = self.progress();
        let Some(schedule) = &mut self.schedule else {
            if let Some(weights) = self.union.advance(&self.graph) {
                self.schedule = Some(Schedule::new(&weights, epochs));
            }
            return;
        };
        let (forces, rng) = (&self.forces, &mut self.rng);
        let positions = &mut self.positions;
        schedule.run_pairs(PAIRS, PULLS, |[head, tail], rate| {
            let (head, tail) = (head as usize, tail as usize);
            let pull = pulled(forces, positions[head], positions[tail]);
            let mut point = moved(positions[head], pull, rate);
            positions[tail] = moved(positions[tail], pull, -rate);
            for _ in 0..NEGATIVE_SAMPLES {
                let other = below(rng, positions.len());
                if other != head {
                    point = moved(point, pushed(forces, point, positions[other]), rate);
                }
            }
            positions[head] = point;
        });
    }
}

/// Positions of new points, whose neighbours among the points of a finished map are `graph`: the mean of theirs,
/// improved while the map stays as it is. A point equal to one of them gets its position.
pub fn place(graph: &NeighbourGraph, map: &[f32], min_dist: f32, seed: u64) -> Vec<f32> {
    let map: &[[f32; 2]] = map.as_chunks().0;
    let weights = memberships(graph);
    let mut positions: Vec<[f32; 2]> = Vec::new();
    let mut pairs = Vec::new();
    for ((row, (neighbours, distances)), weights) in graph.rows().enumerate().zip(weights.chunks_exact(graph.k)) {
        positions.push(among_neighbours(neighbours, distances, weights, map));
        if distances[0] > 0.0 {
            pairs.extend(neighbours.iter().zip(weights).map(|(&neighbour, &weight)| (row as u32, neighbour, weight)));
        }
    }
    let forces = ForceTable::new(Curve::fit(min_dist));
    let mut rng = generator(seed, Stream::Projection, 2);
    let mut schedule = Schedule::of_pairs(pairs, PLACING_EPOCHS);
    while schedule.epoch < PLACING_EPOCHS {
        schedule.run_pairs(usize::MAX, usize::MAX, |[head, tail], rate| {
            let point = &mut positions[head as usize];
            *point = moved(*point, pulled(&forces, *point, map[tail as usize]), rate);
            for _ in 0..NEGATIVE_SAMPLES {
                *point = moved(*point, pushed(&forces, *point, map[below(&mut rng, map.len())]), rate);
            }
        });
    }
    positions.into_flattened()
}

/// Pairs of points, each of which is pulled together as often as its weight says.
#[derive(Debug)]
struct Schedule {
    pairs: Vec<[u32; 2]>,
    /// Epochs from one pull of each pair to the next.
    intervals: Vec<f32>,
    /// Epoch of the next pull of each pair.
    next: Vec<f32>,
    epoch: usize,
    epochs: usize,
    /// Pair that comes next in this epoch.
    pair: usize,
}

impl Schedule {
    /// Every entry of a matrix of weights.
    fn new(weights: &SparseMatrix, epochs: usize) -> Self {
        let row = |row: u32| weights.row(row as usize).map(move |(column, weight)| (row, column, weight));
        Self::of_pairs((0..weights.len() as u32).flat_map(row).collect(), epochs)
    }

    /// Pairs with their weights. Those that would never be pulled are left out.
    fn of_pairs(pairs: Vec<(u32, u32, f32)>, epochs: usize) -> Self {
        let greatest = pairs.iter().map(|&(_, _, weight)| weight).fold(0.0, f32::max);
        let (mut kept, mut intervals) = (Vec::new(), Vec::new());
        for (head, tail, weight) in pairs.into_iter().filter(|&(_, _, weight)| weight * epochs as f32 >= greatest) {
            kept.push([head, tail]);
            intervals.push(greatest / weight);
        }
        Self { pairs: kept, next: intervals.clone(), intervals, epoch: 0, epochs, pair: 0 }
    }

    /// Goes on with this epoch, up to its end, `pairs` pairs or `pulls` pulls. `pull` gets a pair and the learning rate,
    /// which falls from 1 to 0.
    fn run_pairs(&mut self, pairs: usize, mut pulls: usize, mut pull: impl FnMut([u32; 2], f32)) {
        if self.epoch == self.epochs {
            return;
        }
        let rate = 1.0 - self.epoch as f32 / self.epochs as f32;
        let last = self.pairs.len().min(self.pair.saturating_add(pairs));
        while self.pair < last && pulls > 0 {
            let pair = self.pair;
            if self.next[pair] <= self.epoch as f32 {
                pull(self.pairs[pair], rate);
                self.next[pair] += self.intervals[pair];
                pulls -= 1;
            }
            self.pair += 1;
        }
        if self.pair == self.pairs.len() {
            (self.epoch, self.pair) = (self.epoch + 1, 0);
        }
    }
}

/// A random index below `count`.
#[inline]
fn below(rng: &mut Pcg32, count: usize) -> usize {
    ((u64::from(rng.next_u32()) * count as u64) >> 32) as usize
}

/// Move of a point towards another.
#[inline]
fn pulled(forces: &ForceTable, point: [f32; 2], other: [f32; 2]) -> [f32; 2] {
    let difference = [point[0] - other[0], point[1] - other[1]];
    let square = difference[0] * difference[0] + difference[1] * difference[1];
    if square > 0.0 { clipped(forces.attraction(square), difference) } else { [0.0; 2] }
}

/// Move of a point away from another.
#[inline]
fn pushed(forces: &ForceTable, point: [f32; 2], other: [f32; 2]) -> [f32; 2] {
    let difference = [point[0] - other[0], point[1] - other[1]];
    clipped(forces.repulsion(difference[0] * difference[0] + difference[1] * difference[1]), difference)
}

#[inline]
fn clipped(factor: f32, difference: [f32; 2]) -> [f32; 2] {
    difference.map(|value| (factor * value).clamp(-MOST_MOVE, MOST_MOVE))
}

#[inline]
fn moved(point: [f32; 2], step: [f32; 2], rate: f32) -> [f32; 2] {
    [point[0] + rate * step[0], point[1] + rate * step[1]]
}
