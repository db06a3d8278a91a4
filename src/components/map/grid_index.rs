//! Points in the cells of a grid, so that those near a place are found among a million.

use std::rc::Rc;

use pinhole_protocol::Floats;

use super::viewport::Extent;

/// Mean number of points per cell.
const PER_CELL: usize = 4;

/// Most cells along each side.
const MAX_SIDE: usize = 1_024;

/// Direction of an arrow key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Left,
    Right,
    Up,
    Down,
}

/// Index of points by cells.
pub struct GridIndex {
    positions: Rc<Floats>,
    extent: Extent,
    side: usize,
    /// Where the points of each cell begin in `points`, and one more for the end.
    starts: Vec<u32>,
    /// Indices of points, cell by cell.
    points: Vec<u32>,
}

impl GridIndex {
    /// Sorts points, [horizontal, vertical] of each, into cells; those that are not finite are left out.
    pub fn new(positions: Rc<Floats>) -> Self {
        let extent = Extent::of(&positions.0);
        let count = positions.0.len() / 2;
        let side = ((count / PER_CELL) as f64).sqrt().ceil().clamp(1.0, MAX_SIDE as f64) as usize;
        let mut index = Self { positions, extent, side, starts: vec![0; side * side + 1], points: Vec::new() };
        let cells: Vec<Option<usize>> = (0..count).map(|point| index.cell_of(index.position(point))).collect();
        for cell in cells.iter().flatten() {
            index.starts[cell + 1] += 1;
        }
        for cell in 0..side * side {
            index.starts[cell + 1] += index.starts[cell];
        }
        let mut next = index.starts.clone();
        let mut points = vec![0; cells.iter().flatten().count()];
        for (point, cell) in cells.into_iter().enumerate() {
            if let Some(cell) = cell {
                points[next[cell] as usize] = point as u32;
                next[cell] += 1;
            }
        }
        index.points = points;
        index
    }

    /// Extent of all points.
    #[cfg(test)]
    pub const fn extent(&self) -> Extent {
        self.extent
    }

    /// Position of a point.
    pub fn position(&self, point: usize) -> [f32; 2] {
        [self.positions.0[2 * point], self.positions.0[2 * point + 1]]
    }

    fn cell_of(&self, position: [f32; 2]) -> Option<usize> {
        let is_finite = position.iter().all(|value| value.is_finite());
        is_finite.then(|| self.column(1, position[1]) * self.side + self.column(0, position[0]))
    }

    /// Row or column of a value of that axis, within the grid.
    fn column(&self, axis: usize, value: f32) -> usize {
        let share = (value - self.extent.low[axis]) / self.extent.size()[axis];
        ((share * self.side as f32) as usize).min(self.side - 1)
    }

    /// Points in a rectangle.
    pub fn within(&self, rectangle: Extent) -> impl Iterator<Item = usize> {
        let Extent { low, high } = rectangle;
        let is_apart = (0..2).any(|axis| low[axis] > self.extent.high[axis] || high[axis] < self.extent.low[axis]);
        let rows = if is_apart { 0..0 } else { self.column(1, low[1])..self.column(1, high[1]) + 1 };
        let (first, last) = (self.column(0, low[0]), self.column(0, high[0]));
        rows.flat_map(move |row| {
            let from = self.starts[row * self.side + first] as usize;
            let to = self.starts[row * self.side + last + 1] as usize;
            self.points[from..to].iter().map(|point| *point as usize)
        })
        .filter(move |point| {
            let position = self.position(*point);
            (0..2).all(|axis| (low[axis]..=high[axis]).contains(&position[axis]))
        })
    }

    /// The point nearest to a place, at most `radius` pixels away, where a unit of each axis has `scale` pixels.
    pub fn nearest(&self, at: [f32; 2], radius: f64, scale: [f64; 2]) -> Option<usize> {
        let squared = |point: &usize| squared_distance(self.position(*point), at, scale);
        self.within(square(at, radius, scale))
            .map(|point| (point, squared(&point)))
            .filter(|(_, distance)| *distance <= radius * radius)
            .min_by(|one, two| one.1.total_cmp(&two.1))
            .map(|(point, _)| point)
    }

    /// The nearest point in a direction from another, within 45 degrees of it.
    pub fn neighbour(&self, from: usize, direction: Direction, scale: [f64; 2]) -> Option<usize> {
        let at = self.position(from);
        let along = |point: usize| {
            let position = self.position(point);
            let [across, up] = [0, 1].map(|axis| f64::from(position[axis] - at[axis]) * scale[axis]);
            let (ahead, aside) = match direction {
                Direction::Left => (-across, up),
                Direction::Right => (across, up),
                Direction::Up => (up, across),
                Direction::Down => (-up, across),
            };
            (ahead > 0.0 && aside.abs() <= ahead).then_some(across * across + up * up)
        };
        let size = self.extent.size();
        let farthest = (f64::from(size[0]) * scale[0]).hypot(f64::from(size[1]) * scale[1]);
        let mut radius = 8.0;
        loop {
            let nearest = self
                .within(square(at, radius, scale))
                .filter_map(|point| along(point).map(|distance| (point, distance)))
                .min_by(|one, two| one.1.total_cmp(&two.1));
            // One beyond the radius may have a nearer one outside the square.
            match nearest {
                Some((point, distance)) if distance <= radius * radius || radius > farthest => return Some(point),
                None if radius > farthest => return None,
                _ => radius *= 2.0,
            }
        }
    }

