//! Nearest neighbours by Euclidean distance: exact ones of up to 10,000 vectors, and nearly all of them beyond.

mod descent;
mod exact;
mod forest;
mod lists;

use std::rc::Rc;

use self::{descent::Descent, exact::ExactSearch};
use crate::{LatentError, Vectors};

/// Vectors whose neighbours are searched exactly.
const EXACT_VECTORS: usize = 10_000;

/// The nearest neighbours of each of some vectors, nearest first; of equal distances, the lower index comes first.
#[derive(Clone, Debug, PartialEq)]
pub struct NeighbourGraph {
    /// Neighbours of each vector.
    pub k: usize,
    /// Indices of the neighbours [vectors, k].
    pub indices: Vec<u32>,
    /// Their distances [vectors, k].
    pub distances: Vec<f32>,
}

impl NeighbourGraph {
    /// Number of vectors.
    pub const fn len(&self) -> usize {
        self.indices.len() / self.k
    }

    /// True if there is no vector.
    pub const fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// Neighbours and distances of each vector in turn.
    pub fn rows(&self) -> impl Iterator<Item = (&[u32], &[f32])> {
        self.indices.chunks_exact(self.k).zip(self.distances.chunks_exact(self.k))
    }

    /// Neighbours of vector `index`.
    ///
    /// # Panics
    /// When there is no such vector.
    pub fn neighbours(&self, index: usize) -> &[u32] {
        &self.indices[index * self.k..(index + 1) * self.k]
    }
}

/// A search of every vector's neighbours among the others, in progress.
#[derive(Debug)]
pub struct NeighbourSearch(Search);

#[derive(Debug)]
enum Search {
    /// Every vector with every other.
    Exact(ExactSearch),
    /// Neighbours of neighbours.
    Descent(Descent),
}

impl NeighbourSearch {
    /// A search of the `k` nearest neighbours of each vector, which is not its own.
    ///
    /// # Errors
    /// When there are no more than `k` vectors, or `k` is 0.
    pub fn new(vectors: Rc<Vectors>, k: usize, seed: u64) -> Result<Self, LatentError> {
        let count = vectors.len();
        if count < 2 {
            return Err(LatentError::TooFew { method: "A search of neighbours", least: 2, count });
        }
        if !(1..count).contains(&k) {
            return Err(LatentError::NeighboursOutOfRange { neighbours: k, least: 1, count });
        }
        Ok(if count <= EXACT_VECTORS {
            Self(Search::Exact(ExactSearch::within(vectors, k)))
        } else {
            Self(Search::Descent(Descent::new(vectors, k, seed)))
        })
    }

    /// Does some milliseconds of work.
    pub fn advance(&mut self) {
        match &mut self.0 {
            Search::Exact(search) => search.advance(),
            Search::Descent(search) => search.advance(),
        }
    }

    /// True once every neighbour is found.
    pub fn is_done(&self) -> bool {
        let (done, total) = self.progress();
        done == total
    }

    /// Vectors whose neighbours are found, and all of them; or work done in such a unit, and all that may be needed.
    pub fn progress(&self) -> (usize, usize) {
        match &self.0 {
            Search::Exact(search) => search.progress(),
            Search::Descent(search) => search.progress(),
        }
    }

    /// The neighbours; does what work is left.
    pub fn finish(mut self) -> NeighbourGraph {
        while !self.is_done() {
            self.advance();
        }
        match self.0 {
            Search::Exact(search) => search.finish(),
            Search::Descent(search) => search.finish(),
        }
    }
}

/// The `k` nearest of `references`, or all if they are fewer, to each of `queries`, exactly.
///
/// # Panics
/// When the vectors have different widths, or there is no reference.
pub fn nearest(queries: &Rc<Vectors>, references: &Rc<Vectors>, k: usize) -> NeighbourGraph {
    let mut search = ExactSearch::between(Rc::clone(queries), Rc::clone(references), k);
    while search.progress().0 < queries.len() {
        search.advance();
    }
    search.finish()
}
