//! Draws the sweep: the loss over the learning rate, whose axis is logarithmic.

use pinhole_protocol::TriedRate;

use crate::components::chart::{Margins, Point, Scale, Sheet};

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sweep {
    /// In the order tried.
    pub tried: Vec<TriedRate>,
    /// Where to begin.
    pub suggestion: Option<f32>,
}

impl Sweep {
    /// Losses worth room on the axis: where it blows up at the end, the curve may leave the chart.
    fn losses(&self) -> impl Iterator<Item = f64> {
        const MOST: f32 = 1.5;
        let limit = self.tried.first().map_or(f32::INFINITY, |first| first.loss + (MOST - 1.0) * first.loss.abs());
        self.tried.iter().map(|tried| tried.loss).filter(move |loss| *loss <= limit).map(f64::from)
    }

    /// The tried rates' ends.
    fn ends(&self) -> (f64, f64) {
        let rates = || self.tried.iter().map(|tried| f64::from(tried.learning_rate));
        let (low, high) = rates().fold((f64::INFINITY, 0.0_f64), |(low, high), rate| (low.min(rate), high.max(rate)));
        if low < high { (low, high) } else { (1e-6, 1.0) }
    }
}

/// Draws it.
pub fn draw(sheet: &Sheet, sweep: &Sweep) {
    let margins = Margins::default();
    let (low, high) = sweep.ends();
    let across = Scale::between(low, high, true, margins.left, sheet.width - margins.right);
    let up = Scale::fit(sweep.losses(), false, sheet.height - margins.bottom, margins.top);
    sheet.rules(up, 4, margins);
    sheet.below(across, 6, "learning rate", margins);
    if let Some(x) = sweep.suggestion.and_then(|rate| across.pixel(rate.into())) {
        sheet.line("--curve-validation", 2.0, (x, margins.top), (x, sheet.height - margins.bottom));
    }
    let place = |tried: &TriedRate| -> Option<Point> {
        across.pixel(tried.learning_rate.into()).zip(up.pixel(tried.loss.into()))
    };
    sheet.polyline("--curve-training", 2.0, sweep.tried.iter().filter_map(place));
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_blown_up_loss_does_not_flatten_the_rest() {
        let tried = [(1e-5, 0.2), (1e-3, 0.1), (1.0, 50.0), (10.0, f32::NAN)];
        let tried = tried.map(|(learning_rate, loss)| TriedRate { learning_rate, loss }).into();
        let sweep = Sweep { tried, suggestion: None };
        assert!(sweep.losses().all(|loss| loss <= 0.3));
        assert_eq!(sweep.losses().count(), 2);
        let (low, high) = sweep.ends();
        assert!((low / 1e-5 - 1.0).abs() < 1e-6 && (high / 10.0 - 1.0).abs() < 1e-6, "{low} {high}");
        assert!(Sweep::default().ends().0 > 0.0, "a logarithmic axis ends above 0");
    }
}