    /// Points within an outline, ascending: a polygon that is closed by itself.
    pub fn within_outline(&self, outline: &[[f32; 2]]) -> Vec<usize> {
        let flat: Vec<f32> = outline.iter().flatten().copied().collect();
        let mut points: Vec<usize> =
            self.within(Extent::of(&flat)).filter(|point| is_within(self.position(*point), outline)).collect();
        points.sort_unstable();
        points
    }
}

/// Square of pixels about a place.
fn square(at: [f32; 2], radius: f64, scale: [f64; 2]) -> Extent {
    let reach = scale.map(|scale| (radius / scale) as f32);
    Extent { low: [at[0] - reach[0], at[1] - reach[1]], high: [at[0] + reach[0], at[1] + reach[1]] }
}

fn squared_distance(one: [f32; 2], two: [f32; 2], scale: [f64; 2]) -> f64 {
    (0..2).map(|axis| (f64::from(one[axis] - two[axis]) * scale[axis]).powi(2)).sum()
}

/// True if a ray from the position crosses the outline an odd number of times.
fn is_within([across, up]: [f32; 2], outline: &[[f32; 2]]) -> bool {
    let mut is_inside = false;
    let mut before = match outline.last() {
        Some(last) => *last,
        None => return false,
    };
    for corner in outline {
        if (corner[1] > up) != (before[1] > up) {
            let crossing = (before[0] - corner[0]) * (up - corner[1]) / (before[1] - corner[1]) + corner[0];
            is_inside ^= across < crossing;
        }
        before = *corner;
    }
    is_inside
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const SCALE: [f64; 2] = [10.0, 10.0];

    /// A lattice of 20 x 20 points, one unit apart, and one point that is none.
    fn lattice() -> GridIndex {
        let points = (0..400).flat_map(|index| [(index % 20) as f32, (index / 20) as f32]);
        GridIndex::new(Rc::new(Floats(points.chain([f32::NAN, 1.0]).collect())))
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_nearest_point_is_found_within_a_radius() {
        let index = lattice();
        assert_eq!(index.nearest([3.2, 4.1], 5.0, SCALE), Some(83));
        assert_eq!(index.nearest([3.4, 4.4], 5.0, SCALE), None, "it is 5.7 pixels away");
        assert_eq!(index.nearest([30.0, 4.0], 5.0, SCALE), None);
        // As by comparing with all.
        for step in 0..200 {
            let at = [step as f32 * 0.37 % 19.0, step as f32 * 0.73 % 19.0];
            let all = (0..400).min_by(|one, two| {
                let distance = |point: &usize| squared_distance(index.position(*point), at, SCALE);
                distance(one).total_cmp(&distance(two))
            });
            assert_eq!(index.nearest(at, 20.0, SCALE), all, "{at:?}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn arrows_lead_to_neighbours() {
        let index = lattice();
        let next = |direction| index.neighbour(105, direction, SCALE);
        let directions = [Direction::Left, Direction::Right, Direction::Up, Direction::Down];
        assert_eq!(directions.map(next), [Some(104), Some(106), Some(125), Some(85)]);
        assert_eq!(index.neighbour(0, Direction::Left, SCALE), None, "it is the leftmost");
        let two = GridIndex::new(Rc::new(Floats(vec![0.0, 0.0, 1_000.0, 900.0])));
        assert_eq!(two.neighbour(0, Direction::Right, SCALE), Some(1), "however far");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_outline_selects_what_is_within() {
        let index = lattice();
        let triangle = [[-0.5, -0.5], [3.2, -0.5], [-0.5, 3.2]];
        assert_eq!(index.within_outline(&triangle), [0, 1, 2, 20, 21, 40]);
        // The notch of a horseshoe is outside.
        let horseshoe =
            [[0.5, 0.5], [4.5, 0.5], [4.5, 3.5], [3.5, 3.5], [3.5, 1.5], [1.5, 1.5], [1.5, 3.5], [0.5, 3.5]];
        assert_eq!(index.within_outline(&horseshoe), [21, 22, 23, 24, 41, 44, 61, 64]);
        assert!(index.within_outline(&[]).is_empty() && index.within_outline(&[[50.0, 50.0], [60.0, 60.0]]).is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn equal_points_are_points() {
        let index = GridIndex::new(Rc::new(Floats(vec![2.0; 20])));
        assert!(index.nearest([2.0, 2.0], 1.0, SCALE).is_some());
        assert_eq!(index.neighbour(3, Direction::Up, SCALE), None);
        assert_eq!(GridIndex::new(Rc::default()).nearest([0.0, 0.0], 9.0, SCALE), None);
    }
}
