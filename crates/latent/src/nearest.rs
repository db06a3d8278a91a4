//! Exact nearest neighbours of some vectors among others.

use crate::{Stepper, Vectors, reals::squared_distance, stepper::rows_per_piece};

/// Nearest references of each query.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    k: usize,
    rows: Vec<usize>,
    distances: Vec<f64>,
}

impl Nearest {
    /// Indices of the nearest references of a query, nearest first; of equally near ones the earlier first.
    pub fn rows(&self, query: usize) -> &[usize] {
        &self.rows[query * self.k..(query + 1) * self.k]
    }

    /// Their distances.
    pub fn distances(&self, query: usize) -> &[f64] {
        &self.distances[query * self.k..(query + 1) * self.k]
    }

    /// Number of queries.
    pub const fn len(&self) -> usize {
        match self.rows.len().checked_div(self.k) {
            Some(queries) => queries,
            None => 0,
        }
    }

    /// True if there is no query.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Search for the k nearest references of each query by Euclidean distance, comparing all pairs.
#[derive(Debug)]
pub struct NearestSearch<'a> {
    queries: (&'a Vectors, Vec<usize>),
    references: (&'a Vectors, Vec<usize>),
    leaves_itself_out: bool,
    found: Nearest,
    next: usize,
}

impl<'a> NearestSearch<'a> {
    /// Search among the vectors `rows` themselves, each left out of its own neighbours.
    pub fn among(vectors: &'a Vectors, rows: &[usize], k: usize) -> Self {
        let k = k.min(rows.len().saturating_sub(1));
        Self { leaves_itself_out: true, ..Self::of((vectors, rows), (vectors, rows), k) }
    }

    /// Search for the nearest ones of the vectors `references.1` to each of the vectors `queries.1`.
    ///
    /// # Panics
    /// While it advances, when the widths differ.
    pub fn of(queries: (&'a Vectors, &[usize]), references: (&'a Vectors, &[usize]), k: usize) -> Self {
        let found = Nearest { k: k.min(references.1.len()), rows: Vec::new(), distances: Vec::new() };
        let [queries, references] = [queries, references].map(|(vectors, rows)| (vectors, rows.to_vec()));
        Self { queries, references, leaves_itself_out: false, found, next: 0 }
    }

    /// Appends the neighbours of a query.
    fn search(&mut self, query: usize) {
        let (k, start) = (self.found.k, self.found.rows.len());
        let code = self.queries.0.row(query);
        for &row in &self.references.1 {
            if self.leaves_itself_out && row == query {
                continue;
            }
            let distance = f64::from(squared_distance(code, self.references.0.row(row)));
            let nearest = &self.found.distances[start..];
            if nearest.len() == k && nearest.last().is_none_or(|&last| distance >= last) {
                continue;
            }
            let rank = start + nearest.partition_point(|&nearer| nearer <= distance);
            self.found.distances.insert(rank, distance);
            self.found.rows.insert(rank, row);
            self.found.distances.truncate(start + k);
            self.found.rows.truncate(start + k);
        }
        self.found.distances[start..].iter_mut().for_each(|distance| *distance = distance.sqrt());
    }
}

impl Stepper for NearestSearch<'_> {
    type Output = Nearest;

    fn advance(&mut self) -> Option<Nearest> {
        let count = self.queries.1.len();
        let end = count.min(self.next + rows_per_piece(self.references.1.len() * self.queries.0.width()));
        for index in self.next..end {
            self.search(self.queries.1[index]);
        }
        self.next = end;
        (end == count).then(|| self.found.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_the_nearest_and_not_the_vector_itself() {
        let vectors = Vectors::new(vec![0.0, 1.0, 3.0, 3.0, 7.0], 1).expect("whole");
        let nearest = NearestSearch::among(&vectors, &[0, 1, 2, 3, 4], 2).finish();
        assert_eq!((nearest.rows(0), nearest.distances(0)), (&[1, 2][..], &[1.0, 3.0][..]));
        assert_eq!((nearest.rows(2), nearest.distances(2)), (&[3, 1][..], &[0.0, 2.0][..]));
        assert_eq!((nearest.len(), nearest.rows(4)), (5, &[2, 3][..]));
    }

    #[test]
    fn few_references_are_all_neighbours() {
        let vectors = Vectors::new(vec![0.0, 1.0, 3.0], 1).expect("whole");
        assert_eq!(NearestSearch::of((&vectors, &[0]), (&vectors, &[2, 1]), 5).finish().rows(0), [1, 2]);
        assert!(NearestSearch::among(&vectors, &[1], 5).finish().is_empty());
        assert!(NearestSearch::among(&vectors, &[], 5).finish().is_empty());
    }
}
