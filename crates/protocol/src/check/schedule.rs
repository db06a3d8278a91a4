//! Whether every setting of training is in range.

use super::{LIMITS, SpecError, demand};
use crate::{LearningRateSchedule, Optimiser, Schedule};

/// Longest growth of a round of restarts: more leaves a single one, whatever the run.
const MOST_GROWTH: usize = 100;

pub(super) fn check(schedule: &Schedule) -> Result<(), SpecError> {
    check_length(schedule)?;
    check_steps(schedule)?;
    check_learning_rate(schedule.learning_rate_schedule)?;
    let augmentation = schedule.augmentation;
    let is_mild = (0.0..=32.0).contains(&augmentation.shift_px)
        && (0.0..=180.0).contains(&augmentation.rotation_degrees)
        && (0.0..=32.0).contains(&augmentation.elastic_px);
    demand(is_mild, "schedule.augmentation", || {
        "shift by up to 32 pixels, rotate by up to 180 degrees, distort by up to 32 pixels".into()
    })
}

fn check_length(schedule: &Schedule) -> Result<(), SpecError> {
    demand((1..=LIMITS.epochs).contains(&schedule.epochs), "schedule.epochs", || {
        format!("train for 1 to {} epochs", LIMITS.epochs)
    })?;
    demand((1..=LIMITS.images).contains(&schedule.batch_size), "schedule.batch_size", || {
        format!("let a batch have 1 to {} images", LIMITS.images)
    })?;
    demand((1..=1_000).contains(&schedule.accumulated_batches), "schedule.accumulated_batches", || {
        "let 1 to 1000 batches make a step".into()
    })?;
    demand((0.0..=0.5).contains(&schedule.validation_share), "schedule.validation_share", || {
        "hold out 0 to half of the images to validate".into()
    })?;
    demand(
        schedule.early_stopping.is_none_or(|stopping| stopping.patience_epochs >= 1 && schedule.validation_share > 0.0),
        "schedule.early_stopping",
        || "early stopping needs a patience of at least 1 epoch and some images to validate on".into(),
    )
}

fn check_steps(schedule: &Schedule) -> Result<(), SpecError> {
    demand(schedule.learning_rate > 0.0 && schedule.learning_rate <= 1000.0, "schedule.learning_rate", || {
        "the learning rate must be above 0 (0.001 is a good start)".into()
    })?;
    demand((0.0..=0.5).contains(&schedule.warm_up_share), "schedule.warm_up_share", || {
        "warm up over 0 to half of the steps".into()
    })?;
    demand((0.0..=1.0).contains(&schedule.weight_decay), "schedule.weight_decay", || {
        "weight decay must be from 0 to 1".into()
    })?;
    let is_limit = |limit: f32| limit > 0.0 && limit.is_finite();
    demand(schedule.gradient_clip_norm.is_none_or(is_limit), "schedule.gradient_clip_norm", || {
        "the gradient's longest norm must be above 0".into()
    })?;
    demand(schedule.gradient_clip_value.is_none_or(is_limit), "schedule.gradient_clip_value", || {
        "the gradient's largest value must be above 0".into()
    })?;
    demand(schedule.moving_average.is_none_or(|decay| (0.0..1.0).contains(&decay)), "schedule.moving_average", || {
        "a moving average keeps 0 to less than all of what it was (0.99 is a good start)".into()
    })?;
    let rates = schedule.part_rates;
    let is_factor = |factor: f32| (0.0..=100.0).contains(&factor);
    demand(is_factor(rates.encoder) && is_factor(rates.decoder), "schedule.part_rates", || {
        "a part learns at 0 (frozen) to 100 times the learning rate".into()
    })?;
    demand(rates.encoder > 0.0 || rates.decoder > 0.0, "schedule.part_rates", || {
        "with encoder and decoder both frozen nothing is left to learn: let one of them learn".into()
    })?;
    demand(
        !matches!(schedule.optimiser, Optimiser::Sgd { momentum } if !(0.0..1.0).contains(&momentum)),
        "schedule.optimiser",
        || "momentum must be from 0 to below 1 (0.9 is a good start)".into(),
    )
}

fn check_learning_rate(schedule: LearningRateSchedule) -> Result<(), SpecError> {
    const FIELD: &str = "schedule.learning_rate_schedule";
    let is_count = |epochs| (1..=LIMITS.epochs).contains(&epochs);
    let is_cut = |factor: f32| factor > 0.0 && factor <= 1.0;
    match schedule {
        LearningRateSchedule::Constant | LearningRateSchedule::Cosine => Ok(()),
        LearningRateSchedule::CosineRestarts { first_epochs, factor } => {
            demand(is_count(first_epochs) && (1..=MOST_GROWTH).contains(&factor), FIELD, || {
                format!(
                    "the first round needs 1 to {} epochs, and the others a factor of 1 to {MOST_GROWTH}",
                    LIMITS.epochs
                )
            })
        }
        LearningRateSchedule::Step { every_epochs, factor } => {
            demand(is_count(every_epochs) && is_cut(factor), FIELD, || {
                format!("steps need 1 to {} epochs between them and a factor above 0 and at most 1", LIMITS.epochs)
            })
        }
        LearningRateSchedule::Exponential { factor } => {
            demand(is_cut(factor), FIELD, || "the factor of an epoch must be above 0 and at most 1".into())
        }
        LearningRateSchedule::Plateau { factor, patience_epochs } => {
            demand(is_count(patience_epochs) && factor > 0.0 && factor < 1.0, FIELD, || {
                format!("a plateau needs a patience of 1 to {} epochs and a factor between 0 and 1", LIMITS.epochs)
            })
        }
    }
}
