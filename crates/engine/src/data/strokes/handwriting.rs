//! Random variation of handwriting: each writing of a shape differs from the next.

use rand::RngExt;
use rand_pcg::Pcg32;

use super::shapes::Shape;

/// Straight segments between two knots of a curve.
const SEGMENTS: usize = 5;

/// A point of the pen's path; `pressure` is a factor on the pen's width.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) pressure: f32,
}

/// Distortion of one writing of a shape: an affine map (slant, proportion, rotation) and a polynomial warp of degree 3.
///
/// Computed with arithmetic and square roots only, whose results are the same on every machine: no sine, no
/// exponential.
struct Distortion {
    stretch: f32,
    slant: f32,
    /// Cosine and sine of the rotation.
    rotation: [f32; 2],
    /// Coefficients of x², xy, y², and of x³ or y³ of the other axis, for x and for y.
    warp: [[f32; 4]; 2],
}

impl Distortion {
    fn draw(rng: &mut Pcg32) -> Self {
        // Cosine and sine from the tangent of half the angle, without trigonometry.
        let half = 0.055 * nearly_normal(rng);
        let scale = 1.0 / (1.0 + half * half);
        let mut warp = || {
            [0.14 * nearly_normal(rng), 0.22 * nearly_normal(rng), 0.16 * nearly_normal(rng), 0.32 * nearly_normal(rng)]
        };
        Self {
            warp: [warp(), warp()],
            stretch: 1.1 + 0.2 * nearly_normal(rng),
            slant: 0.13 + 0.28 * nearly_normal(rng),
            rotation: [(1.0 - half * half) * scale, 2.0 * half * scale],
        }
    }

    /// Shift to the right of an upright stroke per unit of its height. Coordinates count downwards.
    fn upright_slant(&self) -> f32 {
        let [cosine, sine] = self.rotation;
        (self.slant * cosine + sine) / (cosine - self.slant * sine)
    }

    /// Maps a point whose coordinates are about -0.5 to 0.5.
    fn apply(&self, x: f32, y: f32) -> (f32, f32) {
        let warped = |[xx, xy, yy, cubic]: [f32; 4], along: f32| {
            xx * x * x + xy * x * y + yy * y * y + cubic * along * along * along
        };
        let (x, y) = (x + warped(self.warp[0], y), y + warped(self.warp[1], x));
        let x = self.stretch * x - self.slant * y;
        let [cosine, sine] = self.rotation;
        (cosine * x - sine * y, sine * x + cosine * y)
    }
}

/// One writing of a shape.
pub(super) struct Writing {
    /// Paths as polylines, in arbitrary position and size.
    pub(super) paths: Vec<Vec<Point>>,
    /// Shift to the right of an upright stroke per unit of its height, before the warp.
    pub(super) slant: f32,
}

/// Writes a shape once.
pub(super) fn write(shape: &Shape, rng: &mut Pcg32) -> Writing {
    let distortion = Distortion::draw(rng);
    let paths = shape
        .paths
        .iter()
        .map(|path| {
            let mut knots: Vec<(Point, bool)> = path
                .iter()
                .enumerate()
                .map(|(index, knot)| {
                    // The ends of a path vary more than its other knots.
                    let tremor = if index == 0 || index + 1 == path.len() { 0.055 } else { 0.036 };
                    let (x, y) = (
                        knot.x / 100.0 - 0.35 + tremor * nearly_normal(rng),
                        knot.y / 100.0 - 0.5 + tremor * nearly_normal(rng),
                    );
                    let (x, y) = distortion.apply(x, y);
                    (Point { x, y, pressure: 1.0 + 0.12 * nearly_normal(rng) }, knot.is_corner)
                })
                .collect();
            if let [(first, _), .., (last, _)] = knots.as_mut_slice() {
                first.pressure *= 0.9;
                last.pressure *= 0.85;
            }
            polyline(&knots)
        })
        .collect();
    Writing { paths, slant: distortion.upright_slant() }
}

/// Polyline along a Catmull-Rom curve through the knots; at a corner the curve has no common tangent.
fn polyline(knots: &[(Point, bool)]) -> Vec<Point> {
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
        for segment in 1..=SEGMENTS {
            let t = segment as f32 / SEGMENTS as f32;
            // Cubic Hermite basis.
            let (to_weight, start_weight, end_weight) =
                (t * t * (3.0 - 2.0 * t), t * (1.0 - t) * (1.0 - t), t * t * (t - 1.0));
            points.push(Point {
                x: from.x + to_weight * chord.0 + start_weight * start.0 + end_weight * end.0,
                y: from.y + to_weight * chord.1 + start_weight * start.1 + end_weight * end.1,
                pressure: from.pressure + t * (to.pressure - from.pressure),
            });
        }
    }
    points
}

/// A random number of mean 0 and standard deviation 1 within -3 to 3 (Irwin-Hall of three uniform numbers): nearly
/// normal, without tails that would distort a digit beyond recognition.
pub(super) fn nearly_normal(rng: &mut Pcg32) -> f32 {
    (rng.random::<f32>() + rng.random::<f32>() + rng.random::<f32>() - 1.5) * 2.0
}
