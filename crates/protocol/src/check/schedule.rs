//! Checks of the schedule: ranges of its settings.

use super::{LIMITS, SpecError, require};
use crate::{LearningRateSchedule, Optimiser, Schedule};

/// Largest ratio of the lengths of successive cycles: a larger one leaves a single cycle, whatever the run.
const MAX_RESTART_FACTOR: usize = 100;

pub(super) fn check(schedule: &Schedule) -> Result<(), SpecError> {
    check_length(schedule)?;
    check_steps(schedule)?;
    check_learning_rate(schedule.learning_rate_schedule)?;
    let augmentation = schedule.augmentation;
    let is_in_range = (0.0..=32.0).contains(&augmentation.shift_px)
        && (0.0..=180.0).contains(&augmentation.rotation_degrees)
        && (0.0..=32.0).contains(&augmentation.elastic_px);
    require(is_in_range, "schedule.augmentation", || {
        "shift by up to 32 pixels, rotate by up to 180 degrees, distort by up to 32 pixels".into()
    })
}

fn check_length(schedule: &Schedule) -> Result<(), SpecError> {
    require((1..=LIMITS.epochs).contains(&schedule.epochs), "schedule.epochs", || {
        format!("train for 1 to {} epochs", LIMITS.epochs)
    })?;
    require((1..=LIMITS.images).contains(&schedule.batch_size), "schedule.batch_size", || {
        format!("let a batch have 1 to {} images", LIMITS.images)
    })?;
    require((1..=1_000).contains(&schedule.accumulated_batches), "schedule.accumulated_batches", || {
        "let 1 to 1000 batches make a step".into()
    })?;
    require((0.0..=0.5).contains(&schedule.validation_share), "schedule.validation_share", || {
        "hold out 0 to half of the images to validate".into()
    })?;
    require(
        schedule.early_stopping.is_none_or(|stopping| stopping.patience_epochs >= 1 && schedule.validation_share > 0.0),
        "schedule.early_stopping",
        || "early stopping needs a patience of at least 1 epoch and some images to validate on".into(),
    )
}

fn check_steps(schedule: &Schedule) -> Result<(), SpecError> {
    require(schedule.learning_rate > 0.0 && schedule.learning_rate <= 1000.0, "schedule.learning_rate", || {
        "the learning rate must be above 0 and at most 1000 (0.001 is a good start)".into()
    })?;
    require((0.0..=0.5).contains(&schedule.warm_up_share), "schedule.warm_up_share", || {
        "warm up over 0 to half of the steps".into()
    })?;
    require((0.0..=1.0).contains(&schedule.weight_decay), "schedule.weight_decay", || {
        "weight decay must be from 0 to 1".into()
    })?;
    let is_limit = |limit: f32| limit > 0.0 && limit.is_finite();
    require(schedule.gradient_clip_norm.is_none_or(is_limit), "schedule.gradient_clip_norm", || {
        "the largest norm of a gradient must be above 0".into()
    })?;
    require(schedule.gradient_clip_value.is_none_or(is_limit), "schedule.gradient_clip_value", || {
        "the largest value of a gradient must be above 0".into()
    })?;
    require(
        schedule.moving_average.is_none_or(|decay| (0.0..1.0).contains(&decay)),
        "schedule.moving_average",
        || "the decay of a moving average must be from 0 to below 1 (0.99 is a good start)".into(),
    )?;
    let rates = schedule.part_rates;
    let is_factor = |factor: f32| (0.0..=100.0).contains(&factor);
    require(is_factor(rates.encoder) && is_factor(rates.decoder), "schedule.part_rates", || {
        "the factor of a part's learning rate must be from 0 (frozen) to 100".into()
    })?;
    require(rates.encoder > 0.0 || rates.decoder > 0.0, "schedule.part_rates", || {
        "encoder and decoder are both frozen, so that nothing is trained: train one of them".into()
    })?;
    require(
        !matches!(schedule.optimiser, Optimiser::Sgd { momentum } if !(0.0..1.0).contains(&momentum)),
        "schedule.optimiser",
        || "momentum must be from 0 to below 1 (0.9 is a good start)".into(),
    )
}

fn check_learning_rate(schedule: LearningRateSchedule) -> Result<(), SpecError> {
    const FIELD: &str = "schedule.learning_rate_schedule";
    let is_count = |epochs| (1..=LIMITS.epochs).contains(&epochs);
    let is_factor = |factor: f32| factor > 0.0 && factor <= 1.0;
    match schedule {
        LearningRateSchedule::Constant | LearningRateSchedule::Cosine => Ok(()),
        LearningRateSchedule::CosineRestarts { first_epochs, factor } => {
            require(is_count(first_epochs) && (1..=MAX_RESTART_FACTOR).contains(&factor), FIELD, || {
                format!(
                    "the first cycle needs 1 to {} epochs, and the following ones a factor of 1 to {MAX_RESTART_FACTOR}",
                    LIMITS.epochs
                )
            })
        }
        LearningRateSchedule::Step { every_epochs, factor } => {
            require(is_count(every_epochs) && is_factor(factor), FIELD, || {
                format!("steps need 1 to {} epochs between them and a factor above 0 and at most 1", LIMITS.epochs)
            })
        }
        LearningRateSchedule::Exponential { factor } => {
            require(is_factor(factor), FIELD, || "the factor per epoch must be above 0 and at most 1".into())
        }
        LearningRateSchedule::Plateau { factor, patience_epochs } => {
            require(is_count(patience_epochs) && factor > 0.0 && factor < 1.0, FIELD, || {
                format!("a plateau needs a patience of 1 to {} epochs and a factor between 0 and 1", LIMITS.epochs)
            })
        }
    }
}
