//! Plot of the loss over the learning rate, on a logarithmic axis.

use pinhole_protocol::TriedRate;

use crate::components::{
    chart::Scale,
    plot::{Axis, Plot, Series},
};

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

/// Loss over the learning rate, with the suggestion.
pub fn plot(sweep: &Sweep) -> Plot {
    let losses = Scale::fit(sweep.losses(), false, 0.0, 1.0);
    let points = sweep.tried.iter().map(|tried| (tried.learning_rate.into(), tried.loss.into())).collect();
    Plot {
        x: Axis { label: "learning rate", is_log: true, range: Some(sweep.range()) },
        y: Axis { label: "loss", is_log: false, range: Some(losses.range()) },
        series: vec![Series { name: "loss", colour: "--curve-training", width: 2.0, points, has_dots: false }],
        marked_x: sweep.suggestion.map(f64::from),
    }
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
