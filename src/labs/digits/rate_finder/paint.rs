//! Painting of the loss over the learning rate, on a logarithmic axis.

use pinhole_protocol::TriedRate;

use crate::components::chart::{ChartCanvas, Margins, Point, Scale};

/// Learning rates tried in a search, with their losses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sweep {
    /// In the order tried.
    pub tried: Vec<TriedRate>,
    /// Suggested learning rate.
    pub suggestion: Option<f32>,
}

impl Sweep {
    /// Losses that the axis has to show: where the loss explodes at the end, the curve may leave the chart.
    fn losses(&self) -> impl Iterator<Item = f64> {
        const MAX_INCREASE: f32 = 1.5;
        let limit =
            self.tried.first().map_or(f32::INFINITY, |first| first.loss + (MAX_INCREASE - 1.0) * first.loss.abs());
        self.tried.iter().map(|tried| tried.loss).filter(move |loss| *loss <= limit).map(f64::from)
    }

    /// Smallest and largest learning rate tried.
    fn range(&self) -> (f64, f64) {
        let rates = || self.tried.iter().map(|tried| f64::from(tried.learning_rate));
        let (low, high) = rates().fold((f64::INFINITY, 0.0_f64), |(low, high), rate| (low.min(rate), high.max(rate)));
        if low < high { (low, high) } else { (1e-6, 1.0) }
    }
}

/// Paints the curve and the suggestion.
pub fn draw(canvas: &ChartCanvas, sweep: &Sweep) {
    let margins = Margins::default();
    let (low, high) = sweep.range();
    let x_scale = Scale::between(low, high, true, margins.left, canvas.width - margins.right);
    let y_scale = Scale::fit(sweep.losses(), false, canvas.height - margins.bottom, margins.top);
    canvas.y_axis(y_scale, 4, margins);
    canvas.x_axis(x_scale, 6, "learning rate", margins);
    if let Some(x) = sweep.suggestion.and_then(|rate| x_scale.pixel(rate.into())) {
        canvas.line("--curve-validation", 2.0, (x, margins.top), (x, canvas.height - margins.bottom));
    }
    let to_pixels = |tried: &TriedRate| -> Option<Point> {
        x_scale.pixel(tried.learning_rate.into()).zip(y_scale.pixel(tried.loss.into()))
    };
    canvas.polyline("--curve-training", 2.0, sweep.tried.iter().filter_map(to_pixels));
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn an_exploding_loss_does_not_flatten_the_curve() {
        let tried = [(1e-5, 0.2), (1e-3, 0.1), (1.0, 50.0), (10.0, f32::NAN)];
        let tried = tried.map(|(learning_rate, loss)| TriedRate { learning_rate, loss }).into();
        let sweep = Sweep { tried, suggestion: None };
        assert!(sweep.losses().all(|loss| loss <= 0.3));
        assert_eq!(sweep.losses().count(), 2);
        let (low, high) = sweep.range();
        assert!((low / 1e-5 - 1.0).abs() < 1e-6 && (high / 10.0 - 1.0).abs() < 1e-6, "{low} {high}");
        assert!(Sweep::default().range().0 > 0.0, "a logarithmic axis ends above 0");
    }
}
