//! A hand: how one writing of a shape differs from the next.

use rand::RngExt;
use rand_pcg::Pcg32;

use super::shapes::Shape;

/// Straight pieces between two knots of a curve.
const PIECES: usize = 5;

/// A point of the pen's path, and how hard the pen is pressed there: a factor on its width.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) pressure: f32,
}

/// How one writing bends a shape: an affine map (slant, proportion, rotation) and a smooth warp of low degree.
///
/// Only arithmetic and square roots, whose results are the same on every machine: no sine, no exponential.
struct Bend {
    stretch: f32,
    slant: f32,
    /// Cosine and sine.
    turn: [f32; 2],
    /// Coefficients of x², xy, y², and of x³ or y³ along the other axis, for x and for y.
    warp: [[f32; 4]; 2],
}

impl Bend {
    fn draw(rng: &mut Pcg32) -> Self {
        // Half the angle's tangent gives its cosine and sine without trigonometry.
        let half = 0.055 * bell(rng);
        let scale = 1.0 / (1.0 + half * half);
        let mut warp = || [0.14 * bell(rng), 0.22 * bell(rng), 0.16 * bell(rng), 0.32 * bell(rng)];
        Self {
            warp: [warp(), warp()],
            stretch: 1.1 + 0.2 * bell(rng),
            slant: 0.13 + 0.28 * bell(rng),
            turn: [(1.0 - half * half) * scale, 2.0 * half * scale],
        }
    }

    /// Maps a point whose coordinates are about -0.5 to 0.5.
    fn apply(&self, x: f32, y: f32) -> (f32, f32) {
        let warped = |[xx, xy, yy, cubic]: [f32; 4], along: f32| {
            xx * x * x + xy * x * y + yy * y * y + cubic * along * along * along
        };
        let (x, y) = (x + warped(self.warp[0], y), y + warped(self.warp[1], x));
        let x = self.stretch * x - self.slant * y;
        let [cosine, sine] = self.turn;
        (cosine * x - sine * y, sine * x + cosine * y)
    }
}

/// Writes a shape once: its paths as chains of straight pieces, in no particular place or size.
pub(super) fn write(shape: &Shape, rng: &mut Pcg32) -> Vec<Vec<Point>> {
    let bend = Bend::draw(rng);
    shape
        .paths
        .iter()
        .map(|path| {
            let mut knots: Vec<(Point, bool)> = path
                .iter()
                .enumerate()
                .map(|(index, knot)| {
                    // The pen lands and lifts less precisely than it moves.
                    let tremor = if index == 0 || index + 1 == path.len() { 0.055 } else { 0.036 };
                    let (x, y) =
                        (knot.x / 100.0 - 0.35 + tremor * bell(rng), knot.y / 100.0 - 0.5 + tremor * bell(rng));
                    let (x, y) = bend.apply(x, y);
                    (Point { x, y, pressure: 1.0 + 0.12 * bell(rng) }, knot.is_corner)
                })
                .collect();
            if let [(first, _), .., (last, _)] = knots.as_mut_slice() {
                first.pressure *= 0.9;
                last.pressure *= 0.85;
            }
            flatten(&knots)
        })
        .collect()
}

/// Straight pieces along a Catmull-Rom curve through the knots; a corner has no tangent.
fn flatten(knots: &[(Point, bool)]) -> Vec<Point> {
    let tangent = |index: usize| match knots {
        _ if index == 0 || index + 1 == knots.len() || knots[index].1 => None,
        _ => Some((
            (knots[index + 1].0.x - knots[index - 1].0.x) / 2.0,
            (knots[index + 1].0.y - knots[index - 1].0.y) / 2.0,
        )),
    };
    let mut points: Vec<Point> = knots.first().map(|knot| knot.0).into_iter().collect();
    for (index, pair) in knots.windows(2).enumerate() {
        let (from, to) = (pair[0].0, pair[1].0);
        let chord = (to.x - from.x, to.y - from.y);
        let start = tangent(index).unwrap_or(chord);
        let end = tangent(index + 1).unwrap_or(chord);
        for piece in 1..=PIECES {
            let t = piece as f32 / PIECES as f32;
            // Hermite's basis.
            let (to_share, start_share, end_share) =
                (t * t * (3.0 - 2.0 * t), t * (1.0 - t) * (1.0 - t), t * t * (t - 1.0));
            points.push(Point {
                x: from.x + to_share * chord.0 + start_share * start.0 + end_share * end.0,
                y: from.y + to_share * chord.1 + start_share * start.1 + end_share * end.1,
                pressure: from.pressure + t * (to.pressure - from.pressure),
            });
        }
    }
    points
}

/// A number of mean 0 and deviation 1 that never lies beyond 3: a bell without the tails that would tear a digit apart.
pub(super) fn bell(rng: &mut Pcg32) -> f32 {
    (rng.random::<f32>() + rng.random::<f32>() + rng.random::<f32>() - 1.5) * 2.0
}
