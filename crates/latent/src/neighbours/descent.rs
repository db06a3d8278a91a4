//! NN-descent (Dong, Moses and Li 2011): neighbours of neighbours are likely neighbours. It begins with the leaves of
//! random projection trees, as pynndescent does.

use std::rc::Rc;

use pinhole_numerics::random::{Stream, generator};
use rand::Rng;
use rand_pcg::Pcg32;

use super::{
    NeighbourGraph,
    forest::leaves,
    lists::{FairSamples, NearestLists},
};
use crate::{Vectors, reals::squared_distance};

/// Trees, and vectors in one of their leaves beside the neighbours.
const TREES: usize = 4;
const LEAF: usize = 32;
/// Neighbours of each vector, old and new ones, that an iteration compares, at most.
const CANDIDATES: usize = 16;
/// Iterations at most; the share of entries that the last one changes. On 60,000 vectors of 64 numbers, 15 neighbours
/// have a recall of .989 and 90 of .987; 30 candidates and a share of .001 take 1.5 times as long for .999.
const ITERATIONS: usize = 12;
const LAST_CHANGES: f64 = 0.02;
/// Products per call of [`Descent::advance`], and vectors that are sampled.
const PRODUCTS: usize = 12_000_000;
const SAMPLED: usize = 2_000;

/// A search in progress.
#[derive(Debug)]
pub struct Descent {
    vectors: Rc<Vectors>,
    k: usize,
    rng: Pcg32,
    lists: NearestLists,
    phase: Phase,
    /// Trees or iterations done.
    rounds: usize,
    new: FairSamples,
    old: FairSamples,
    /// Entries that this iteration has changed.
    changes: usize,
}

#[derive(Debug)]
enum Phase {
    /// Leaves of the current tree that are left.
    Trees(Vec<Vec<u32>>),
    /// Sampling, from this vector on.
    Sample(usize),
    /// Comparing, from this vector on.
    Compare(usize),
    Done,
}

impl Descent {
    /// A search of the `k` nearest neighbours of each vector among the others.
    pub fn new(vectors: Rc<Vectors>, k: usize, seed: u64) -> Self {
        let (count, candidates) = (vectors.len(), k.min(CANDIDATES));
        Self {
            k,
            rng: generator(seed, Stream::Neighbours, 0),
            lists: NearestLists::new(count, k),
            phase: Phase::Trees(Vec::new()),
            rounds: 0,
            new: FairSamples::new(count, candidates),
            old: FairSamples::new(count, candidates),
            changes: 0,
            vectors,
        }
    }

    /// Work done, in vectors, and all of it if it takes every iteration; equal once it is done.
    pub fn progress(&self) -> (usize, usize) {
        let count = self.vectors.len();
        // A tree takes about a quarter of an iteration.
        let round = |rounds: usize, part: usize| TREES * count / 4 + rounds * count + part;
        let total = round(ITERATIONS, 0);
        let done = match self.phase {
            Phase::Trees(_) => self.rounds * count / 4,
            Phase::Sample(first) => round(self.rounds, first / 4),
            Phase::Compare(first) => round(self.rounds, count / 4 + first * 3 / 4),
            Phase::Done => total,
        };
        (done.min(total), total)
    }

    /// Does some milliseconds of work.
    pub fn advance(&mut self) {
        let count = self.vectors.len();
        match &mut self.phase {
            Phase::Trees(open) if open.is_empty() => {
                if self.rounds == TREES {
                    (self.phase, self.rounds) = (Phase::Sample(0), 0);
                } else {
                    *open = leaves(&self.vectors, self.k + LEAF, &mut self.rng);
                    self.rounds += 1;
                }
            }
            Phase::Trees(_) => self.compare_leaves(),
            Phase::Sample(first) => {
                let rows = *first..count.min(*first + SAMPLED);
                let next = if rows.end == count { Phase::Compare(0) } else { Phase::Sample(rows.end) };
                rows.for_each(|row| self.sample(row));
                self.phase = next;
            }
            Phase::Compare(first) => {
                let first = *first;
                self.compare(first);
            }
            Phase::Done => {}
        }
    }

    /// Compares the vectors of some leaves with each other.
    fn compare_leaves(&mut self) {
        let Phase::Trees(open) = &mut self.phase else { return };
        let mut products = PRODUCTS;
        while products > 0 {
            let Some(leaf) = open.pop() else { return };
            for (place, &a) in leaf.iter().enumerate() {
                for &b in &leaf[place + 1..] {
                    compare_pair(&self.vectors, &mut self.lists, a, b);
                }
            }
            products = products.saturating_sub(leaf.len() * leaf.len() / 2 * self.vectors.width());
        }
    }

    /// Offers the neighbours of a vector to it, and it to them.
    fn sample(&mut self, row: usize) {
        for (index, is_new) in self.lists.entries(row) {
            let rank = self.rng.next_u32();
            let samples = if is_new { &mut self.new } else { &mut self.old };
            samples.offer(row, index, rank);
            samples.offer(index as usize, row as u32, rank);
        }
    }

