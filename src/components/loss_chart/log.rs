//! Loss curves of a run over epochs, in a bounded number of points.

use pinhole_protocol::{EpochRecord, Progress, Term};

use crate::components::{
    chart::{Point, Trace},
    format::fixed,
};

/// Quantity with a chart of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Term of the loss, unweighted.
    Term(Term),
    /// L2 norm of the gradient of all weights, before clipping.
    GradientNorm,
}

impl Quantity {
    /// Name on the page.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Term(term) => term.label(),
            Self::GradientNorm => "Gradient norm",
        }
    }
}

/// Curves that the charts paint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LossLog {
    /// Total loss of each step.
    pub steps: Trace,
    /// Terms of the loss and the gradient norm of each step.
    pub parts: Vec<(Quantity, Trace)>,
    /// Finished epochs.
    pub epochs: Vec<EpochRecord>,
}

impl LossLog {
    /// Appends the losses of the newest steps.
    pub fn extend(&mut self, progress: &Progress) {
        let epochs = || step_epochs(progress);
        self.steps.extend(epochs().zip(&progress.recent_losses));
        for of_term in &progress.recent_terms {
            self.part(Quantity::Term(of_term.term)).extend(epochs().zip(&of_term.values));
        }
        let gradient = epochs().zip(&progress.recent_losses).last().map(|(epoch, _)| (epoch, &progress.gradient_norm));
        self.part(Quantity::GradientNorm).extend(gradient);
    }

    fn part(&mut self, quantity: Quantity) -> &mut Trace {
        let known = self.parts.iter().position(|(known, _)| *known == quantity);
        let index = known.unwrap_or_else(|| {
            self.parts.push((quantity, Trace::default()));
            self.parts.len() - 1
        });
        &mut self.parts[index].1
    }

    /// Appends a finished epoch, in place of a known one of the same number or a later one.
    pub fn finish_epoch(&mut self, record: EpochRecord) {
        self.epochs.retain(|known| known.epoch < record.epoch);
        self.epochs.push(record);
    }

    /// Takes the history of another model, unless it is the one shown already.
    pub fn replace(&mut self, history: &[EpochRecord]) {
        if self.epochs != history {
            *self = Self { epochs: history.to_vec(), ..Self::default() };
        }
    }

    /// Validation loss of each epoch.
    pub fn validation(&self) -> Vec<Point> {
        self.epochs
            .iter()
            .filter_map(|record| Some((record.epoch as f64, f64::from(record.validation_loss?))))
            .collect()
    }

    /// Mean training loss of each epoch.
    pub fn training(&self) -> Vec<Point> {
        self.epochs.iter().map(|record| (record.epoch as f64, f64::from(record.train_loss))).collect()
    }

    /// All curves as CSV.
    pub fn to_csv(&self) -> String {
        let (training, validation) = (self.training(), self.validation());
        let of_loss = [("Loss", self.steps.points()), ("Training", &training), ("Validation", &validation)];
        let parts = self.parts.iter().map(|(quantity, trace)| (quantity.label(), trace.points()));
        let lines = of_loss.into_iter().chain(parts).flat_map(|(name, points)| {
            points.iter().map(move |(epoch, value)| format!("{name},{},{}\n", fixed(*epoch, 4), fixed(*value, 9)))
        });
        std::iter::once("curve,epoch,value\n".to_owned()).chain(lines).collect()
    }
}

/// Positions of the newest steps, in epochs since the start of the run.
fn step_epochs(progress: &Progress) -> impl Iterator<Item = f64> {
    let steps_per_epoch = (progress.steps as f64 / progress.epochs.max(1) as f64).max(1.0);
    let first = progress.step.saturating_sub(progress.recent_losses.len());
    (first + 1..).map(move |step| step as f64 / steps_per_epoch)
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::TermLosses;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::fixtures::progress;

    #[wasm_bindgen_test(unsupported = test)]
    fn steps_are_positioned_by_epoch() {
        let mut log = LossLog::default();
        log.extend(&progress(2, vec![4.0, 2.0]));
        log.extend(&progress(50, vec![1.0]));
        assert_eq!(log.steps.points(), [(0.01, 4.0), (0.02, 2.0), (0.5, 1.0)]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_known_history_keeps_the_steps() {
        let mut log = LossLog::default();
        let record = EpochRecord { epoch: 1, train_loss: 0.5, validation_loss: Some(0.4) };
        log.extend(&progress(1, vec![1.0]));
        log.finish_epoch(record);
        log.replace(&[record]);
        assert_eq!(log.steps.points().len(), 1);
        log.replace(&[EpochRecord { train_loss: 0.3, ..record }]);
        assert!(log.steps.points().is_empty());
        assert_eq!(log.validation(), [(1.0, f64::from(0.4_f32))]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn every_term_and_the_gradient_have_a_curve_of_their_own() {
        let mut log = LossLog::default();
        let of_term = |term, values: &[f32]| TermLosses { term, values: values.to_vec() };
        let recent_terms = vec![of_term(Term::Reconstruction, &[3.0, 1.5]), of_term(Term::Divergence, &[1.0, 0.5])];
        log.extend(&Progress { recent_terms, gradient_norm: 7.0, ..progress(2, vec![4.0, 2.0]) });
        let curves: Vec<_> = log.parts.iter().map(|(quantity, trace)| (quantity.label(), trace.points())).collect();
        let expected: [(&str, &[Point]); 3] = [
            ("Reconstruction", &[(0.01, 3.0), (0.02, 1.5)]),
            ("Divergence", &[(0.01, 1.0), (0.02, 0.5)]),
            ("Gradient norm", &[(0.02, 7.0)]),
        ];
        assert_eq!(curves, expected);
        assert!(log.to_csv().contains("Divergence,0.0200,0.500000000\n"));
        log.extend(&progress(2, Vec::new()));
        assert_eq!(log.parts[2].1.points().len(), 1, "without a step there is no gradient");
    }
}
