//! Losses so far, in epochs, few enough to draw.

use pinhole_protocol::{EpochRecord, Progress};

use crate::parts::figures::fixed;

/// Most points of the step curve; beyond, neighbours are merged.
const MOST_POINTS: usize = 2048;

/// A point: epochs since the start, and the loss.
pub type Point = (f64, f64);

/// What the chart draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LossLog {
    /// Single steps, or the mean of some neighbours.
    pub steps: Vec<Point>,
    /// Finished epochs.
    pub epochs: Vec<EpochRecord>,
    /// Steps merged into the newest point, and how many make it full.
    newest: usize,
    merge: usize,
}

impl LossLog {
    /// Takes the losses of the newest steps.
    pub fn extend(&mut self, progress: &Progress) {
        let steps_per_epoch = (progress.steps as f64 / progress.epochs.max(1) as f64).max(1.0);
        let first = progress.step.saturating_sub(progress.recent_losses.len());
        for (index, loss) in progress.recent_losses.iter().enumerate() {
            self.push(((first + index + 1) as f64 / steps_per_epoch, f64::from(*loss)));
        }
    }

    /// Takes a finished epoch; one that is known is replaced.
    pub fn finish_epoch(&mut self, record: EpochRecord) {
        self.epochs.retain(|known| known.epoch < record.epoch);
        self.epochs.push(record);
    }

    /// Takes another model's history, unless it is the one drawn already.
    pub fn replace(&mut self, history: &[EpochRecord]) {
        if self.epochs != history {
            *self = Self { epochs: history.to_vec(), ..Self::default() };
        }
    }

    /// The validation curve.
    pub fn validation(&self) -> Vec<Point> {
        self.epochs
            .iter()
            .filter_map(|record| Some((record.epoch as f64, f64::from(record.validation_loss?))))
            .collect()
    }

    /// The mean training loss of each epoch.
    pub fn training(&self) -> Vec<Point> {
        self.epochs.iter().map(|record| (record.epoch as f64, f64::from(record.train_loss))).collect()
    }

    /// All of it as comma-separated values.
    pub fn to_csv(&self) -> String {
        let curves = [("step", &self.steps), ("training", &self.training()), ("validation", &self.validation())];
        let lines = curves.into_iter().flat_map(|(name, points)| {
            points.iter().map(move |(epoch, loss)| format!("{name},{},{}\n", fixed(*epoch, 4), fixed(*loss, 9)))
        });
        std::iter::once("curve,epoch,loss\n".to_owned()).chain(lines).collect()
    }

    fn push(&mut self, (epoch, loss): Point) {
        if self.merge == 0 {
            self.merge = 1;
        }
        match self.steps.last_mut() {
            Some(last) if self.newest < self.merge => {
                self.newest += 1;
                last.0 = epoch;
                last.1 += (loss - last.1) / self.newest as f64;
            }
            _ => {
                self.steps.push((epoch, loss));
                self.newest = 1;
            }
        }
        if self.steps.len() > MOST_POINTS {
            self.halve();
        }
    }

    fn halve(&mut self) {
        self.steps = self
            .steps
            .chunks(2)
            .map(|pair| (pair[pair.len() - 1].0, pair.iter().map(|(_, loss)| loss).sum::<f64>() / pair.len() as f64))
            .collect();
        self.merge *= 2;
        self.newest = self.merge;
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::TrainingPhase;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn progress(step: usize, recent_losses: Vec<f32>) -> Progress {
        Progress {
            phase: TrainingPhase::Running,
            epoch: 1,
            epochs: 2,
            step,
            steps: 200,
            recent_losses,
            images_per_s: 1.0,
            remaining_s: 1.0,
            learning_rate: 0.001,
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn steps_are_placed_by_their_epoch() {
        let mut log = LossLog::default();
        log.extend(&progress(2, vec![4.0, 2.0]));
        log.extend(&progress(50, vec![1.0]));
        assert_eq!(log.steps, [(0.01, 4.0), (0.02, 2.0), (0.5, 1.0)]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_long_run_stays_small_and_keeps_its_mean() {
        let mut log = LossLog::default();
        for index in 0..10_000 {
            log.push((f64::from(index), f64::from(index)));
        }
        assert!(log.steps.len() <= MOST_POINTS);
        assert!((log.steps.last().expect("points").0 - 9999.0).abs() < 1e-9);
        let mean = log.steps.iter().map(|(_, loss)| loss).sum::<f64>() / log.steps.len() as f64;
        assert!((mean - 4999.5).abs() < 10.0, "{mean}");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_known_history_does_not_wipe_the_steps() {
        let mut log = LossLog::default();
        let record = EpochRecord { epoch: 1, train_loss: 0.5, validation_loss: Some(0.4) };
        log.extend(&progress(1, vec![1.0]));
        log.finish_epoch(record);
        log.replace(&[record]);
        assert_eq!(log.steps.len(), 1);
        log.replace(&[EpochRecord { train_loss: 0.3, ..record }]);
        assert!(log.steps.is_empty());
        assert_eq!(log.validation(), [(1.0, f64::from(0.4_f32))]);
    }
}
