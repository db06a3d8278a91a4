//! Reservoir sampling: a seeded, uniform sample of rows whose number is unknown until the last.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

/// Largest number of cells that training holds, 80 MB as f32. A larger table is trained on a sample of its rows.
pub const MAX_SAMPLE_CELLS: usize = 20_000_000;

/// Largest number of rows of `columns` columns that training holds, at least 1.
pub const fn max_sample_rows(columns: usize) -> usize {
    let columns = if columns == 0 { 1 } else { columns };
    let rows = MAX_SAMPLE_CELLS / columns;
    if rows == 0 { 1 } else { rows }
}

/// Placement of an offered row in the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// At the end of the sample.
    Append,
    /// Instead of the sampled row with this index.
    Replace(usize),
    /// Not in the sample.
    Skip,
}

/// Reservoir of a sample (Li 1994, algorithm L): every row has the same probability to be sampled, and rows that are
/// skipped draw no random number.
#[derive(Clone, Debug)]
pub struct Reservoir {
    capacity: usize,
    random: Pcg32,
    offered: u64,
    /// Index of the next row that enters the full sample.
    next: u64,
    /// The variable W of algorithm L.
    weight: f64,
}

impl Reservoir {
    /// A reservoir of at most `capacity` rows. The sample is determined by the seed and the number of rows.
    pub fn new(capacity: usize, seed: u64) -> Self {
        let mut reservoir =
            Self { capacity: capacity.max(1), random: Pcg32::seed_from_u64(seed), offered: 0, next: 0, weight: 1.0 };
        reservoir.next = reservoir.capacity as u64 - 1;
        reservoir.advance();
        reservoir
    }

    /// Offers the next row; returns its placement.
    pub fn offer(&mut self) -> Placement {
        let row = self.offered;
        self.offered += 1;
        if row < self.capacity as u64 {
            return Placement::Append;
        }
        if row != self.next {
            return Placement::Skip;
        }
        self.advance();
        Placement::Replace(self.random.random_range(0..self.capacity as u64) as usize)
    }

    /// Number of rows offered so far.
    pub fn offered(&self) -> u64 {
        self.offered
    }

    /// Draws the next row that enters the sample.
    fn advance(&mut self) {
        self.weight *= (self.uniform().ln() / self.capacity as f64).exp();
        let skip = (self.uniform().ln() / (-self.weight).ln_1p()).floor();
        // A cast from a float saturates: a skip beyond every file ends the sampling.
        self.next = self.next.saturating_add(skip as u64).saturating_add(1);
    }

    /// A number of the interval (0, 1], whose logarithm is finite.
    fn uniform(&mut self) -> f64 {
        1.0 - self.random.random::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(capacity: usize, rows: usize, seed: u64) -> Vec<usize> {
        let mut reservoir = Reservoir::new(capacity, seed);
        let mut sample = Vec::new();
        for row in 0..rows {
            match reservoir.offer() {
                Placement::Append => sample.push(row),
                Placement::Replace(index) => sample[index] = row,
                Placement::Skip => {}
            }
        }
        sample
    }

    #[test]
    fn a_short_table_is_sampled_whole_and_in_order() {
        assert_eq!(sample(10, 7, 1), (0..7).collect::<Vec<_>>());
    }

    #[test]
    fn the_same_seed_gives_the_same_sample() {
        assert_eq!(sample(20, 5000, 3), sample(20, 5000, 3));
        assert_ne!(sample(20, 5000, 3), sample(20, 5000, 4));
    }

    #[test]
    fn every_row_has_the_same_probability() {
        let mut counts = [0_u32; 100];
        for seed in 0..4000 {
            for row in sample(10, 100, seed) {
                counts[row] += 1;
            }
        }
        // 400 expected, standard deviation sqrt(4000 * 0.1 * 0.9) = 19: within five of them.
        assert!(counts.iter().all(|count| (305..=495).contains(count)), "{counts:?}");
    }
}
