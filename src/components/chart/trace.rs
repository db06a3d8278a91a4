//! A curve that may grow for hours, in points few enough to draw sixty times a second.

/// Most points of a curve; beyond, neighbours are merged.
const MOST_POINTS: usize = 2048;

/// A place on a curve.
pub type Point = (f64, f64);

/// The curve so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Single values, or the mean of some neighbours at the place of the last of them.
    points: Vec<Point>,
    /// Values merged into the newest point, and how many make it full.
    newest: usize,
    merge: usize,
}

impl Default for Trace {
    fn default() -> Self {
        Self { points: Vec::new(), newest: 0, merge: 1 }
    }
}

impl Trace {
    /// What is drawn.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Goes on to these places and values.
    pub fn extend<'a>(&mut self, places: impl IntoIterator<Item = (f64, &'a f32)>) {
        for (x, value) in places {
            self.push(x, f64::from(*value));
        }
    }

    fn push(&mut self, x: f64, value: f64) {
        match self.points.last_mut() {
            Some(last) if self.newest < self.merge => {
                self.newest += 1;
                last.0 = x;
                last.1 += (value - last.1) / self.newest as f64;
            }
            _ => {
                self.points.push((x, value));
                self.newest = 1;
            }
        }
        if self.points.len() > MOST_POINTS {
            self.halve();
        }
    }

    fn halve(&mut self) {
        self.points = self
            .points
            .chunks(2)
            .map(|pair| (pair[pair.len() - 1].0, pair.iter().map(|(_, value)| value).sum::<f64>() / pair.len() as f64))
            .collect();
        self.merge *= 2;
        self.newest = self.merge;
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
        assert!(trace.points.len() <= MOST_POINTS);
        assert!((trace.points.last().expect("points").0 - 9999.0).abs() < 1e-9);
        let mean = trace.points.iter().map(|(_, value)| value).sum::<f64>() / trace.points.len() as f64;
        assert!((mean - 4999.5).abs() < 10.0, "{mean}");
    }
}
