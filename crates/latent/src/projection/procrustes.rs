//! Procrustes alignment of maps (Schönemann 1966), so that a map that was computed anew stays put.

use crate::LatentError;

/// Transformation of a map: a rotation or reflection, a scale and a translation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alignment {
    /// Rows of the rotation or reflection, times the scale.
    matrix: [[f64; 2]; 2],
    /// Centre of the map that is moved.
    from: [f64; 2],
    /// Centre of the map that it is moved onto.
    to: [f64; 2],
}

/// Freedom of an alignment, beside rotation and reflection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freedom {
    /// True if the map may be scaled.
    pub scale: bool,
    /// True if the map may be translated.
    pub translation: bool,
}

impl Alignment {
    /// The alignment that brings `map` nearest to `reference`, in the sum of squared distances. Both have one position
    /// [horizontal, vertical] for each of the same points.
    ///
    /// # Errors
    /// When the maps have different numbers of points.
    pub fn new(map: &[f32], reference: &[f32], freedom: Freedom) -> Result<Self, LatentError> {
        if map.len() != reference.len() {
            return Err(LatentError::OtherCount(map.len() / 2, reference.len() / 2));
        }
        let centre = |positions| if freedom.translation { centroid(positions) } else { [0.0; 2] };
        let (from, to) = (centre(map), centre(reference));
        // Sums of products of the centred positions, horizontal and vertical.
        let (mut sums, mut square) = ([[0.0; 2]; 2], 0.0);
        for (point, target) in map.chunks_exact(2).zip(reference.chunks_exact(2)) {
            let point = [f64::from(point[0]) - from[0], f64::from(point[1]) - from[1]];
            let target = [f64::from(target[0]) - to[0], f64::from(target[1]) - to[1]];
            for (line, target) in sums.iter_mut().zip(target) {
                line[0] += target * point[0];
                line[1] += target * point[1];
            }
            square += point[0] * point[0] + point[1] * point[1];
        }
        let rotation = [sums[0][0] + sums[1][1], sums[1][0] - sums[0][1]];
        let reflection = [sums[0][0] - sums[1][1], sums[1][0] + sums[0][1]];
        let length = |[cosine, sine]: [f64; 2]| (cosine * cosine + sine * sine).sqrt();
        let is_reflected = length(reflection) > length(rotation);
        let best = if is_reflected { reflection } else { rotation };
        let overlap = length(best);
        // A map without extent, or unlike the reference in every turn, stays as it is.
        let [cosine, sine] = if overlap > 0.0 { best.map(|value| value / overlap) } else { [1.0, 0.0] };
        let scale = if freedom.scale && square > 0.0 && overlap > 0.0 { overlap / square } else { 1.0 };
        let mirror = if is_reflected { -1.0 } else { 1.0 };
        let matrix = [[cosine * scale, -sine * mirror * scale], [sine * scale, cosine * mirror * scale]];
        Ok(Self { matrix, from, to })
    }

    /// Moves positions [horizontal, vertical].
    pub fn apply(&self, positions: &mut [f32]) {
        for position in positions.chunks_exact_mut(2) {
            let point = [f64::from(position[0]) - self.from[0], f64::from(position[1]) - self.from[1]];
            for ((value, line), to) in position.iter_mut().zip(&self.matrix).zip(self.to) {
                *value = (line[0] * point[0] + line[1] * point[1] + to) as f32;
            }
        }
    }
}

/// Mean position; the origin if there is none.
fn centroid(positions: &[f32]) -> [f64; 2] {
    let count = (positions.len() / 2).max(1) as f64;
    let mut sums = [0.0; 2];
    for position in positions.chunks_exact(2) {
        sums[0] += f64::from(position[0]);
        sums[1] += f64::from(position[1]);
    }
    sums.map(|sum| sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: [f32; 8] = [0.0, 0.0, 2.0, 0.5, 1.0, 3.0, -1.0, 1.0];

    /// The map after a rotation by `angle`, a reflection, a scale and a translation.
    fn moved(angle: f32, mirror: f32, scale: f32, [right, up]: [f32; 2]) -> Vec<f32> {
        let (sine, cosine) = angle.sin_cos();
        let turn = |x: f32, y: f32| [cosine * x - sine * y * mirror, sine * x + cosine * y * mirror];
        MAP.chunks_exact(2)
            .flat_map(|point| {
                let [x, y] = turn(point[0], point[1]);
                [scale * x + right, scale * y + up]
            })
            .collect()
    }

    fn distance(map: &[f32], reference: &[f32]) -> f32 {
        map.iter().zip(reference).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn a_turned_mirrored_and_scaled_map_is_brought_back() {
        for mirror in [1.0, -1.0] {
            let mut map = moved(2.1, mirror, 1.0, [0.0; 2]);
            Alignment::new(&map, &MAP, Freedom::default()).expect("as many points").apply(&mut map);
            assert!(distance(&map, &MAP) < 1e-5, "rotation, mirror {mirror}");
            let mut map = moved(-0.7, mirror, 3.0, [5.0, -2.0]);
            let freedom = Freedom { scale: true, translation: true };
            Alignment::new(&map, &MAP, freedom).expect("as many points").apply(&mut map);
            assert!(distance(&map, &MAP) < 1e-5, "all, mirror {mirror}");
        }
    }

    #[test]
    fn maps_without_extent_stay_finite() {
        let mut map = [1.0; 8];
        let freedom = Freedom { scale: true, translation: true };
        Alignment::new(&map, &MAP, freedom).expect("as many points").apply(&mut map);
        assert!(distance(&map, &[0.5, 1.125].repeat(4)) < 1e-6);
        let error = Alignment::new(&map[..6], &MAP, freedom).expect_err("a point is missing");
        assert_eq!(error.to_string(), "Maps of 3 and 4 points cannot be aligned: both must show the same points.");
    }
}
