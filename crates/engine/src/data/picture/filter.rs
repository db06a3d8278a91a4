//! Filters over rectangular windows, each axis by itself.

use std::collections::VecDeque;

use crate::data::resample::Size;

/// Mean over a square of 2 `radius` + 1 pixels; beyond the edge, the edge's pixels are repeated.
pub(super) fn mean(plane: &[f32], size: Size, radius: usize) -> Vec<f32> {
    separable(plane, size, |line| {
        let last = line.len() - 1;
        let at = |index: usize| f64::from(line[index.saturating_sub(radius).min(last)]);
        let window = 2 * radius + 1;
        let mut sum: f64 = (0..window).map(at).sum();
        (0..line.len())
            .map(|index| {
                let value = sum / window as f64;
                sum += at(index + window) - at(index);
                value as f32
            })
            .collect()
    })
}

/// Largest value of a square of 2 `radius` + 1 pixels, as far as it lies in the picture.
pub(super) fn maximum(plane: &[f32], size: Size, radius: usize) -> Vec<f32> {
    separable(plane, size, |line| running_maximum(line, radius))
}

/// Smallest value of a square of 2 `radius` + 1 pixels, as far as it lies in the picture.
pub(super) fn minimum(plane: &[f32], size: Size, radius: usize) -> Vec<f32> {
    let negative: Vec<f32> = plane.iter().map(|value| -value).collect();
    maximum(&negative, size, radius).into_iter().map(|value| -value).collect()
}

fn separable(plane: &[f32], size: Size, filter: impl Fn(&[f32]) -> Vec<f32>) -> Vec<f32> {
    let rows: Vec<f32> = plane.chunks_exact(size.width).flat_map(&filter).collect();
    let mut filtered = vec![0.0; plane.len()];
    let mut column = Vec::with_capacity(size.height);
    for x in 0..size.width {
        column.clear();
        column.extend(rows.iter().skip(x).step_by(size.width));
        for (target, value) in filtered.iter_mut().skip(x).step_by(size.width).zip(filter(&column)) {
            *target = value;
        }
    }
    filtered
}

fn running_maximum(line: &[f32], radius: usize) -> Vec<f32> {
    // Indices of values that no later value exceeds: the first is the maximum.
    let mut candidates: VecDeque<usize> = VecDeque::new();
    let mut next = 0;
    (0..line.len())
        .map(|index| {
            while next < line.len() && next <= index + radius {
                while candidates.back().is_some_and(|&last| line[last] <= line[next]) {
                    candidates.pop_back();
                }
                candidates.push_back(next);
                next += 1;
            }
            while candidates.front().is_some_and(|&first| first + radius < index) {
                candidates.pop_front();
            }
            candidates.front().map_or(0.0, |&first| line[first])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Size = Size { width: 6, height: 1 };

    #[test]
    fn windows_end_at_the_edge() {
        let line = [1.0, 5.0, 2.0, 0.0, 0.0, 3.0];
        assert_eq!(maximum(&line, LINE, 1), [5.0, 5.0, 5.0, 2.0, 3.0, 3.0]);
        assert_eq!(minimum(&line, LINE, 1), [1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(mean(&[3.0, 0.0, 0.0, 6.0, 0.0, 0.0], LINE, 1), [2.0, 1.0, 2.0, 2.0, 2.0, 0.0]);
        assert_eq!(mean(&[7.0; 6], LINE, 40), [7.0; 6]);
    }

    #[test]
    fn both_axes_are_filtered() {
        let mut plane = [0.0; 25];
        plane[12] = 9.0;
        let size = Size::square(5);
        assert_eq!(mean(&plane, size, 1).iter().filter(|&&value| value > 0.9).count(), 9);
        assert_eq!(maximum(&plane, size, 1).iter().filter(|&&value| value > 8.0).count(), 9);
    }
}
