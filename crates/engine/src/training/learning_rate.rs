//! How the learning rate moves.

use pinhole_protocol::{LearningRateSchedule, Schedule};

/// The learning rate of step `step`, counted from 0 over the whole run.
pub fn learning_rate(schedule: &Schedule, step: usize, steps_per_epoch: usize) -> f64 {
    let warm_up_steps = f64::from(schedule.warm_up_share) * (schedule.epochs * steps_per_epoch) as f64;
    let start = f64::from(schedule.learning_rate) * ((step + 1) as f64 / warm_up_steps.max(1.0)).min(1.0);
    match schedule.learning_rate_schedule {
        LearningRateSchedule::Constant => start,
        LearningRateSchedule::Cosine => {
            let done = step as f64 / (schedule.epochs * steps_per_epoch) as f64;
            start * 0.5 * (1.0 + (std::f64::consts::PI * done).cos())
        }
        LearningRateSchedule::Step { every_epochs, factor } => {
            let cuts = step / steps_per_epoch / every_epochs;
            start * f64::from(factor).powi(i32::try_from(cuts).unwrap_or(i32::MAX))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(learning_rate_schedule: LearningRateSchedule, steps: &[usize]) -> Vec<f64> {
        let schedule = Schedule { learning_rate: 0.5, epochs: 4, learning_rate_schedule, ..Schedule::default() };
        steps.iter().map(|&step| learning_rate(&schedule, step, 10)).collect()
    }

    #[test]
    fn constant_stays() {
        assert_eq!(rates(LearningRateSchedule::Constant, &[0, 17, 39]), [0.5, 0.5, 0.5]);
    }

    #[test]
    fn cosine_falls_from_the_start_value_through_half_to_almost_nothing() {
        let [first, middle, last] = rates(LearningRateSchedule::Cosine, &[0, 20, 39])[..] else {
            panic!("three steps")
        };
        assert!((first - 0.5).abs() < 1e-12);
        assert!((middle - 0.25).abs() < 1e-12);
        assert!(last > 0.0 && last < 0.001);
    }

    #[test]
    fn a_warm_up_rises_evenly_to_the_start_value() {
        let schedule = Schedule { warm_up_share: 0.1, learning_rate: 0.5, epochs: 4, ..Schedule::default() };
        let rates = [0, 1, 2, 3, 4, 39].map(|step| learning_rate(&schedule, step, 10));
        for (rate, expected) in rates.into_iter().zip([0.125, 0.25, 0.375, 0.5, 0.5, 0.5]) {
            assert!((rate - expected).abs() < 1e-8, "{rate} is not {expected}");
        }
    }

    #[test]
    fn steps_cut_at_the_epochs_they_name() {
        let schedule = LearningRateSchedule::Step { every_epochs: 2, factor: 0.1 };
        let rates = rates(schedule, &[0, 19, 20, 39]);
        for (rate, expected) in rates.into_iter().zip([0.5, 0.5, 0.05, 0.05]) {
            assert!((rate - expected).abs() < 1e-8, "{rate} is not {expected}");
        }
    }
}
