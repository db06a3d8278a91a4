//! k-means: classes for vectors without labels.

use pinhole_numerics::random::{Stream, generator};
use rand::RngExt as _;
use rand_pcg::Pcg32;

use crate::{LatentError, Stepper, Vectors, reals::squared_distance};

/// Most iterations of a start, as in scikit-learn.
const MAX_ITERATIONS: usize = 300;

/// Vectors divided into clusters.
#[derive(Clone, Debug, PartialEq)]
pub struct Clustering {
    /// Mean of each cluster.
    pub centres: Vectors,
    /// Cluster of each vector.
    pub assignments: Vec<usize>,
    /// Sum of the squared distances to the nearest centre.
    pub inertia: f64,
}

/// Lloyd's algorithm from several starts by k-means++ (Lloyd 1982; Arthur and Vassilvitskii 2007); the clustering of
/// least inertia is kept. A cluster that loses all its vectors moves to the vector that is farthest from its centre.
#[derive(Debug)]
pub struct KMeans<'a> {
    vectors: &'a Vectors,
    clusters: usize,
    starts_left: usize,
    rng: Pcg32,
    current: Clustering,
    iterations: usize,
    best: Option<Clustering>,
}

impl<'a> KMeans<'a> {
    /// Clusters of `vectors`, the best of `starts`.
    ///
    /// # Errors
    /// When there is no vector, or there are fewer than `clusters`.
    pub fn new(vectors: &'a Vectors, clusters: usize, starts: usize, seed: u64) -> Result<Self, LatentError> {
        let found = vectors.len();
        if found == 0 || clusters == 0 {
            return Err(LatentError::TooFew { method: "k-means", least: 1, count: found });
        }
        if clusters > found {
            return Err(LatentError::TooManyGroups { groups: clusters, vectors: found });
        }
        let mut rng = generator(seed, Stream::Measure, clusters as u64);
        let current = assign(vectors, plus_plus(vectors, clusters, &mut rng));
        Ok(Self { vectors, clusters, starts_left: starts.saturating_sub(1), rng, current, iterations: 0, best: None })
    }

    /// Keeps the finished clustering if it is the best; begins anew while starts are left.
    fn end_start(&mut self) -> Option<Clustering> {
        if self.best.as_ref().is_none_or(|best| self.current.inertia < best.inertia) {
            self.best = Some(self.current.clone());
        }
        if self.starts_left == 0 {
            return self.best.clone();
        }
        self.starts_left -= 1;
        self.iterations = 0;
        self.current = assign(self.vectors, plus_plus(self.vectors, self.clusters, &mut self.rng));
        None
    }
}

impl Stepper for KMeans<'_> {
    type Output = Clustering;

    fn advance(&mut self) -> Option<Clustering> {
        let centres = means(self.vectors, &self.current);
        let next = assign(self.vectors, centres);
        self.iterations += 1;
        let is_settled = next.assignments == self.current.assignments;
        self.current = next;
        if is_settled || self.iterations == MAX_ITERATIONS { self.end_start() } else { None }
    }
}

/// First centres: each a vector, drawn with a probability proportional to its squared distance to the nearest so far.
fn plus_plus(vectors: &Vectors, clusters: usize, rng: &mut Pcg32) -> Vectors {
    let first = rng.random_range(0..vectors.len());
    let mut values = vectors.row(first).to_vec();
    let mut squares: Vec<f32> = vectors.rows().map(|row| squared_distance(row, vectors.row(first))).collect();
    for _ in 1..clusters {
        let mut rest = rng.random::<f64>() * squares.iter().copied().map(f64::from).sum::<f64>();
        let drawn = squares.iter().position(|&square| {
            rest -= f64::from(square);
            rest < 0.0
        });
        // All vectors are centres already, or rounding left a rest: the farthest.
        let centre = vectors.row(drawn.unwrap_or_else(|| farthest(&squares)));
        values.extend_from_slice(centre);
        for (square, row) in squares.iter_mut().zip(vectors.rows()) {
            *square = square.min(squared_distance(row, centre));
        }
    }
    Vectors::of_finite(values, vectors.width())
}

