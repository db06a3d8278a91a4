//! A seeded, uniform sample of rows whose number is not known before the last.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

/// Cells that training holds: 80 MB as f32. A larger table is trained on a sample of its rows.
pub const MAX_SAMPLE_CELLS: usize = 20_000_000;

/// Rows of so many columns that training may hold, at least 1.
pub const fn max_sample_rows(columns: usize) -> usize {
    let columns = if columns == 0 { 1 } else { columns };
    let rows = MAX_SAMPLE_CELLS / columns;
    if rows == 0 { 1 } else { rows }
}

/// Where a row that is offered goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the end of the sample.
    Append,
    /// In the place of the sampled row with this index, which is lost.
    Replace(usize),
    /// Nowhere.
    Skip,
}

/// Algorithm L (Li 1994): every row has the same chance to be in the sample, and only rows that come in cost anything.
#[derive(Clone, Debug)]
pub struct Reservoir {
    capacity: usize,
    random: Pcg32,
    offered: u64,
    /// The next row (counted from 0) that comes in once the sample is full.
    next: u64,
    weight: f64,
}

impl Reservoir {
    /// A sample of at most so many rows. The same seed and rows give the same sample.
    pub fn new(capacity: usize, seed: u64) -> Self {
        let mut reservoir =
            Self { capacity: capacity.max(1), random: Pcg32::seed_from_u64(seed), offered: 0, next: 0, weight: 1.0 };
        reservoir.next = reservoir.capacity as u64 - 1;
        reservoir.advance();
        reservoir
    }

    /// Offers the next row.
    pub fn offer(&mut self) -> Place {
        let row = self.offered;
        self.offered += 1;
        if row < self.capacity as u64 {
            return Place::Append;
        }
        if row != self.next {
            return Place::Skip;
        }
        self.advance();
        Place::Replace(self.random.random_range(0..self.capacity as u64) as usize)
    }

    /// Rows offered so far.
    pub fn offered(&self) -> u64 {
        self.offered
    }

    fn advance(&mut self) {
        self.weight *= (self.uniform().ln() / self.capacity as f64).exp();
        let skip = (self.uniform().ln() / (-self.weight).ln_1p()).floor();
        // A cast from a float saturates; a skip beyond every file just ends the sampling.
        self.next = self.next.saturating_add(skip as u64).saturating_add(1);
    }

    /// Above 0, so that its logarithm is finite.
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
                Place::Append => sample.push(row),
                Place::Replace(index) => sample[index] = row,
                Place::Skip => {}
            }
        }
        sample
    }

    #[test]
    fn a_short_table_is_taken_whole_and_in_order() {
        assert_eq!(sample(10, 7, 1), (0..7).collect::<Vec<_>>());
    }

    #[test]
    fn the_same_seed_gives_the_same_sample() {
        assert_eq!(sample(20, 5000, 3), sample(20, 5000, 3));
        assert_ne!(sample(20, 5000, 3), sample(20, 5000, 4));
    }

    #[test]
    fn every_row_has_the_same_chance() {
        let mut counts = [0_u32; 100];
        for seed in 0..4000 {
            for row in sample(10, 100, seed) {
                counts[row] += 1;
            }
        }
        // 400 expected, deviation sqrt(4000 * 0.1 * 0.9) = 19: five deviations.
        assert!(counts.iter().all(|count| (305..=495).contains(count)), "{counts:?}");
    }
}
