//! A quadtree over the points of a map, and the repulsion that it approximates (Barnes and Hut 1986; van der Maaten
//! 2014).
//!
//! The points are sorted along a Morton curve, so that a cell is a range of them, and the cells lie in one array in
//! preorder, each with the number of the cell after its last descendant. Eight points that follow each other on the
//! curve walk through it together, one per lane: a cell is summarised only where it is small enough for all eight.

use wide::f32x8;

use pinhole_numerics::lanes::{LANES, load};

/// Bits of a coordinate in a Morton code: a map's extent is divided 65,536 times.
const BITS: u32 = 16;
/// Points of a cell that is not divided.
const LEAF_POINTS: usize = 8;
/// Square of the angle theta = 0.5: a cell whose width is less than theta times its distance stands for its points.
const SQUARED_ANGLE: f32 = 0.25;

/// A square of the map.
#[derive(Clone, Copy, Debug)]
struct Cell {
    /// Mean position of its points.
    centre: [f32; 2],
    /// Number of its points.
    mass: f32,
    /// Squared distance beyond which it stands for its points.
    squared_reach: f32,
    /// Number of the cell after its descendants.
    next: u32,
    /// Its points, in the order of the curve, if it is not divided; else empty.
    first: u32,
    last: u32,
}

/// The tree, and room for the next one.
#[derive(Clone, Debug, Default)]
pub struct Quadtree {
    cells: Vec<Cell>,
    /// Morton code and index of each point, sorted.
    keys: Vec<u64>,
    /// Positions in the order of the curve, the last one repeated to whole vectors.
    across: Vec<f32>,
    up: Vec<f32>,
}

/// Sums of repulsion of [`LANES`] points: of q² (y - y') and of q, with q = 1 / (1 + |y - y'|²).
struct Repulsion {
    across: f32x8,
    up: f32x8,
    normaliser: f32x8,
}

impl Quadtree {
    /// Takes new positions [points, 2], all finite.
    pub fn build(&mut self, positions: &[f32]) {
        let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for point in positions.as_chunks::<2>().0 {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        let extent = (high[0] - low[0]).max(high[1] - low[1]).max(f32::MIN_POSITIVE);
        let scale = ((1_u32 << BITS) - 1) as f32 / extent;
        self.keys.clear();
        self.keys.extend(positions.as_chunks::<2>().0.iter().enumerate().map(|(index, point)| {
            let [column, row] = [0, 1].map(|axis| spread(((point[axis] - low[axis]) * scale) as u32));
            u64::from(column | row << 1) << 32 | index as u64
        }));
        self.keys.sort_unstable();
        let padded = self.keys.len().next_multiple_of(LANES);
        for (axis, values) in [&mut self.across, &mut self.up].into_iter().enumerate() {
            values.clear();
            values.extend(self.keys.iter().map(|&key| positions[2 * (key as u32 as usize) + axis]));
            values.resize(padded, values.last().copied().unwrap_or_default());
        }
        self.cells.clear();
        self.divide(0, self.keys.len(), 0, extent);
    }

    /// Adds the cell of the points from `first` to `last`, whose codes agree in `level` pairs of bits, with all its
    /// descendants.
    fn divide(&mut self, first: usize, last: usize, level: u32, width: f32) {
        let mass = (last - first) as f32;
        let cell = self.cells.len();
        let is_leaf = last - first <= LEAF_POINTS || level == BITS;
        // A cell that cannot be divided stands for its points, however near they are.
        let is_point = level == BITS && last - first > LEAF_POINTS;
        let squared_reach = if is_point { -1.0 } else { width * width / SQUARED_ANGLE };
        let (first_point, last_point) = if is_leaf { (first, last) } else { (0, 0) };
        self.cells.push(Cell {
            centre: [0.0; 2],
            mass,
            squared_reach,
            next: 0,
            first: first_point as u32,
            last: last_point as u32,
        });
        let mut sums = [0.0_f32; 2];
        if is_leaf {
            sums = [&self.across, &self.up].map(|values| values[first..last].iter().sum());
        } else {
            let shift = 32 + 2 * (BITS - 1 - level);
            let mut start = first;
            for quadrant in 0..4 {
                let inside = |&key: &u64| key >> shift & 3 <= quadrant;
                let end = start + self.keys[start..last].partition_point(inside);
                if end > start {
                    let child = self.cells.len();
                    self.divide(start, end, level + 1, width / 2.0);
                    let child = &self.cells[child];
                    sums = [0, 1].map(|axis| sums[axis] + child.centre[axis] * child.mass);
                }
                start = end;
            }
        }
        let next = self.cells.len() as u32;
        let cell = &mut self.cells[cell];
        (cell.centre, cell.next) = (sums.map(|sum| sum / mass), next);
    }

    /// Number of groups of [`LANES`] points.
    pub const fn groups(&self) -> usize {
        self.across.len() / LANES
    }

    /// Writes the sum of q² (y - y') over all other points into `forces` [points, 2] for the points of a group.
    /// Returns the sum of q over them.
    pub fn repel(&self, group: usize, forces: &mut [f32]) -> f64 {
        let (across, up) = (load(&self.across[group * LANES..]), load(&self.up[group * LANES..]));
        let mut sums = Repulsion { across: f32x8::ZERO, up: f32x8::ZERO, normaliser: f32x8::ZERO };
        let mut index = 0;
        while let Some(cell) = self.cells.get(index) {
            let right = across - f32x8::splat(cell.centre[0]);
            let above = up - f32x8::splat(cell.centre[1]);
            let squares = right * right + above * above;
            if squares.simd_gt(f32x8::splat(cell.squared_reach)).all() {
                sums.add(right, above, squares, f32x8::splat(cell.mass));
                index = cell.next as usize;
            } else {
                for point in cell.first as usize..cell.last as usize {
                    let right = across - f32x8::splat(self.across[point]);
                    let above = up - f32x8::splat(self.up[point]);
                    sums.add(right, above, right * right + above * above, f32x8::ONE);
                }
                index += 1;
            }
        }
        let [across, up, normaliser] = [sums.across, sums.up, sums.normaliser].map(f32x8::to_array);
        let keys = &self.keys[group * LANES..self.keys.len().min((group + 1) * LANES)];
        let mut total = 0.0;
        for (lane, &key) in keys.iter().enumerate() {
            let point = key as u32 as usize;
            (forces[2 * point], forces[2 * point + 1]) = (across[lane], up[lane]);
            // Without the point itself, whose q is 1.
            total += f64::from(normaliser[lane] - 1.0);
        }
        total
    }
}

impl Repulsion {
    #[inline]
    fn add(&mut self, right: f32x8, above: f32x8, squares: f32x8, mass: f32x8) {
        let q = f32x8::ONE / (f32x8::ONE + squares);
        let weighted = q * mass;
        let force = weighted * q;
        self.normaliser += weighted;
        self.across += force * right;
        self.up += force * above;
    }
}

/// The low 16 bits, with a zero before each.
const fn spread(bits: u32) -> u32 {
    let bits = (bits | bits << 8) & 0x00FF_00FF;
    let bits = (bits | bits << 4) & 0x0F0F_0F0F;
    let bits = (bits | bits << 2) & 0x3333_3333;
    (bits | bits << 1) & 0x5555_5555
}

#[cfg(test)]
mod tests {
    use pinhole_numerics::random::{Stream, generator};
    use rand::RngExt;

