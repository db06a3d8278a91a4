//! Contours of the density of points: a histogram, smoothed, and cut by marching squares (Lorensen and Cline 1987, in two
//! dimensions).

use super::viewport::Extent;

/// Cells of the histogram along each side.
const SIDE: usize = 96;

/// Radius of the moving mean that smooths it, in cells; three passes of it are nearly a Gaussian.
const RADIUS: usize = 2;

/// Shares of the points that the contours enclose.
const ENCLOSED: [f32; 4] = [0.25, 0.5, 0.75, 0.95];

/// Line from one position to another.
pub type Segment = [[f32; 2]; 2];

/// Contours about the densest quarter, half, three quarters and 95 % of the points, as segments.
pub fn contours(positions: &[f32]) -> Vec<Segment> {
    let extent = widened(Extent::of(positions));
    let density = smoothed(histogram(positions, extent));
    levels(&density)
        .into_iter()
        .flat_map(|level| march(&density, level))
        .map(|segment| placed(segment, extent))
        .collect()
}

/// Extent with room for the outermost contour.
fn widened(extent: Extent) -> Extent {
    let room = extent.size().map(|side| side * 0.08);
    Extent {
        low: [extent.low[0] - room[0], extent.low[1] - room[1]],
        high: [extent.high[0] + room[0], extent.high[1] + room[1]],
    }
}

fn histogram(positions: &[f32], extent: Extent) -> Vec<f32> {
    let mut cells = vec![0.0; SIDE * SIDE];
    let size = extent.size();
    for [across, up] in positions.as_chunks::<2>().0 {
        if across.is_finite() && up.is_finite() {
            let column = |value: f32, axis: usize| {
                (((value - extent.low[axis]) / size[axis] * SIDE as f32) as usize).min(SIDE - 1)
            };
            cells[column(*up, 1) * SIDE + column(*across, 0)] += 1.0;
        }
    }
    cells
}

/// Moving means along both axes, thrice.
fn smoothed(mut cells: Vec<f32>) -> Vec<f32> {
    for _ in 0..3 {
        for (step, stride) in [(1, SIDE), (SIDE, 1)] {
            let before = cells.clone();
            for line in 0..SIDE {
                for place in 0..SIDE {
                    let window = place.saturating_sub(RADIUS)..(place + RADIUS + 1).min(SIDE);
                    let sum: f32 = window.map(|other| before[line * stride + other * step]).sum();
                    cells[line * stride + place * step] = sum / (2 * RADIUS + 1) as f32;
                }
            }
        }
    }
    cells
}

/// Density above which the cells hold each share of the points.
fn levels(density: &[f32]) -> Vec<f32> {
    let mut sorted = density.to_vec();
    sorted.sort_by(|one, two| two.total_cmp(one));
    let total: f32 = sorted.iter().sum();
    let level = |share: f32| {
        let mut sum = 0.0;
        sorted.iter().copied().find(|cell| {
            sum += cell;
            sum >= share * total
        })
    };
    if total > 0.0 { ENCLOSED.into_iter().filter_map(level).filter(|level| *level > 0.0).collect() } else { Vec::new() }
}

/// Lines between densities below and above a level, in units of cells from the middle of the first.
fn march(density: &[f32], level: f32) -> Vec<Segment> {
    let mut segments = Vec::new();
    for row in 0..SIDE - 1 {
        for column in 0..SIDE - 1 {
            let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(right, up)| {
                (density[(row + up) * SIDE + column + right], [(column + right) as f32, (row + up) as f32])
            });
            // Where each side of the square is crossed, in the order of its sides.
            let crossings: Vec<[f32; 2]> = (0..4)
                .filter_map(|side| {
                    let ((one, from), (two, to)) = (corners[side], corners[(side + 1) % 4]);
                    let share = (level - one) / (two - one);
                    ((one >= level) != (two >= level))
                        .then(|| [0, 1].map(|axis| (to[axis] - from[axis]).mul_add(share, from[axis])))
                })
                .collect();
            let (pairs, _) = crossings.as_chunks::<2>();
            segments.extend_from_slice(pairs);
        }
    }
    segments
}

fn placed(segment: Segment, extent: Extent) -> Segment {
    let size = extent.size();
    segment.map(|point| [0, 1].map(|axis| ((point[axis] + 0.5) / SIDE as f32).mul_add(size[axis], extent.low[axis])))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// Points that fill a disc about a place evenly, on a spiral.
    fn disc(centre: [f32; 2], count: usize) -> impl Iterator<Item = f32> {
        (0..count).flat_map(move |index| {
            let (radius, angle) = ((index as f32 / count as f32).sqrt(), index as f32 * 2.4);
            [radius.mul_add(angle.cos(), centre[0]), radius.mul_add(angle.sin(), centre[1])]
        })
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_disc_has_a_round_contour() {
        let points: Vec<f32> = disc([0.0, 0.0], 20_000).collect();
        let segments = contours(&points);
        let radii: Vec<f32> = segments.iter().flatten().map(|[across, up]| across.hypot(*up)).collect();
        let outermost = radii.iter().copied().fold(0.0, f32::max);
        assert!((0.9..1.15).contains(&outermost), "{outermost}");
        assert!(segments.iter().all(|[one, two]| (one[0] - two[0]).hypot(one[1] - two[1]) < 0.1), "short lines");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn two_clusters_are_enclosed_apart() {
        let points: Vec<f32> = disc([-4.0, 0.0], 3_000).chain(disc([4.0, 0.0], 3_000)).collect();
        let segments = contours(&points);
        assert!(segments.iter().flatten().all(|point| point[0].abs() > 2.0), "nothing between them");
        assert!(segments.iter().flatten().any(|point| point[0] < 0.0) && segments.iter().flatten().any(|p| p[0] > 0.0));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn no_points_have_no_contours() {
        assert!(contours(&[]).is_empty() && contours(&[f32::NAN; 4]).is_empty());
    }
}