fn farthest(squares: &[f32]) -> usize {
    (0..squares.len()).max_by(|&one, &other| squares[one].total_cmp(&squares[other])).unwrap_or_default()
}

/// Assigns each vector to the nearest centre, of equally near ones to the first.
fn assign(vectors: &Vectors, centres: Vectors) -> Clustering {
    let mut inertia = 0.0;
    let mut assignments = Vec::with_capacity(vectors.len());
    for row in vectors.rows() {
        let mut nearest = (0, f32::INFINITY);
        for (cluster, centre) in centres.rows().enumerate() {
            let square = squared_distance(row, centre);
            if square < nearest.1 {
                nearest = (cluster, square);
            }
        }
        assignments.push(nearest.0);
        inertia += f64::from(nearest.1);
    }
    Clustering { centres, assignments, inertia }
}

/// Mean of each cluster. Empty ones move to the vectors farthest from their centres.
fn means(vectors: &Vectors, clustering: &Clustering) -> Vectors {
    let (width, clusters) = (vectors.width(), clustering.centres.len());
    let (mut sums, mut counts) = (vec![0.0_f64; clusters * width], vec![0_usize; clusters]);
    for (row, &cluster) in vectors.rows().zip(&clustering.assignments) {
        counts[cluster] += 1;
        let sums = &mut sums[cluster * width..(cluster + 1) * width];
        sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    let mut values = Vec::with_capacity(sums.len());
    for (sums, &count) in sums.chunks_exact(width).zip(&counts) {
        values.extend(sums.iter().map(|sum| (sum / count.max(1) as f64) as f32));
    }
    if counts.contains(&0) {
        let to_centre = |(row, &cluster): (&[f32], &usize)| squared_distance(row, clustering.centres.row(cluster));
        let mut squares: Vec<f32> = vectors.rows().zip(&clustering.assignments).map(to_centre).collect();
        for (cluster, _) in counts.iter().enumerate().filter(|&(_, &count)| count == 0) {
            let row = farthest(&squares);
            squares[row] = 0.0;
            values[cluster * width..(cluster + 1) * width].copy_from_slice(vectors.row(row));
        }
    }
    Vectors::of_finite(values, width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{close, reference};

    #[test]
    fn inertia_is_that_of_scikit_learns_best_of_many_starts() {
        for case in reference().clusters {
            let vectors = case.vectors();
            let found = KMeans::new(&vectors, case.k, 30, 1).expect("enough vectors").finish();
            close(found.inertia / case.inertia, 1.0);
        }
    }

    #[test]
    fn clusters_are_the_same_for_one_seed() {
        let case = &reference().clusters[0];
        let vectors = case.vectors();
        let run = || KMeans::new(&vectors, 4, 2, 9).expect("enough vectors").finish();
        assert_eq!(run(), run());
    }

    #[test]
    fn equal_vectors_and_as_many_clusters_as_vectors_come_to_an_end() {
        let equal = Vectors::new(vec![1.0; 10], 2).expect("whole");
        assert!(KMeans::new(&equal, 3, 2, 0).expect("enough vectors").finish().inertia.abs() < 1e-12);
        let different = Vectors::new(vec![0.0, 5.0, 9.0], 1).expect("whole");
        let mut found = KMeans::new(&different, 3, 1, 0).expect("enough vectors").finish().assignments;
        found.sort_unstable();
        assert_eq!(found, [0, 1, 2]);
    }

    #[test]
    fn more_clusters_than_vectors_are_refused() {
        let vectors = Vectors::new(vec![0.0, 5.0], 1).expect("whole");
        let error = KMeans::new(&vectors, 3, 1, 0).err();
        assert_eq!(error, Some(LatentError::TooManyGroups { groups: 3, vectors: 2 }));
        assert!(KMeans::new(&Vectors::new(vec![], 1).expect("whole"), 1, 1, 0).is_err());
    }
}