    /// Compares the sampled neighbours of some vectors with each other, unless both are old.
    fn compare(&mut self, first: usize) {
        let (mut new, mut old) = (Vec::new(), Vec::new());
        let (mut row, mut products) = (first, PRODUCTS);
        while row < self.vectors.len() && products > 0 {
            self.new.read(row, &mut new);
            self.old.read(row, &mut old);
            self.lists.make_old(row, &new);
            for (place, &a) in new.iter().enumerate() {
                for &b in new[place + 1..].iter().chain(&old) {
                    if a != b {
                        self.changes += compare_pair(&self.vectors, &mut self.lists, a, b);
                    }
                }
            }
            let pairs = new.len() * (new.len() / 2 + old.len());
            products = products.saturating_sub((pairs + 1) * self.vectors.width());
            row += 1;
        }
        self.phase = if row < self.vectors.len() { Phase::Compare(row) } else { self.end_iteration() };
    }

    /// The phase after an iteration.
    fn end_iteration(&mut self) -> Phase {
        self.rounds += 1;
        let entries = (self.vectors.len() * self.k) as f64;
        let is_last = self.rounds == ITERATIONS || (self.changes as f64) < LAST_CHANGES * entries;
        self.changes = 0;
        self.new.clear();
        self.old.clear();
        if is_last { Phase::Done } else { Phase::Sample(0) }
    }

    /// The neighbours that were found.
    pub fn finish(self) -> NeighbourGraph {
        let (indices, distances) = self.lists.sorted().map(|(index, square)| (index, square.sqrt())).unzip();
        NeighbourGraph { k: self.k, indices, distances }
    }
}

/// Makes each of two vectors a neighbour of the other, if it is near enough. Returns the number of changed entries.
fn compare_pair(vectors: &Vectors, lists: &mut NearestLists, a: u32, b: u32) -> usize {
    let square = squared_distance(vectors.row(a as usize), vectors.row(b as usize));
    // As a limit may be NaN.
    let is_far = |limit: f32| square >= limit;
    if is_far(lists.limit(a as usize)) && is_far(lists.limit(b as usize)) {
        return 0;
    }
    usize::from(lists.push(a as usize, b, square)) + usize::from(lists.push(b as usize, a, square))
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::neighbours::exact::ExactSearch;

    /// Points of ten clusters in few dimensions, embedded in `width`, with noise.
    fn clusters(count: usize, width: usize) -> Rc<Vectors> {
        let mut rng = generator(5, Stream::Measure, 0);
        let mut normal = |scale: f32| scale * (0..4).map(|_| rng.random_range(-1.0..1.0_f32)).sum::<f32>();
        let axes: Vec<f32> = (0..6 * width).map(|_| normal(1.0)).collect();
        let centres: Vec<f32> = (0..10 * width).map(|_| normal(2.0)).collect();
        let mut values = Vec::with_capacity(count * width);
        for index in 0..count {
            let place: Vec<f32> = (0..6).map(|_| normal(1.0)).collect();
            values.extend((0..width).map(|column| {
                let along: f32 =
                    place.iter().enumerate().map(|(axis, share)| share * axes[axis * width + column]).sum();
                centres[index % 10 * width + column] + along + normal(0.2)
            }));
        }
        Rc::new(Vectors::new(values, width).expect("they are whole"))
    }

    fn recall(found: &NeighbourGraph, exact: &NeighbourGraph) -> f64 {
        let rows = found.rows().zip(exact.rows());
        let shared: usize = rows.map(|((a, _), (b, _))| a.iter().filter(|index| b.contains(index)).count()).sum();
        shared as f64 / exact.indices.len() as f64
    }

    #[test]
    fn most_neighbours_are_the_exact_ones() {
        for (count, width, k) in [(4_000, 32, 15), (1_500, 8, 90)] {
            let vectors = clusters(count, width);
            let mut exact = ExactSearch::within(Rc::clone(&vectors), k);
            while exact.progress().0 < count {
                exact.advance();
            }
            let run = || {
                let mut descent = Descent::new(Rc::clone(&vectors), k, 1);
                while descent.progress().0 < descent.progress().1 {
                    descent.advance();
                }
                descent.finish()
            };
            let found = run();
            let recall = recall(&found, &exact.finish());
            assert!(recall > 0.97, "{recall} of {k} neighbours");
            assert_eq!(found, run(), "a seed gives one graph");
        }
    }

    #[test]
    fn equal_vectors_have_neighbours() {
        let vectors = Rc::new(Vectors::new(vec![1.0; 2_000], 2).expect("they are whole"));
        let mut descent = Descent::new(vectors, 15, 1);
        while descent.progress().0 < descent.progress().1 {
            descent.advance();
        }
        let graph = descent.finish();
        assert!(graph.distances.iter().all(|&distance| distance == 0.0));
        assert!(graph.rows().enumerate().all(|(index, (row, _))| !row.contains(&(index as u32))));
    }
}
