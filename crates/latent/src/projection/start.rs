//! Starts of a layout, and of new points on it.

use pinhole_numerics::{
    moments::mean_and_deviation,
    random::{Stream, generator},
};
use rand::RngExt;

/// Share of the deviation by which a start is disturbed, so that equal vectors do not start on one another.
const NOISE: f32 = 0.01;

/// `positions` [points, 2] scaled to a standard deviation of `deviation` across, and disturbed a little; points that
/// are all in one place are drawn with that deviation.
pub fn scaled(positions: &[f32], deviation: f32, seed: u64) -> Vec<f32> {
    let across: Vec<f64> = positions.chunks_exact(2).map(|point| f64::from(point[0])).collect();
    let (_, found) = mean_and_deviation(&across);
    let (scale, noise) =
        if found > 0.0 { ((f64::from(deviation) / found) as f32, NOISE * deviation) } else { (0.0, deviation) };
    let mut rng = generator(seed, Stream::Projection, 0);
    positions.iter().map(|position| position * scale + noise * rng.random_range(-1.0..1.0_f32)).collect()
}

/// Position of a new point among `map`'s: that of a neighbour at no distance, or else the mean of its neighbours' by
/// their weights. The nearest comes first.
pub fn among_neighbours(neighbours: &[u32], distances: &[f32], weights: &[f32], map: &[[f32; 2]]) -> [f32; 2] {
    if distances[0] == 0.0 {
        return map[neighbours[0] as usize];
    }
    let total: f32 = weights.iter().sum();
    let mut mean = [0.0; 2];
    for (&neighbour, weight) in neighbours.iter().zip(weights) {
        let position = map[neighbour as usize];
        mean = [0, 1].map(|axis| mean[axis] + weight / total * position[axis]);
    }
    mean
}