    use super::*;

    /// Repulsion by its definition, in double precision: forces and normaliser.
    fn by_definition(positions: &[f32]) -> (Vec<f64>, f64) {
        let (mut forces, mut total) = (vec![0.0; positions.len()], 0.0);
        for (index, point) in positions.chunks_exact(2).enumerate() {
            for (other, target) in positions.chunks_exact(2).enumerate() {
                let [right, above] = [0, 1].map(|axis| f64::from(point[axis]) - f64::from(target[axis]));
                let q = 1.0 / (1.0 + right * right + above * above);
                forces[2 * index] += q * q * right;
                forces[2 * index + 1] += q * q * above;
                total += if other == index { 0.0 } else { q };
            }
        }
        (forces, total)
    }

    fn repulsion(positions: &[f32]) -> (Vec<f32>, f64) {
        let mut tree = Quadtree::default();
        tree.build(positions);
        let mut forces = vec![f32::NAN; positions.len()];
        let total = (0..tree.groups()).map(|group| tree.repel(group, &mut forces)).sum();
        (forces, total)
    }

    #[test]
    fn repulsion_is_near_to_the_definition() {
        let mut rng = generator(3, Stream::Measure, 0);
        for (count, extent) in [(1, 1.0), (7, 1e-4), (1_000, 1e-4), (1_000, 1.0), (1_503, 60.0)] {
            let positions: Vec<f32> = (0..2 * count).map(|_| rng.random_range(-extent..extent)).collect();
            let ((forces, total), (exact, exact_total)) = (repulsion(&positions), by_definition(&positions));
            assert!((total - exact_total).abs() <= 1e-2 * exact_total.max(1e-9), "{count}: {total}, {exact_total}");
            let error: f64 = forces.iter().zip(&exact).map(|(&force, exact)| (f64::from(force) - exact).powi(2)).sum();
            let size: f64 = exact.iter().map(|exact| exact * exact).sum();
            assert!(error.sqrt() <= 0.02 * size.sqrt().max(1e-9), "{count}, {extent}: {error} of {size}");
        }
    }

    #[test]
    fn coincident_points_end_the_division() {
        let (forces, total) = repulsion(&[1.0, 2.0].repeat(100));
        assert!(forces.iter().all(|force| force.abs() < 1e-3));
        assert!((total - 9_900.0).abs() < 1.0, "{total}");
    }
}
