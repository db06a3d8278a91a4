//! An experiment that later code can trust.

use crate::{Activation, Corruption, Experiment, LearningRateSchedule, NetworkPlan, Noise, ReconstructionLoss};

/// What one setting was, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SpecError {
    /// Dotted name of the setting, such as `schedule.batch_size`.
    pub field: &'static str,
    /// One sentence for a person.
    pub message: String,
}

impl SpecError {
    /// An error about `field`.
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

/// Bounds that keep a run inside a browser tab's memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most weights: 16 M need 4 buffers (weights, gradients, Adam's two moments) of 64 MB each.
    pub parameters: usize,
    /// Most values that a batch may hold in one layer: 32 M floats are 128 MiB, WebGPU's default storage binding.
    pub batch_values: usize,
    /// Most images resident at once: 100,000 of 28x28 are 314 MB.
    pub images: usize,
    /// Most epochs.
    pub epochs: usize,
}

/// The bounds in force.
pub const LIMITS: Limits = Limits { parameters: 16_000_000, batch_values: 32_000_000, images: 100_000, epochs: 10_000 };

/// An experiment whose every setting is in range, with its network laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedExperiment {
    spec: Experiment,
    plan: NetworkPlan,
}

impl CheckedExperiment {
    /// The experiment as it was written.
    pub const fn spec(&self) -> &Experiment {
        &self.spec
    }

    /// Its layers.
    pub const fn plan(&self) -> &NetworkPlan {
        &self.plan
    }

    /// A warning where nothing keeps the network from learning to copy its input.
    pub fn identity_warning(&self) -> Option<&'static str> {
        let can_copy = self.plan.completeness() == crate::Completeness::Overcomplete;
        (can_copy && self.spec.objective.corruption.is_none()).then_some(
            "The code is at least as large as the input and nothing is corrupted: the network can learn to copy. \
             Add noise, or make the code smaller.",
        )
    }
}

impl Experiment {
    /// Checks every setting and lays out the network.
    ///
    /// # Errors
    /// The first setting that is out of range, with what to do about it.
    pub fn check(self) -> Result<CheckedExperiment, SpecError> {
        self.check_schedule()?;
        check_corruption(self.objective.corruption)?;
        if self.objective.loss == ReconstructionLoss::BinaryCrossEntropy
            && self.network.output_activation != Activation::Sigmoid
        {
            return Err(SpecError::new(
                "objective.loss",
                "binary cross-entropy reads the output as probabilities: let the network end in a sigmoid, or use the mean squared error",
            ));
        }
        if self.data.limit == Some(0) || self.data.limit.is_some_and(|limit| limit > LIMITS.images) {
            return Err(SpecError::new("data.limit", format!("use 1 to {} images", LIMITS.images)));
        }
        if !(0.0..=0.9).contains(&self.network.dropout) {
            return Err(SpecError::new("network.dropout", "dropout must be from 0 to 0.9 (0.2 is a good start)"));
        }
        let plan = self.network.plan()?;
        check_memory(&plan, self.schedule.batch_size)?;
        Ok(CheckedExperiment { spec: self, plan })
    }

    fn check_schedule(&self) -> Result<(), SpecError> {
        let schedule = &self.schedule;
        let demand =
            |holds: bool, field, message: String| if holds { Ok(()) } else { Err(SpecError::new(field, message)) };
        demand(
            (1..=LIMITS.epochs).contains(&schedule.epochs),
            "schedule.epochs",
            format!("train for 1 to {} epochs", LIMITS.epochs),
        )?;
        demand(schedule.batch_size >= 1, "schedule.batch_size", "a batch needs at least 1 image".into())?;
        demand(
            schedule.learning_rate > 0.0 && schedule.learning_rate <= 1000.0,
            "schedule.learning_rate",
            "the learning rate must be above 0 (0.001 is a good start)".into(),
        )?;
        demand(
            (0.0..=0.5).contains(&schedule.warm_up_share),
            "schedule.warm_up_share",
            "warm up over 0 to half of the steps".into(),
        )?;
        demand(
            (0.0..=1.0).contains(&schedule.weight_decay),
            "schedule.weight_decay",
            "weight decay must be from 0 to 1".into(),
        )?;
        demand(
            schedule.gradient_clip_norm.is_none_or(|norm| norm > 0.0 && norm.is_finite()),
            "schedule.gradient_clip_norm",
            "the gradient's longest norm must be above 0".into(),
        )?;
        demand(
            (0.0..=0.5).contains(&schedule.validation_share),
            "schedule.validation_share",
            "hold out 0 to half of the images to validate".into(),
        )?;
        demand(
            schedule
                .early_stopping
                .is_none_or(|stopping| stopping.patience_epochs >= 1 && schedule.validation_share > 0.0),
            "schedule.early_stopping",
            "early stopping needs a patience of at least 1 epoch and some images to validate on".into(),
        )?;
        if let LearningRateSchedule::Step { every_epochs, factor } = schedule.learning_rate_schedule {
            demand(
                every_epochs >= 1 && factor > 0.0 && factor <= 1.0,
                "schedule.learning_rate_schedule",
                "steps need at least 1 epoch between them and a factor above 0 and at most 1".into(),
            )?;
        }
        Ok(())
    }
}

fn check_corruption(corruption: Corruption) -> Result<(), SpecError> {
    if corruption.noise != Noise::None && !(0.0..=1.0).contains(&corruption.level) {
        return Err(SpecError::new("objective.corruption", "the noise level must be from 0 to 1"));
    }
    Ok(())
}

fn check_memory(plan: &NetworkPlan, batch_size: usize) -> Result<(), SpecError> {
    let parameters = plan.layers.iter().try_fold(0_usize, |sum, layer| {
        let weights = layer.input.len().checked_mul(layer.output.len())?;
        (weights < usize::MAX / 8).then(|| sum.checked_add(layer.parameters()))?
    });
    if parameters.is_none_or(|count| count > LIMITS.parameters) {
        return Err(SpecError::new(
            "network",
            format!(
                "this network has more than {} million weights, beyond a page's memory: use a smaller code or narrower layers",
                LIMITS.parameters / 1_000_000
            ),
        ));
    }
    if plan.widest().checked_mul(batch_size).is_none_or(|values| values > LIMITS.batch_values) {
        return Err(SpecError::new(
            "schedule.batch_size",
            format!(
                "a batch of {batch_size} does not fit in memory with this network: use at most {}",
                LIMITS.batch_values / plan.widest()
            ),
        ));
    }
    Ok(())
}
