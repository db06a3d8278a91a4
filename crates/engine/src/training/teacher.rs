//! A big model whose answers a smaller one learns (distillation, Hinton et al. 2015).

use pinhole_protocol::{Activation, CheckedExperiment, GridShape, ReconstructionLoss};

use crate::{EngineError, Model, network::Autoencoder, objective::Batch};

/// Answers for the student to learn.
pub(super) struct Teacher(Autoencoder);

impl Teacher {
    /// Takes `model` as a teacher of what `student` describes.
    ///
    /// # Errors
    /// When they do not read the same inputs, or the student cannot answer as the teacher does.
    pub fn new(model: &Model, student: &CheckedExperiment) -> Result<Self, EngineError> {
        let (theirs, ours) = (model.experiment.plan().input, student.plan().input);
        if theirs != ours {
            let message = format!(
                "The model in hand reads inputs of {} and cannot teach a network that reads {}: let both read the same.",
                describe(theirs),
                describe(ours)
            );
            return Err(EngineError::setting("network.input", message));
        }
        let is_bounded = model.experiment.spec().network.output_activation == Activation::Sigmoid;
        if student.spec().objective.loss == ReconstructionLoss::BinaryCrossEntropy && !is_bounded {
            return Err(EngineError::setting(
                "objective.loss",
                "Binary cross-entropy needs answers from 0 to 1, and the model in hand does not end in a sigmoid: let its student minimise the mean squared error.",
            ));
        }
        Ok(Self(model.network.clone()))
    }

    /// The same batch, to be answered as the teacher answers it.
    pub fn instruct(&self, batch: Batch) -> Batch {
        Batch { target: self.0.forward(batch.input.clone()), ..batch }
    }
}

fn describe(shape: GridShape) -> String {
    format!("{}x{}x{}", shape.channels, shape.height, shape.width)
}
