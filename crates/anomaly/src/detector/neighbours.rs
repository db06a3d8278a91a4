//! Distance of a row to its k-th nearest training row, k = 5 (Ramaswamy, Rastogi and Shim 2000).

use pinhole_numerics::dense_rows::{COMPARED, squared_distances};

const NEIGHBOURS: usize = Neighbours::WANTED;
/// Most reference rows: more than 2,000 hardly change the ranking of the tables measured, and a row of 30 features
/// takes 60,000 multiplications.
pub(super) const MAX_REFERENCES: usize = 2_000;
/// Added to a distance: the logarithm of a distance of 0, to five equal rows, must not lie far below all others.
const TINY: f64 = 1e-6;

/// Reference rows, in blocks of [`COMPARED`] lanes.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    width: usize,
    count: usize,
    blocks: Vec<[f32; COMPARED]>,
}

impl Neighbours {
    /// k: the distance is that to the k-th nearest reference row.
    pub const WANTED: usize = 5;

    /// Neighbours among row-major reference rows.
    pub fn new(rows: &[f32], width: usize) -> Self {
        let count = rows.len().checked_div(width).unwrap_or(0);
        let mut blocks = vec![[f32::INFINITY; COMPARED]; count.div_ceil(COMPARED) * width];
        for (index, row) in rows.chunks_exact(width.max(1)).enumerate() {
            let start = index / COMPARED * width;
            for (block, &value) in blocks[start..start + width].iter_mut().zip(row) {
                block[index % COMPARED] = value;
            }
        }
        Self { width, count, blocks }
    }

    /// Euclidean distance to the fifth nearest reference row, or to the farthest if there are fewer.
    ///
    /// One reference row that equals the row is left out: it is taken for the row itself. A row that lacks features
    /// (NaN) is compared by those that it has, and its distance grows by what the others would add.
    pub fn distance(&self, row: &[f32]) -> f64 {
        let wanted = NEIGHBOURS.min(self.count.saturating_sub(1)).max(1);
        // One more than wanted, in case the row itself is among them; ascending.
        let mut nearest = [f32::INFINITY; NEIGHBOURS + 1];
        let present = row.iter().filter(|value| !value.is_nan()).count();
        for block in self.blocks.chunks_exact(self.width.max(1)) {
            let squares = if present == row.len() {
                squared_distances(block, row)
            } else {
                let scale = row.len() as f32 / present.max(1) as f32;
                squared_distances_of_present(block, row).map(|square| square * scale)
            };
            for square in squares {
                if square < nearest[NEIGHBOURS] {
                    insert(&mut nearest, square);
                }
            }
        }
        let is_itself = usize::from(nearest[0] == 0.0);
        let square = nearest[(wanted - 1 + is_itself).min(NEIGHBOURS)];
        let square = if square.is_finite() {
            square
        } else {
            nearest.iter().copied().filter(|square| square.is_finite()).fold(0.0, f32::max)
        };
        f64::from(square).sqrt() + TINY
    }
}

impl Neighbours {
    /// The `most` nearest reference rows, the nearest first: squared distances over the features that the row has, and
    /// indices. The reference row `except`, such as the row itself, is left out.
    pub fn nearest(&self, row: &[f32], most: usize, except: Option<usize>) -> Vec<(f32, usize)> {
        let is_whole = row.iter().all(|value| !value.is_nan());
        let mut nearest: Vec<(f32, usize)> = Vec::with_capacity(most + 1);
        for (index, block) in self.blocks.chunks_exact(self.width.max(1)).enumerate() {
            let squares =
                if is_whole { squared_distances(block, row) } else { squared_distances_of_present(block, row) };
            for (lane, square) in squares.into_iter().enumerate() {
                let reference = index * COMPARED + lane;
                let is_near = nearest.len() < most || nearest.last().is_some_and(|last| square < last.0);
                if is_near && reference < self.count && Some(reference) != except {
                    let place = nearest.partition_point(|near| near.0 <= square);
                    nearest.insert(place, (square, reference));
                    nearest.truncate(most);
                }
            }
        }
        nearest
    }

    /// Squared difference of each feature of a row from the nearest reference rows, summed over them; 0 where the row
    /// has none.
    pub fn squared_differences(&self, row: &[f32]) -> Vec<f32> {
        let mut sums = vec![0.0; self.width];
        for (_, reference) in self.nearest(row, NEIGHBOURS + 1, None) {
            let block = &self.blocks[reference / COMPARED * self.width..];
            for ((sum, lanes), &value) in sums.iter_mut().zip(block).zip(row).filter(|(_, value)| !value.is_nan()) {
                *sum += (lanes[reference % COMPARED] - value).powi(2);
            }
        }
        sums
    }
}

/// Squared distances over the features that a row has.
fn squared_distances_of_present(block: &[[f32; COMPARED]], row: &[f32]) -> [f32; COMPARED] {
    let mut squares = [0.0; COMPARED];
    for (references, &value) in block.iter().zip(row).filter(|(_, value)| !value.is_nan()) {
        for (square, reference) in squares.iter_mut().zip(references) {
            *square += (reference - value).powi(2);
        }
    }
    squares
}

/// Inserts a number into ascending ones; the last is dropped.
fn insert(ascending: &mut [f32; NEIGHBOURS + 1], value: f32) {
    let mut place = NEIGHBOURS;
    while place > 0 && ascending[place - 1] > value {
        ascending[place] = ascending[place - 1];
        place -= 1;
    }
    ascending[place] = value;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows at 0, 1, 2, … on a line.
    fn line(count: usize) -> Neighbours {
        let rows: Vec<f32> = (0..count).flat_map(|index| [index as f32, 0.0]).collect();
        Neighbours::new(&rows, 2)
    }

    fn distance(neighbours: &Neighbours, row: [f32; 2]) -> f64 {
        neighbours.distance(&row) - TINY
    }

    #[test]
    fn the_fifth_nearest_counts() {
        assert!((distance(&line(40), [-1.0, 0.0]) - 5.0).abs() < 1e-6);
        assert!(
            (distance(&line(40), [20.0, 3.0]) - 13.0_f64.sqrt()).abs() < 1e-6,
            "distances 0, 1, 1, 2, 2 along the line"
        );
    }

    #[test]
    fn a_reference_is_not_its_own_neighbour() {
        assert!((distance(&line(40), [0.0, 0.0]) - 5.0).abs() < 1e-6);
    }

    #[test]
    fn a_row_is_compared_by_the_features_that_it_has() {
        let whole = distance(&line(40), [-1.0, 0.0]);
        assert!((distance(&line(40), [-1.0, f32::NAN]) - whole * 2.0_f64.sqrt()).abs() < 1e-5);
        assert!(line(40).distance(&[f32::NAN; 2]).is_finite());
    }

    #[test]
    fn few_references_give_the_farthest_that_there_is() {
        assert!((distance(&line(3), [10.0, 0.0]) - 9.0).abs() < 1e-6);
        assert!(line(1).distance(&[4.0, 0.0]).is_finite());
        assert!(Neighbours::new(&[], 2).distance(&[4.0, 0.0]).is_finite());
    }
}
