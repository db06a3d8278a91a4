//! Curve that grows step by step, merged to few enough points to be painted sixty times per second.

/// Largest number of points of a curve; beyond it neighbours are merged.
const MAX_POINTS: usize = 2048;

/// Point of a curve: x and y.
pub type Point = (f64, f64);

/// Curve with a bounded number of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Single values, or means of `values_per_point` neighbours at the x of the last of them.
    points: Vec<Point>,
    /// Number of values merged into the last point.
    values_in_last: usize,
    values_per_point: usize,
}

impl Default for Trace {
    fn default() -> Self {
        Self { points: Vec::new(), values_in_last: 0, values_per_point: 1 }
    }
}

impl Trace {
    /// Points to paint, in order.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Appends points, given as x and value.
    pub fn extend<'a>(&mut self, points: impl IntoIterator<Item = (f64, &'a f32)>) {
        for (x, value) in points {
            self.push(x, f64::from(*value));
        }
    }

    fn push(&mut self, x: f64, value: f64) {
        match self.points.last_mut() {
            Some(last) if self.values_in_last < self.values_per_point => {
                self.values_in_last += 1;
                last.0 = x;
                last.1 += (value - last.1) / self.values_in_last as f64;
            }
            _ => {
                self.points.push((x, value));
                self.values_in_last = 1;
            }
        }
        if self.points.len() > MAX_POINTS {
            self.merge_neighbours();
        }
    }

    fn merge_neighbours(&mut self) {
        self.points = self
            .points
            .chunks(2)
            .map(|pair| (pair[pair.len() - 1].0, pair.iter().map(|(_, value)| value).sum::<f64>() / pair.len() as f64))
            .collect();
        self.values_per_point *= 2;
        self.values_in_last = self.values_per_point;
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_long_run_stays_small_and_keeps_its_mean() {
        let mut trace = Trace::default();
        for index in 0..10_000 {
            trace.push(f64::from(index), f64::from(index));
        }
        assert!(trace.points.len() <= MAX_POINTS);
        assert!((trace.points.last().expect("points").0 - 9999.0).abs() < 1e-9);
        let mean = trace.points.iter().map(|(_, value)| value).sum::<f64>() / trace.points.len() as f64;
        assert!((mean - 4999.5).abs() < 10.0, "{mean}");
    }
}
