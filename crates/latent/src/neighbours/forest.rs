//! Random projection trees (Dasgupta and Freund 2008), whose leaves are the first guess of neighbours.

use rand::RngExt;
use rand_pcg::Pcg32;

use crate::{Vectors, reals::squared_distance};

/// Share of the vectors that a side of a split has at least; else the split is drawn anew, without looking at distances.
const LEAST_SHARE: usize = 10;

/// Leaves of one random projection tree, each of at most `leaf` vectors: every split sends a vector to the nearer one of
/// two random vectors.
pub fn leaves(vectors: &Vectors, leaf: usize, rng: &mut Pcg32) -> Vec<Vec<u32>> {
    let mut finished = Vec::new();
    let mut open = vec![(0..vectors.len() as u32).collect::<Vec<u32>>()];
    while let Some(mut cell) = open.pop() {
        if cell.len() <= leaf {
            finished.push(cell);
            continue;
        }
        let (left, right) = split(vectors, &cell, rng);
        if left.len().min(right.len()) * LEAST_SHARE >= cell.len() {
            open.extend([left, right]);
        } else {
            // Equal vectors, or an outlier: any halves will do.
            for index in 0..cell.len() {
                let other = rng.random_range(index..cell.len());
                cell.swap(index, other);
            }
            let half = cell.split_off(cell.len() / 2);
            open.extend([cell, half]);
        }
    }
    finished
}

/// Vectors nearer to the first of two random ones, and the others.
fn split(vectors: &Vectors, cell: &[u32], rng: &mut Pcg32) -> (Vec<u32>, Vec<u32>) {
    let mut drawn = || vectors.row(cell[rng.random_range(0..cell.len())] as usize);
    let (a, b) = (drawn(), drawn());
    cell.iter().partition(|&&index| {
        let row = vectors.row(index as usize);
        squared_distance(row, a) < squared_distance(row, b)
    })
}
