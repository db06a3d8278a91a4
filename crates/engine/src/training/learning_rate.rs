//! Learning-rate schedules, as PyTorch defines them.
//!
//! The learning rate of step t (from 0, of T in the whole run) is eta(t) = eta_0 s(t) w(t). Warm-up is linear over a share
//! p of all steps, w(t) = min(1, (t + 1) / (p T)), and multiplies every schedule. With e(t) the epochs done at step t and
//! gamma the schedule's factor:
//!
//! | schedule | s(t) |
//! |---|---|
//! | constant | 1 |
//! | cosine | (1 + cos(pi t / T)) / 2 |
//! | cosine restarts (SGDR, Loshchilov and Hutter 2017) | (1 + cos(pi t_i / T_i)) / 2, with t_i of T_i steps done in cycle i, T_(i+1) = gamma T_i |
//! | step | gamma^floor(floor(e) / every) |
//! | exponential | gamma^e, applied every step |
//! | plateau | gamma^n, n reductions so far |

use pinhole_numerics::learning_rate::{cosine, cosine_restarts, decay, plateau_reductions, warm_up};
use pinhole_protocol::{EpochRecord, LearningRateSchedule, Schedule};

/// Learning rate of step `step`, counted from 0 over the whole run. `history` holds the epochs before it: `Plateau`
/// depends on them and on nothing else, so that a resumed run continues with its own rate.
pub fn learning_rate(schedule: &Schedule, step: usize, steps_per_epoch: usize, history: &[EpochRecord]) -> f64 {
    let steps = schedule.epochs * steps_per_epoch;
    let epochs_done = step as f64 / steps_per_epoch as f64;
    let factor_of_schedule = match schedule.learning_rate_schedule {
        LearningRateSchedule::Constant => 1.0,
        LearningRateSchedule::Cosine => cosine(step as f64 / steps as f64),
        LearningRateSchedule::CosineRestarts { first_epochs, factor } => {
            cosine_restarts(step, first_epochs * steps_per_epoch, factor)
        }
        LearningRateSchedule::Step { every_epochs, factor } => {
            decay(factor, (step / steps_per_epoch / every_epochs) as f64)
        }
        LearningRateSchedule::Exponential { factor } => decay(factor, epochs_done),
        LearningRateSchedule::Plateau { factor, patience_epochs } => {
            decay(factor, plateau_reductions(history.iter().map(EpochRecord::selection_loss), patience_epochs) as f64)
        }
    };
    f64::from(schedule.learning_rate) * factor_of_schedule * warm_up(schedule.warm_up_share, step, steps)
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, sync::LazyLock};

    use serde::Deserialize;

    use super::*;

    const EPOCHS: usize = 8;
    const STEPS: usize = 10;

    #[derive(Deserialize)]
    struct Reference {
        validation_losses: Vec<f32>,
        #[serde(flatten)]
        rates: HashMap<String, Vec<f64>>,
    }

    static PYTORCH: LazyLock<Reference> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../tests/reference/learning_rates.json")).expect("a good file")
    });

    fn history(epochs: usize) -> Vec<EpochRecord> {
        (1..=epochs)
            .zip(&PYTORCH.validation_losses)
            .map(|(epoch, &loss)| EpochRecord { epoch, train_loss: 0.0, validation_loss: Some(loss) })
            .collect()
    }

    fn assert_agrees(name: &str, change: impl FnOnce(&mut Schedule)) {
        let mut schedule = Schedule { learning_rate: 0.5, epochs: EPOCHS, ..Schedule::default() };
        change(&mut schedule);
        for (step, expected) in PYTORCH.rates[name].iter().enumerate() {
            let rate = learning_rate(&schedule, step, STEPS, &history(step / STEPS));
            // Factors are stored as 32-bit floats.
            assert!((rate - expected).abs() < 1e-7, "{name}, step {step}: {rate} where PyTorch has {expected}");
        }
        assert_eq!(PYTORCH.rates[name].len(), EPOCHS * STEPS);
    }

    fn assert_schedule(name: &str, learning_rate_schedule: LearningRateSchedule) {
        assert_agrees(name, |schedule| schedule.learning_rate_schedule = learning_rate_schedule);
    }

    #[test]
    fn every_schedule_agrees_with_pytorch() {
        assert_schedule("cosine", LearningRateSchedule::Cosine);
        assert_schedule("cosine_restarts", LearningRateSchedule::CosineRestarts { first_epochs: 1, factor: 2 });
        assert_schedule("step", LearningRateSchedule::Step { every_epochs: 3, factor: 0.1 });
        assert_schedule("exponential", LearningRateSchedule::Exponential { factor: 0.7 });
        assert_schedule("plateau", LearningRateSchedule::Plateau { factor: 0.5, patience_epochs: 2 });
    }

    #[test]
    fn a_warm_up_is_linear_and_multiplies_the_schedule() {
        assert_agrees("warm_up", |schedule| schedule.warm_up_share = 0.1);
        assert_agrees("warm_up_then_exponential", |schedule| {
            schedule.warm_up_share = 0.1;
            schedule.learning_rate_schedule = LearningRateSchedule::Exponential { factor: 0.7 };
        });
    }

    #[test]
    fn a_constant_rate_is_constant() {
        let schedule = Schedule { learning_rate: 0.5, ..Schedule::default() };
        for step in [0, 17, 39] {
            assert!((learning_rate(&schedule, step, STEPS, &[]) - 0.5).abs() < 1e-12);
        }
    }
}
