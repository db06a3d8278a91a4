//! Data that a model is evaluated on.

use std::rc::Rc;

use super::activity::ActiveRun;
use crate::{Model, latent::RunSamples, measure::HeldOut};

/// Held-out samples and the teacher of a model.
pub(super) struct EvaluationData {
    /// Samples that the model was not trained on.
    pub held_out: Rc<HeldOut>,
    /// All samples of its source, with those that it was trained on.
    pub samples: RunSamples,
    /// The teacher of a distilled model.
    pub teacher: Option<Model>,
}

impl EvaluationData {
    /// Evaluation data of the model that `active` trains.
    pub fn new(active: &ActiveRun) -> Self {
        Self {
            held_out: Rc::new(active.run.held_out().clone()),
            samples: active.samples.clone(),
            teacher: active.teacher.clone(),
        }
    }
}
